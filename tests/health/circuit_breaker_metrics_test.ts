import assert from "node:assert/strict";
import {
  describeState,
  finiteMs,
  type StateMetrics,
} from "../../health/circuit_breaker_metrics.ts";
import type { CircuitBreakerState } from "../../health/circuit_breaker_state.ts";

const common = { generation: 1, sinceMs: 1_000, trips: 1, consecutiveFailures: 3 };
const nothing: Omit<StateMetrics, "state"> = {
  available: true,
  open_duration_seconds: 0,
  retry_after_ms: null,
  consecutive_failures: 3,
  consecutive_successes: 0,
  manual: null,
};
const manual = { actor: "ada", reason: "drill" };

const cases: readonly [name: string, state: CircuitBreakerState, expected: StateMetrics][] = [
  ["closed", { ...common, kind: "CLOSED" }, {
    ...nothing,
    state: "CLOSED",
  }],
  ["half-open", { ...common, kind: "HALF_OPEN", inFlight: 1, consecutiveSuccesses: 2 }, {
    ...nothing,
    state: "HALF_OPEN",
    consecutive_successes: 2,
  }],
  ["open", { ...common, kind: "OPEN", untilMs: 5_000, manual: null }, {
    ...nothing,
    state: "OPEN",
    open_duration_seconds: 1.5,
    retry_after_ms: 2_500,
  }],
  ["opened by hand", { ...common, kind: "OPEN", untilMs: Infinity, manual }, {
    ...nothing,
    state: "OPEN",
    open_duration_seconds: 1.5,
    manual,
  }],
];

for (const [name, state, expected] of cases) {
  Deno.test(`describeState shows a breaker that is ${name}`, () => {
    assert.deepEqual(describeState(state, 2_500), expected);
  });
}

Deno.test("finiteMs is never below 0, and null without an end", () => {
  assert.deepEqual([finiteMs(5), finiteMs(-5), finiteMs(Infinity)], [5, 0, null]);
});
