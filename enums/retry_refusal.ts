/** Why something that failed is not tried again. */
export const RetryRefusal = {
  /** It has had all its attempts. */
  MAX_ATTEMPTS: "max_attempts",
  /** The budget has no retry left: so much fails that retrying would do harm. */
  BUDGET_EMPTY: "budget_empty",
} as const;

/** Why something that failed is not tried again. */
export type RetryRefusal = (typeof RetryRefusal)[keyof typeof RetryRefusal];
