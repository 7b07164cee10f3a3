/** Health of a node as a whole. */
export const SystemStatus = {
  /** Every component works. */
  HEALTHY: "HEALTHY",
  /** It works, with something missing. */
  DEGRADED: "DEGRADED",
  /** At least one component has failed. */
  FAILED: "FAILED",
  /** Nothing is known yet. */
  UNKNOWN: "UNKNOWN",
} as const;

/** Health of a node as a whole. */
export type SystemStatus = (typeof SystemStatus)[keyof typeof SystemStatus];
