/** How far a whole run has come. */
export const OrchestrationStatus = {
  /** It is being planned. */
  INITIALIZING: "initializing",
  /** The services it needs are being started. */
  STARTING_SERVICES: "starting_services",
  /** Layers run. */
  EXECUTING_LAYERS: "executing_layers",
  /** Only background layers still run. */
  BACKGROUND_RUNNING: "background_running",
  /** Results are being gathered. */
  COMPLETING: "completing",
  /** It ended well. */
  COMPLETED: "completed",
  /** It ended badly. */
  FAILED: "failed",
  /** Somebody called it off. */
  CANCELLED: "cancelled",
} as const;

/** How far a whole run has come. */
export type OrchestrationStatus = (typeof OrchestrationStatus)[keyof typeof OrchestrationStatus];
