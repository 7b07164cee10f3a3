/** How much is stopped when a test fails. */
export const FailFastStrategy = {
  /** The whole run, at once. */
  IMMEDIATE: "immediate",
  /** The rest of the category. */
  CATEGORY: "category",
  /** The rest of the layer. */
  LAYER: "layer",
  /** Nothing. */
  DISABLED: "disabled",
} as const;

/** How much is stopped when a test fails. */
export type FailFastStrategy = (typeof FailFastStrategy)[keyof typeof FailFastStrategy];
