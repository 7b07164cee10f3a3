/** Categories of tests that run end to end, in the background. */
export const E2ETestCategory = {
  /** User journeys in a browser, driven by Cypress. */
  CYPRESS: "cypress",
  /** User journeys through the whole system. */
  E2E: "e2e",
  /** Load and latency. */
  PERFORMANCE: "performance",
  /** The few journeys that must never break. */
  E2E_CRITICAL: "e2e_critical",
} as const;

/** Categories of tests that run end to end, in the background. */
export type E2ETestCategory = (typeof E2ETestCategory)[keyof typeof E2ETestCategory];
