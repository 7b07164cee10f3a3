/** How far a layer or a category has come. */
export const LayerExecutionStatus = {
  /** It waits for its turn. */
  PENDING: "pending",
  /** Its services are being checked and started. */
  STARTING: "starting",
  /** It runs. */
  RUNNING: "running",
  /** It runs in the background, and nobody waits for it. */
  BACKGROUND: "background",
  /** It ended well. */
  COMPLETED: "completed",
  /** It ended badly. */
  FAILED: "failed",
  /** It was not run. */
  SKIPPED: "skipped",
  /** It took longer than it may. */
  TIMEOUT: "timeout",
  /** Somebody called it off. */
  CANCELLED: "cancelled",
} as const;

/** How far a layer or a category has come. */
export type LayerExecutionStatus = (typeof LayerExecutionStatus)[keyof typeof LayerExecutionStatus];
