/** How important a log record is, as configuration files spell it. */
export const LogLevel = {
  /** Every step. */
  TRACE: "TRACE",
  /** For whoever looks for a fault. */
  DEBUG: "DEBUG",
  /** Worth knowing. */
  INFO: "INFO",
  /** Something looks wrong. */
  WARNING: "WARNING",
  /** Something failed. */
  ERROR: "ERROR",
  /** The process cannot go on. */
  CRITICAL: "CRITICAL",
} as const;

/** How important a log record is, as configuration files spell it. */
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];
