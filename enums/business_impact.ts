/** How much it matters that data changed on their way from step to step, the worst first. */
export const BusinessImpact = {
  /** Numbers that are about money changed. */
  CRITICAL: "CRITICAL",
  /** Other data that the user relies on changed. */
  HIGH: "HIGH",
  /** Something is missing. */
  MEDIUM: "MEDIUM",
  /** Nothing that was there changed. */
  LOW: "LOW",
} as const;

/** How much it matters that data changed on their way from step to step, the worst first. */
export type BusinessImpact = (typeof BusinessImpact)[keyof typeof BusinessImpact];
