/** How chance spreads the delays between attempts, so that callers do not come back all at once. */
export const RetryJitter = {
  /** Anything from nothing to the whole delay. */
  FULL: "full",
  /** Half of the delay, and a random part of the other half. */
  EQUAL: "equal",
  /** From the base delay to three times the delay before. */
  DECORRELATED: "decorrelated",
  /** The delay as it is. */
  NONE: "none",
} as const;

/** How chance spreads the delays between attempts, so that callers do not come back all at once. */
export type RetryJitter = (typeof RetryJitter)[keyof typeof RetryJitter];
