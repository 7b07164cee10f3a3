import type { Clock } from "../clock.ts";
import type { CircuitState } from "../enums/circuit_state.ts";
import type { CircuitBreakerLimits } from "./circuit_breaker_limits.ts";
import type { CircuitBreakerSnapshot } from "./circuit_breaker_snapshot.ts";
import type { ManualOpening } from "./circuit_breaker_state.ts";

/** Options of a circuit breaker. */
export interface CircuitBreakerOptions extends CircuitBreakerLimits {
  /**
   * Which errors say that what was called is unwell; others count as successes, such as an answer
   * "not found". One that throws counts as true, and as a fault of a listener.
   *
   * @default every error
   */
  readonly isFailure?: (error: unknown) => boolean;
  /**
   * What an earlier breaker exported.
   *
   * @default none: closed, with nothing counted
   */
  readonly initialState?: CircuitBreakerSnapshot;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Chance in [0, 1).
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

/** Options of a call through a circuit breaker. */
export interface CircuitCallOptions {
  /**
   * Ends the call early. The breaker passes it on and waits for the function to heed it. A call that
   * fails with it aborted says nothing about what was called, unless the reason is a `TimeoutError`.
   */
  readonly signal?: AbortSignal;
}

/** Who opens a circuit breaker by hand, why, and for how long. */
export interface ManualOpenOptions extends ManualOpening {
  /**
   * For how long, in ms; then it is probed.
   *
   * @default Infinity: until somebody closes it
   */
  readonly holdMs?: number;
}

/** A circuit breaker changed its state. */
export interface CircuitBreakerEvent {
  /** The breaker's name. */
  readonly breaker: string;
  /** The state before. */
  readonly from: CircuitState;
  /** The state now. */
  readonly to: CircuitState;
  /** Why, for people. */
  readonly reason: string;
  /** Who did it by hand; null for the breaker itself. */
  readonly actor: string | null;
  /** When, UTC ISO. */
  readonly timestamp: string;
  /** How long it stays open, in ms; null when not open, and until somebody closes it. */
  readonly cooldownMs: number | null;
}
