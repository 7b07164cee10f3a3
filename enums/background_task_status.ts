/** How far a background task has come. `canTransition` says what may follow what. */
export const BackgroundTaskStatus = {
  /** Accepted; it waits for its turn. */
  QUEUED: "queued",
  /** Its services are being checked and its process started. */
  STARTING: "starting",
  /** Its process runs. */
  RUNNING: "running",
  /** Its process ended by itself. Final; the exit code says whether it succeeded. */
  COMPLETED: "completed",
  /** It could not start, or gave up after its last attempt. Final. */
  FAILED: "failed",
  /** Somebody called it off. Final. */
  CANCELLED: "cancelled",
  /** It took longer than it may. Final. */
  TIMEOUT: "timeout",
} as const;

/** How far a background task has come. `canTransition` says what may follow what. */
export type BackgroundTaskStatus = (typeof BackgroundTaskStatus)[keyof typeof BackgroundTaskStatus];
