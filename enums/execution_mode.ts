/** The occasion of a run, which chooses its layers. */
export const ExecutionMode = {
  /** Before or after a commit. */
  COMMIT: "commit",
  /** A pipeline of continuous integration. */
  CI: "ci",
  /** Every night. */
  NIGHTLY: "nightly",
  /** Once a week, with more time. */
  WEEKEND: "weekend",
  /** Somebody at work. */
  DEVELOPMENT: "development",
} as const;

/** The occasion of a run, which chooses its layers. */
export type ExecutionMode = (typeof ExecutionMode)[keyof typeof ExecutionMode];
