/** What an orchestrator runs. */
export const OrchestrationMode = {
  /** The fast layer alone. */
  FAST_FEEDBACK: "fast_feedback",
  /** All layers. */
  NIGHTLY: "nightly",
  /** The background layer alone. */
  BACKGROUND: "background",
  /** The first layers in the foreground, the background layer beside them. */
  HYBRID: "hybrid",
  /** Categories without layers. */
  LEGACY: "legacy",
  /** The layers that the caller names. */
  CUSTOM: "custom",
} as const;

/** What an orchestrator runs. */
export type OrchestrationMode = (typeof OrchestrationMode)[keyof typeof OrchestrationMode];
