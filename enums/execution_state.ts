/** State of an agent's execution as the tracker sees it. */
export const ExecutionState = {
  /** It is registered and has not begun. */
  PENDING: "pending",
  /** It is being set up. */
  STARTING: "starting",
  /** It works. */
  RUNNING: "running",
  /** Its result is being handed over. */
  COMPLETING: "completing",
  /** It ended well. */
  COMPLETED: "completed",
  /** It ended with an error. */
  FAILED: "failed",
  /** It took longer than it may. */
  TIMEOUT: "timeout",
  /** Its heartbeats stopped. */
  DEAD: "dead",
  /** Somebody called it off. */
  CANCELLED: "cancelled",
} as const;

/** State of an agent's execution as the tracker sees it. */
export type ExecutionState = (typeof ExecutionState)[keyof typeof ExecutionState];
