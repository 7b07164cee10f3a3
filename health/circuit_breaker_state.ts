import { CircuitState } from "../enums/circuit_state.ts";
import type { CircuitBreakerLimits } from "./circuit_breaker_limits.ts";

/** Who opened a breaker by hand, and why. */
export interface ManualOpening {
  /** Who. */
  readonly actor: string;
  /** Why, for people. */
  readonly reason: string;
}

/** Where a circuit breaker stands. Times are monotonic, in ms. */
export type CircuitBreakerState =
  | {
    /** Calls pass. */
    readonly kind: typeof CircuitState.CLOSED;
    /** Counts changes of state; a result from an earlier one decides nothing. */
    readonly generation: number;
    /** Since when. */
    readonly sinceMs: number;
    /** How often it opened since it was last stable. */
    readonly trips: number;
    /** Failures since the last success. */
    readonly consecutiveFailures: number;
  }
  | {
    /** Calls are refused. */
    readonly kind: typeof CircuitState.OPEN;
    /** Counts changes of state; a result from an earlier one decides nothing. */
    readonly generation: number;
    /** Since when. */
    readonly sinceMs: number;
    /** How often it opened since it was last stable. */
    readonly trips: number;
    /** Failures since the last success. */
    readonly consecutiveFailures: number;
    /** From when on a call may probe; Infinity until somebody closes it. */
    readonly untilMs: number;
    /** Who opened it; null for the breaker itself. */
    readonly manual: ManualOpening | null;
  }
  | {
    /** A few probing calls pass. */
    readonly kind: typeof CircuitState.HALF_OPEN;
    /** Counts changes of state; a result from an earlier one decides nothing. */
    readonly generation: number;
    /** Since when. */
    readonly sinceMs: number;
    /** How often it opened since it was last stable. */
    readonly trips: number;
    /** Failures since the last success. */
    readonly consecutiveFailures: number;
    /** Probing calls under way. */
    readonly inFlight: number;
    /** Successes since it is half-open. */
    readonly consecutiveSuccesses: number;
  };

/** Whether a call passes: the state with it under way, or when to ask again. */
export type Admission =
  | { readonly kind: "admitted"; readonly state: CircuitBreakerState }
  | { readonly kind: "refused"; readonly retryAfterMs: number };

/** What a call says about what it called; `neutral` for one that its caller gave up. */
export type CallOutcome = "success" | "failure" | "neutral";

type Limits = Required<CircuitBreakerLimits>;

/** @returns Whether a call passes now. An open breaker becomes half-open by the first that does. */
export function admitCall(state: CircuitBreakerState, nowMs: number, limits: Limits): Admission {
  switch (state.kind) {
    case CircuitState.CLOSED:
      return { kind: "admitted", state };
    case CircuitState.OPEN:
      if (nowMs < state.untilMs) return { kind: "refused", retryAfterMs: state.untilMs - nowMs };
      return {
        kind: "admitted",
        state: {
          kind: CircuitState.HALF_OPEN,
          generation: state.generation + 1,
          sinceMs: nowMs,
          trips: state.trips,
          consecutiveFailures: state.consecutiveFailures,
          inFlight: 1,
          consecutiveSuccesses: 0,
        },
      };
    case CircuitState.HALF_OPEN:
      if (state.inFlight >= limits.halfOpenMaxCalls) return { kind: "refused", retryAfterMs: 0 };
      return { kind: "admitted", state: { ...state, inFlight: state.inFlight + 1 } };
    default:
      return state satisfies never;
  }
}

/** What {@link settleCall} goes by. */
export interface SettleContext {
  readonly nowMs: number;
  readonly limits: Limits;
  /** Whether the share of failures is too high; asked only after a failure. */
  readonly isRateTripped: () => boolean;
  /** Chance in [0, 1); asked only when the breaker opens. */
  readonly random: () => number;
}

/** @returns The state after a call of the state's own generation ended; the same when it changes nothing. */
export function settleCall(
  state: CircuitBreakerState,
  outcome: CallOutcome,
  context: SettleContext,
): CircuitBreakerState {
  switch (state.kind) {
    case CircuitState.CLOSED:
      return settleClosed(state, outcome, context);
    case CircuitState.HALF_OPEN:
      return settleHalfOpen(state, outcome, context);
    case CircuitState.OPEN:
      return state;
    default:
      return state satisfies never;
  }
}

function settleClosed(
  state: CircuitBreakerState & { readonly kind: "CLOSED" },
  outcome: CallOutcome,
  context: SettleContext,
): CircuitBreakerState {
  if (outcome === "neutral") return state;
  if (outcome === "success") {
    return state.consecutiveFailures === 0 ? state : { ...state, consecutiveFailures: 0 };
  }
  const { nowMs, limits } = context;
  const consecutiveFailures = state.consecutiveFailures + 1;
  if (consecutiveFailures < limits.failureThreshold && !context.isRateTripped()) {
    return { ...state, consecutiveFailures };
  }
  const isStable = nowMs - state.sinceMs >= limits.stableMs;
  return trip(state, isStable ? 1 : state.trips + 1, context);
}

function settleHalfOpen(
  state: CircuitBreakerState & { readonly kind: "HALF_OPEN" },
  outcome: CallOutcome,
  context: SettleContext,
): CircuitBreakerState {
  if (outcome === "failure") return trip(state, state.trips + 1, context);
  const inFlight = state.inFlight - 1;
  if (outcome === "neutral") return { ...state, inFlight };
  const consecutiveSuccesses = state.consecutiveSuccesses + 1;
  if (consecutiveSuccesses < context.limits.successThreshold) {
    return { ...state, inFlight, consecutiveFailures: 0, consecutiveSuccesses };
  }
  return {
    kind: CircuitState.CLOSED,
    generation: state.generation + 1,
    sinceMs: context.nowMs,
    trips: state.trips,
    consecutiveFailures: 0,
  };
}

function trip(
  state: CircuitBreakerState,
  trips: number,
  { nowMs, limits, random }: SettleContext,
): CircuitBreakerState {
  return {
    kind: CircuitState.OPEN,
    generation: state.generation + 1,
    sinceMs: nowMs,
    trips,
    consecutiveFailures: state.consecutiveFailures + 1,
    untilMs: nowMs + cooldownMs(trips, limits, random()),
    manual: null,
  };
}

/** @returns How long the breaker stays open the nth time, in ms, with chance in [0, 1). */
export function cooldownMs(trips: number, limits: Limits, chance: number): number {
  const grown = limits.cooldownMs * limits.cooldownFactor ** (trips - 1);
  return Math.min(grown, limits.cooldownMaxMs) * (1 - limits.cooldownJitter * chance);
}
