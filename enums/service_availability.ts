/** Whether a service can be used by a test run. */
export const ServiceAvailability = {
  /** It can. */
  AVAILABLE: "available",
  /** It cannot. */
  UNAVAILABLE: "unavailable",
  /** It can, with something missing. */
  DEGRADED: "degraded",
  /** Nobody has looked. */
  UNKNOWN: "unknown",
} as const;

/** Whether a service can be used by a test run. */
export type ServiceAvailability = (typeof ServiceAvailability)[keyof typeof ServiceAvailability];
