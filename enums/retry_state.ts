/** How often a node has had to retry lately. */
export const RetryState = {
  /** Few failures. */
  STABLE: "STABLE",
  /** More failures than usual. */
  ELEVATED: "ELEVATED",
  /** So many failures that retrying does harm. */
  CRITICAL: "CRITICAL",
  /** Nothing is known yet. */
  UNKNOWN: "UNKNOWN",
} as const;

/** How often a node has had to retry lately. */
export type RetryState = (typeof RetryState)[keyof typeof RetryState];
