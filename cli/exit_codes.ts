/** What the commands tell whoever started them. */
export const ExitCode = {
  /** All went well. */
  OK: 0,
  /** The checked thing failed: leadership was lost, or something unforeseen happened. */
  FAILED: 1,
  /** Wrong usage or configuration, an instance id that is taken included. */
  USAGE: 2,
  /** The store cannot be reached, opened, read or written. */
  STORE: 3,
  /** Deno KV is switched off. */
  KV_MISSING: 69,
  /** Somebody else leads, or nobody does: try again. */
  TRY_AGAIN: 75,
  /** Leadership did not come in time. */
  TIMED_OUT: 124,
  /** The command to run is not executable. */
  NOT_EXECUTABLE: 126,
  /** The command to run does not exist. */
  NOT_FOUND: 127,
  /** Ended by SIGHUP: the terminal is gone. */
  HUNG_UP: 129,
  /** Ended by SIGINT, which Ctrl-C sends. */
  INTERRUPTED: 130,
  /** Ended by SIGTERM. */
  TERMINATED: 143,
} as const;

/** What the commands tell whoever started them. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
