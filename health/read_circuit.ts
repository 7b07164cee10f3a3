import { canonical } from "../enums/canonical.ts";
import { CircuitState } from "../enums/circuit_state.ts";
import { UnknownEnumValueError } from "../enums/parse_enum_value.ts";
import { showValue } from "../enums/show_value.ts";
import type { HealthState } from "./health_state.ts";

/** What a health document says about a circuit breaker. Keys are wire keys. */
export type CircuitReport = NonNullable<HealthState["circuit_breaker"]>;

/** A circuit breaker, as far as a monitor reads it. */
export interface CircuitBreakerSource {
  /**
   * Says how it stands.
   *
   * @returns The keys of the document's `circuit_breaker`; others are left out.
   */
  getMetrics(): CircuitReport;
}

/** A circuit breaker as a monitor read it. */
export interface CircuitReading {
  /** What the document says; state `ERROR` when the breaker could not be read. */
  readonly report: CircuitReport;
  /** The state; unknown when the breaker could not be read. */
  readonly state: CircuitState;
  /** Why it could not be read; null when it could. */
  readonly fault: unknown;
}

const NOTHING = {
  available: false,
  open_duration_seconds: 0,
  failures_total: 0,
  successes_total: 0,
  trips_total: 0,
  consecutive_failures: 0,
} as const;

/**
 * Reads a circuit breaker. Never throws.
 *
 * @param breaker The breaker; null when there is none.
 * @returns The reading, with the state in its canonical spelling.
 */
export function readCircuit(breaker: CircuitBreakerSource | null): CircuitReading {
  const unknown = CircuitState.UNKNOWN;
  if (breaker === null) {
    return { report: { ...NOTHING, state: unknown }, state: unknown, fault: null };
  }
  try {
    const told = breaker.getMetrics();
    const state = canonical(CircuitState, told.state);
    if (state === undefined) {
      throw new UnknownEnumValueError("CircuitState", told.state, Object.values(CircuitState));
    }
    return { report: { ...pick({ available: true, ...told }), state }, state, fault: null };
  } catch (fault) {
    return { report: { ...NOTHING, state: "ERROR" }, state: unknown, fault };
  }
}

/** A breaker may tell more than the document has room for, and be of anybody's making. */
function pick(told: CircuitReport): CircuitReport {
  const keys = Object.keys(NOTHING) as (keyof typeof NOTHING)[];
  const entries = keys.map((key) => [key, told[key] ?? NOTHING[key]] as const);
  const wrong = entries.find(([key, value]) => typeof value !== typeof NOTHING[key]);
  if (wrong !== undefined) {
    throw new TypeError(`A circuit breaker's ${wrong[0]} must not be ${showValue(wrong[1])}`);
  }
  return Object.fromEntries(entries);
}
