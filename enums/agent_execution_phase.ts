/** What an agent is doing, finer than `ExecutionState`. */
export const AgentExecutionPhase = {
  /** Its execution is registered. */
  CREATED: "created",
  /** The way for its events to the user is being set up. */
  WEBSOCKET_SETUP: "websocket_setup",
  /** The user's context is being checked. */
  CONTEXT_VALIDATION: "context_validation",
  /** The agent starts. */
  STARTING: "starting",
  /** It reasons. */
  THINKING: "thinking",
  /** It prepares a call of a tool. */
  TOOL_PREPARATION: "tool_preparation",
  /** It waits for a language model. */
  LLM_INTERACTION: "llm_interaction",
  /** It waits for a tool. */
  TOOL_EXECUTION: "tool_execution",
  /** It works up its result. */
  RESULT_PROCESSING: "result_processing",
  /** It hands its result over. */
  COMPLETING: "completing",
  /** It ended well. */
  COMPLETED: "completed",
  /** It took longer than it may. */
  TIMEOUT: "timeout",
  /** It ended with an error. */
  FAILED: "failed",
  /** It was refused because the circuit breaker is open. */
  CIRCUIT_BREAKER_OPEN: "circuit_breaker_open",
} as const;

/** What an agent is doing, finer than `ExecutionState`. */
export type AgentExecutionPhase = (typeof AgentExecutionPhase)[keyof typeof AgentExecutionPhase];
