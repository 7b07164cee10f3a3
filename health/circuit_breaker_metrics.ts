import { CircuitState } from "../enums/circuit_state.ts";
import type { CircuitBreakerTotals } from "./circuit_breaker_snapshot.ts";
import type { CircuitBreakerState, ManualOpening } from "./circuit_breaker_state.ts";
import type { ListenerMetrics } from "../config/isolated_listeners.ts";

/** A circuit breaker in a health document, and what else it counts. Keys are wire keys. */
export interface CircuitBreakerMetrics extends CircuitBreakerTotals, ListenerMetrics {
  /** Always true: there is a breaker. */
  readonly available: true;
  /** Its state. */
  readonly state: CircuitState;
  /** Since when, UTC ISO. */
  readonly state_change_time: string;
  /** Seconds since it opened; 0 when it is not open. */
  readonly open_duration_seconds: number;
  /** Ms until it may be probed; null when not open, and until somebody closes it. */
  readonly retry_after_ms: number | null;
  /** Failures since the last success. */
  readonly consecutive_failures: number;
  /** Successes since it is half-open. */
  readonly consecutive_successes: number;
  /** Who opened it by hand, and why. */
  readonly manual: ManualOpening | null;
}

/** What a state alone says of {@link CircuitBreakerMetrics}. */
export type StateMetrics = Omit<
  CircuitBreakerMetrics,
  keyof CircuitBreakerTotals | keyof ListenerMetrics | "state_change_time"
>;

/** @returns The state as a health document shows it, at a monotonic time in ms. */
export function describeState(state: CircuitBreakerState, nowMs: number): StateMetrics {
  const isOpen = state.kind === CircuitState.OPEN;
  return {
    available: true,
    state: state.kind,
    open_duration_seconds: isOpen ? (nowMs - state.sinceMs) / 1_000 : 0,
    retry_after_ms: isOpen ? finiteMs(state.untilMs - nowMs) : null,
    consecutive_failures: state.consecutiveFailures,
    consecutive_successes: state.kind === CircuitState.HALF_OPEN ? state.consecutiveSuccesses : 0,
    manual: isOpen ? state.manual : null,
  };
}

/** @returns The time that is left, never below 0; null for no end. */
export function finiteMs(ms: number): number | null {
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
