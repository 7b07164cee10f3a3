/** How the categories of a layer are run. */
export const ExecutionStrategy = {
  /** One after the other. */
  SEQUENTIAL: "sequential",
  /** All at once. */
  PARALLEL_UNLIMITED: "parallel_unlimited",
  /** At once, up to the layer's limit. */
  PARALLEL_LIMITED: "parallel_limited",
  /** Groups one after the other, and what is inside a group at once, up to the layer's limit. */
  HYBRID_SMART: "hybrid_smart",
} as const;

/** How the categories of a layer are run. */
export type ExecutionStrategy = (typeof ExecutionStrategy)[keyof typeof ExecutionStrategy];
