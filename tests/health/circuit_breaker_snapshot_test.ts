import assert from "node:assert/strict";
import {
  type CircuitBreakerSnapshot,
  continueSnapshot,
  takeSnapshot,
  totalsOf,
} from "../../health/circuit_breaker_snapshot.ts";
import type { CircuitBreakerState } from "../../health/circuit_breaker_state.ts";

const wallMs = Date.UTC(2026, 0, 1);
const totals = { ...totalsOf(undefined), failures_total: 7, trips_total: 2 };
const common = { generation: 9, sinceMs: 100, trips: 2, consecutiveFailures: 3 };
const open: CircuitBreakerState = { ...common, kind: "OPEN", untilMs: 5_000, manual: null };
const closed: CircuitBreakerState = { ...common, kind: "CLOSED" };
const halfOpen: CircuitBreakerState = {
  ...common,
  kind: "HALF_OPEN",
  inFlight: 1,
  consecutiveSuccesses: 1,
};
const manual: CircuitBreakerState = {
  ...common,
  kind: "OPEN",
  untilMs: Infinity,
  manual: { actor: "ada", reason: "drill" },
};

function carry(state: CircuitBreakerState, elapsedWallMs: number): CircuitBreakerState {
  const taken = takeSnapshot(state, totals, { wallMs, monotonicMs: 1_000 });
  const read: CircuitBreakerSnapshot = JSON.parse(JSON.stringify(taken));
  return continueSnapshot(read, { wallMs: wallMs + elapsedWallMs, monotonicMs: 50 });
}

const again = { generation: 0, sinceMs: 50, trips: 2, consecutiveFailures: 3 };
const openFor = (ms: number) => ({ ...again, kind: "OPEN", sinceMs: 50 - ms } as const);
const cases: readonly [string, CircuitBreakerState, number, CircuitBreakerState][] = [
  ["closed", closed, 9, { ...again, kind: "CLOSED" }],
  ["open", open, 0, { ...openFor(900), untilMs: 4_050, manual: null }],
  ["open, later", open, 1_000, { ...openFor(1_900), untilMs: 3_050, manual: null }],
  ["open, much later", open, 1e6, { ...openFor(1_000_900), untilMs: 50, manual: null }],
  ["open, clock set back", open, -1e6, { ...openFor(900), untilMs: 4_050, manual: null }],
  ["half-open", halfOpen, 0, { ...again, kind: "OPEN", untilMs: 50, manual: null }],
  ["opened by hand", manual, 1e9, {
    ...openFor(1_000_000_900),
    untilMs: Infinity,
    manual: { actor: "ada", reason: "drill" },
  }],
];

for (const [name, state, elapsedMs, expected] of cases) {
  Deno.test(`continueSnapshot goes on with a breaker that was ${name}`, () => {
    assert.deepEqual(carry(state, elapsedMs), expected);
  });
}

Deno.test("continueSnapshot names everything that is wrong", () => {
  const bad = {
    ...takeSnapshot(open, totals, { wallMs, monotonicMs: 0 }),
    version: 2,
    state: "open",
    exported_at: "yesterday",
    open_for_ms: "9",
    open_remaining_ms: -1,
    trips: 0.5,
    manual: {},
    last_failure_time: 3,
  } as unknown as CircuitBreakerSnapshot;
  assert.throws(() => continueSnapshot(bad, { wallMs, monotonicMs: 0 }), (error: unknown) => {
    assert.ok(error instanceof Error && "faults" in error);
    const paths = (error.faults as { path: string }[]).map(({ path }) => path);
    assert.deepEqual(paths, [
      "version",
      "state",
      "exported_at",
      "open_for_ms",
      "open_remaining_ms",
      "manual",
      "last_failure_time",
      "trips",
    ]);
    return true;
  });
});

Deno.test("continueSnapshot refuses a breaker that would stay open for ever by nobody's hand", () => {
  const taken = takeSnapshot(open, totals, { wallMs, monotonicMs: 0 });
  const time = { wallMs, monotonicMs: 0 };
  assert.throws(() => continueSnapshot({ ...taken, open_remaining_ms: null }, time), {
    name: "InvalidRecordError",
  });
  const nothing = null as unknown as CircuitBreakerSnapshot;
  assert.throws(() => continueSnapshot(nothing, time), { name: "InvalidRecordError" });
});
