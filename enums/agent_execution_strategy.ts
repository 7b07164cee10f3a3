/** How the agents of a workflow follow each other. */
export const AgentExecutionStrategy = {
  /** One after the other. */
  SEQUENTIAL: "sequential",
  /** At once. */
  PARALLEL: "parallel",
  /** Each depends on what the ones before it found. */
  CONDITIONAL: "conditional",
} as const;

/** How the agents of a workflow follow each other. */
export type AgentExecutionStrategy =
  (typeof AgentExecutionStrategy)[keyof typeof AgentExecutionStrategy];
