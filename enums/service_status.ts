/** State of a service as its own checks see it. */
export const ServiceStatus = {
  /** It answers as it should. */
  HEALTHY: "healthy",
  /** It runs and does not answer as it should. */
  UNHEALTHY: "unhealthy",
  /** It is on its way up. */
  STARTING: "starting",
  /** It is on its way down. */
  STOPPING: "stopping",
  /** It is not there. */
  UNAVAILABLE: "unavailable",
  /** It answers, with something missing. */
  DEGRADED: "degraded",
  /** It is down on purpose. */
  MAINTENANCE: "maintenance",
  /** Nothing is known yet. */
  UNKNOWN: "unknown",
} as const;

/** State of a service as its own checks see it. */
export type ServiceStatus = (typeof ServiceStatus)[keyof typeof ServiceStatus];
