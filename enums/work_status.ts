/** Where an item of work stands. */
export const WorkStatus = {
  /** Acknowledged and with nobody: in backoff, or no member fits. */
  WAITING: "waiting",
  /** Assigned to a member that has not begun it. */
  READY: "ready",
  /** A member works on it. */
  CLAIMED: "claimed",
  /** Done; its result is recorded. */
  COMPLETED: "completed",
  /** Given up after its last attempt, until somebody drives it again. */
  DEAD: "dead",
} as const;

/** Where an item of work stands. */
export type WorkStatus = (typeof WorkStatus)[keyof typeof WorkStatus];
