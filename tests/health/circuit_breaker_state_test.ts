import assert from "node:assert/strict";
import { circuitBreakerLimits } from "../../health/circuit_breaker_limits.ts";
import {
  admitCall,
  type CallOutcome,
  type CircuitBreakerState,
  cooldownMs,
  settleCall,
} from "../../health/circuit_breaker_state.ts";

const limits = circuitBreakerLimits({ cooldownMs: 1_000, failureThreshold: 3 });
const common = { generation: 4, sinceMs: 0, trips: 1, consecutiveFailures: 3 };
const closed = (consecutiveFailures: number): CircuitBreakerState => ({
  ...common,
  kind: "CLOSED",
  consecutiveFailures,
});
const open = (untilMs: number): CircuitBreakerState => ({
  ...common,
  kind: "OPEN",
  untilMs,
  manual: null,
});
const halfOpen = (inFlight: number, consecutiveSuccesses = 0): CircuitBreakerState => ({
  ...common,
  kind: "HALF_OPEN",
  inFlight,
  consecutiveSuccesses,
});

const admissions: readonly [name: string, state: CircuitBreakerState, expected: string][] = [
  ["closed", closed(2), "CLOSED 4"],
  ["open", open(101), "refused 1"],
  ["open until now", open(100), "HALF_OPEN 5"],
  ["open for ever", open(Infinity), "refused Infinity"],
  ["half-open with room", halfOpen(1), "HALF_OPEN 4"],
  ["half-open without room", halfOpen(2), "refused 0"],
];

for (const [name, state, expected] of admissions) {
  Deno.test(`admitCall answers ${expected} when the breaker is ${name}`, () => {
    const admission = admitCall(state, 100, limits);
    const shown = admission.kind === "refused"
      ? `refused ${admission.retryAfterMs}`
      : `${admission.state.kind} ${admission.state.generation}`;
    assert.equal(shown, expected);
  });
}

const settlements: readonly [
  name: string,
  state: CircuitBreakerState,
  outcome: CallOutcome,
  isRateTripped: boolean,
  expected: Partial<CircuitBreakerState> & Record<string, unknown>,
][] = [
  ["a success", closed(2), "success", true, closed(0)],
  ["a failure too few", closed(1), "failure", false, closed(2)],
  ["a failure too many", closed(2), "failure", false, { kind: "OPEN", generation: 5, trips: 2 }],
  ["a share too large", closed(0), "failure", true, { kind: "OPEN", generation: 5, trips: 2 }],
  ["a call given up", closed(2), "neutral", true, closed(2)],
  ["a first success", halfOpen(2), "success", false, { ...halfOpen(1, 1), consecutiveFailures: 0 }],
  ["a last success", halfOpen(1, 1), "success", false, { kind: "CLOSED", generation: 5, trips: 1 }],
  ["a failed probe", halfOpen(2, 1), "failure", false, { kind: "OPEN", generation: 5, trips: 2 }],
  ["a probe given up", halfOpen(2, 1), "neutral", false, halfOpen(1, 1)],
  ["a result while open", open(9), "success", false, open(9)],
];

for (const [name, state, outcome, isRateTripped, expected] of settlements) {
  Deno.test(`settleCall goes from ${state.kind} to ${expected.kind} on ${name}`, () => {
    const context = { nowMs: 100, limits, isRateTripped: () => isRateTripped, random: () => 0 };
    const next = settleCall(state, outcome, context);
    assert.deepEqual({ ...next, ...expected }, next);
  });
}

Deno.test("settleCall gives the same object when a success changes nothing", () => {
  const state = closed(0);
  const context = { nowMs: 100, limits, isRateTripped: () => false, random: () => 0 };
  assert.equal(settleCall(state, "success", context), state);
});

Deno.test("cooldownMs grows to its bound, and chance takes off a share", () => {
  const cooldowns = [1, 2, 3, 7, 5_000].map((trips) => cooldownMs(trips, limits, 0));
  assert.deepEqual(cooldowns, [1_000, 2_000, 4_000, 60_000, 60_000]);
  assert.equal(cooldownMs(1, limits, 0.5), 750);
});
