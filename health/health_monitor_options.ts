import type { Clock } from "../clock.ts";
import type { ComponentOptions } from "./component_options.ts";
import type { HealthSink } from "./health_event.ts";
import type { CircuitBreakerSource } from "./read_circuit.ts";

/** Whoever keeps a node's fallback mode, as far as a monitor reads it. */
export interface FallbackModeSource {
  /** The mode in force, in any letter case. */
  readonly mode: string;
  /**
   * The mode that the node would be in by its own judgement, if the keeper tells that apart: what it
   * votes with. A node that voted with the mode it was brought to could never vote its way back.
   */
  readonly ownMode?: string;
  /**
   * Tells the last changes of the mode, oldest first; without it the monitor notes what it sees.
   *
   * @param options How many, at most.
   * @returns The changes.
   */
  getTransitions?(options: { readonly limit: number }): readonly unknown[];
}

/** Options of {@link HealthMonitor}. */
export interface HealthMonitorOptions {
  /**
   * Components that are watched from the start.
   *
   * @default []
   */
  readonly components?: readonly ComponentOptions[];
  /**
   * How many components there may be, from 1 to 10,000; more are refused.
   *
   * @default 1_000
   */
  readonly componentsMax?: number;
  /**
   * The node's circuit breaker, which the document then tells of.
   *
   * @default none: the document says `UNKNOWN`
   */
  readonly circuitBreaker?: CircuitBreakerSource;
  /**
   * Keeps the node's fallback mode, which the document then tells.
   *
   * @default none: the document tells the mode that the node would choose for itself
   */
  readonly fallbackManager?: FallbackModeSource;
  /**
   * Who hears of looks and changes.
   *
   * @default []
   */
  readonly sinks?: readonly HealthSink[];
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

/** How a {@link HealthMonitor} itself fares: not the health that it tells. Keys are wire keys. */
export interface HealthMonitorMetrics {
  /** Whether it runs. */
  readonly running: boolean;
  /** How many components it watches. */
  readonly components: number;
  /** Looks and reports since it was made. */
  readonly observations_total: number;
  /** Changes of a component's status since it was made. */
  readonly changes_total: number;
  /** Faults of sinks, of the circuit breaker's reader, of the mode's keeper, and of `stop` of checks. */
  readonly faults_total: number;
  /** Events that a sink did not get, because too many before it were still pending. */
  readonly drops_total: number;
  /** The last fault, as text; null when there was none. */
  readonly last_fault: string | null;
}
