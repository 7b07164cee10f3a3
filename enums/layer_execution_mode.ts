/** How a layer file says that the categories of one layer run. */
export const LayerExecutionMode = {
  /** One after the other. */
  SEQUENTIAL: "sequential",
  /** At once. */
  PARALLEL: "parallel",
  /** Groups of equal priority one after the other, and what is inside a group at once. */
  HYBRID: "hybrid",
} as const;

/** How a layer file says that the categories of one layer run. */
export type LayerExecutionMode = (typeof LayerExecutionMode)[keyof typeof LayerExecutionMode];
