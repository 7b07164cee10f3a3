/** The smallest thing whose progress is tracked. */
export const ProgressGranularity = {
  /** A layer. */
  LAYER: "layer",
  /** A category. */
  CATEGORY: "category",
  /** A single test. */
  TEST: "test",
} as const;

/** The smallest thing whose progress is tracked. */
export type ProgressGranularity = (typeof ProgressGranularity)[keyof typeof ProgressGranularity];
