/** Where an agent's pipeline stands. */
export const PipelineStep = {
  /** It is being set up. */
  INITIALIZATION: "initialization",
  /** Its input is being checked. */
  VALIDATION: "validation",
  /** The agent works. */
  EXECUTION: "execution",
  /** Its result is being worked up. */
  PROCESSING: "processing",
  /** The result is being handed over. */
  COMPLETION: "completion",
  /** It ended with an error. */
  ERROR: "error",
  /** Somebody called it off. */
  CANCELLED: "cancelled",
} as const;

/** Where an agent's pipeline stands. */
export type PipelineStep = (typeof PipelineStep)[keyof typeof PipelineStep];
