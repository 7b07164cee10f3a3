/** What a workflow can do for a user, by how complete the data are. */
export const WorkflowType = {
  /** Everything. */
  FULL_OPTIMIZATION: "full_optimization",
  /** What the data allow, with caveats. */
  MODIFIED_OPTIMIZATION: "modified_optimization",
  /** Ask for data first. */
  DATA_COLLECTION_FOCUS: "data_collection_focus",
} as const;

/** What a workflow can do for a user, by how complete the data are. */
export type WorkflowType = (typeof WorkflowType)[keyof typeof WorkflowType];
