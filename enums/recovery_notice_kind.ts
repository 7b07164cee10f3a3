/** What people are told of recovery: the names that `slack_events` lists. */
export const RecoveryNoticeKind = {
  /** An action ran. */
  ACTION_EXECUTED: "recovery_action_executed",
  /** An action failed. */
  ACTION_FAILED: "recovery_action_failed",
  /** The same step failed as often as is taken for a reason to escalate. */
  MULTIPLE_FAILURES: "multiple_failures_detected",
  /** Safe mode was entered. */
  SAFE_MODE_ENTERED: "safe_mode_entered",
  /** A step was taken because the one before it failed. */
  ESCALATION_TRIGGERED: "escalation_triggered",
  /** Safe mode was not entered, as it had been too often. */
  SAFE_MODE_LIMIT: "safe_mode_limit_reached",
  /** An action is left alone for a while, as it does not help. */
  ACTION_FROZEN: "recovery_action_frozen",
  /** An action asks for people: an alert. */
  ALERT: "alert",
} as const;

/** What people are told of recovery: the names that `slack_events` lists. */
export type RecoveryNoticeKind = (typeof RecoveryNoticeKind)[keyof typeof RecoveryNoticeKind];
