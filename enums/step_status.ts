/** How a step of a workflow ended. */
export const StepStatus = {
  /** It ended well. */
  COMPLETED: "completed",
  /** It ended with an error. */
  FAILED: "failed",
  /** It took longer than it may. */
  TIMED_OUT: "timed_out",
  /** Somebody called it off while it ran. */
  CANCELLED: "cancelled",
  /** It was not run. */
  SKIPPED: "skipped",
} as const;

/** How a step of a workflow ended. */
export type StepStatus = (typeof StepStatus)[keyof typeof StepStatus];
