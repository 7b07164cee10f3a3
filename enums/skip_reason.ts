/** Why a step of a workflow was not run. */
export const SkipReason = {
  /** A step that it depends on did not end well. */
  DEPENDENCY: "dependency",
  /** Its condition does not hold. */
  CONDITION: "condition",
  /** Its condition could not be asked: it threw, or did not answer true or false. */
  CONDITION_FAILED: "condition_failed",
  /** A step failed, and the workflow stops at the first that does. */
  STRICT_STOP: "strict_stop",
  /** The run was called off. */
  CANCELLED: "cancelled",
} as const;

/** Why a step of a workflow was not run. */
export type SkipReason = (typeof SkipReason)[keyof typeof SkipReason];
