/** How much of what happened, over all users. */
export type IsolationCounts = Record<
  | "accepted"
  | "completed"
  | "failed"
  | "timed_out"
  | "cancelled"
  | "skipped"
  | "notAdmitted"
  | "interrupted"
  | "resumed"
  | "refused"
  | "intrusions"
  | "late"
  | "reclaimed",
  number
>;

/** Nothing has happened yet. */
export function newIsolationCounts(): IsolationCounts {
  return {
    accepted: 0,
    completed: 0,
    failed: 0,
    timed_out: 0,
    cancelled: 0,
    skipped: 0,
    notAdmitted: 0,
    interrupted: 0,
    resumed: 0,
    refused: 0,
    intrusions: 0,
    late: 0,
    reclaimed: 0,
  };
}
