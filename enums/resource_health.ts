/** How much of a machine's resource is left. */
export const ResourceHealth = {
  /** Plenty. */
  HEALTHY: "healthy",
  /** Getting short. */
  WARNING: "warning",
  /** As good as gone. */
  CRITICAL: "critical",
  /** It could not be measured, or measuring it is not permitted. */
  UNKNOWN: "unknown",
} as const;

/** How much of a machine's resource is left. */
export type ResourceHealth = (typeof ResourceHealth)[keyof typeof ResourceHealth];
