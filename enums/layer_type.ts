/** The standard layers, from the fastest to the slowest. */
export const LayerType = {
  /** Seconds to minutes; needs no services. */
  FAST_FEEDBACK: "fast_feedback",
  /** The parts of the system, each with the stores it uses. */
  CORE_INTEGRATION: "core_integration",
  /** The services with each other, agents included. */
  SERVICE_INTEGRATION: "service_integration",
  /** The whole system; so slow that it runs in the background. */
  E2E_BACKGROUND: "e2e_background",
} as const;

/** The standard layers, from the fastest to the slowest. */
export type LayerType = (typeof LayerType)[keyof typeof LayerType];
