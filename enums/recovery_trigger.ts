/** What recovery acts upon. */
export const RecoveryTrigger = {
  /** The node's health passed a threshold. */
  HEALTH_CHECK: "health_check",
  /** Somebody told of an anomaly. */
  ANOMALY: "anomaly",
  /** Somebody asked for an action. */
  MANUAL_TRIGGER: "manual_trigger",
} as const;

/** What recovery acts upon. */
export type RecoveryTrigger = (typeof RecoveryTrigger)[keyof typeof RecoveryTrigger];
