/** State of a circuit breaker as health documents and votes spell it. */
export const CircuitState = {
  /** Calls pass. */
  CLOSED: "CLOSED",
  /** A few probing calls pass. */
  HALF_OPEN: "HALF_OPEN",
  /** Calls are refused. */
  OPEN: "OPEN",
  /** There is no breaker, or it could not be read. */
  UNKNOWN: "UNKNOWN",
} as const;

/** State of a circuit breaker as health documents and votes spell it. */
export type CircuitState = (typeof CircuitState)[keyof typeof CircuitState];
