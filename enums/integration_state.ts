/** How far a component is connected with the others. */
export const IntegrationState = {
  /** Nothing was done yet. */
  UNINITIALIZED: "uninitialized",
  /** It is being connected. */
  INITIALIZING: "initializing",
  /** It is connected. */
  ACTIVE: "active",
  /** It is connected, with something missing. */
  DEGRADED: "degraded",
  /** It could not be connected. */
  FAILED: "failed",
} as const;

/** How far a component is connected with the others. */
export type IntegrationState = (typeof IntegrationState)[keyof typeof IntegrationState];
