import assert from "node:assert/strict";
import { DecisionApplier } from "../../coordination/decision_applier.ts";
import { CircuitBreaker } from "../../health/circuit_breaker.ts";
import { FallbackManager } from "../../health/fallback_manager.ts";
import { HealthMonitor } from "../../health/health_monitor.ts";
import type {
  FallbackManagerOptions,
  SetModeOptions,
} from "../../health/fallback_manager_options.ts";
import type { FallbackTransition } from "../../health/fallback_transitions.ts";
import type { HealthState } from "../../health/health_state.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

/** A document with what matters to the mode. */
function health(failed = 0, failures = 0, circuit = "CLOSED", overall = "healthy"): HealthState {
  return {
    system: { failed_components: failed },
    retry: { failures_1h: failures },
    circuit_breaker: { state: circuit },
    resources: { status: { overall: overall as "healthy" } },
  };
}

function setUp(options: FallbackManagerOptions = {}) {
  const clock = new FakeClock();
  const manager = new FallbackManager({ clock, dwellMs: 0, recoverAfterMs: 0, ...options });
  return { clock, manager };
}

const recovery: SetModeOptions = { owner: "recovery", reason: "storm", holdMs: 10_000 };
const operator: SetModeOptions = { owner: "operator", reason: "drill", actor: "ada" };

const cases: readonly [name: string, state: HealthState, expected: string][] = [
  ["1 failed component", health(1), "PRIMARY"],
  ["2 failed components", health(2), "SAFE"],
  ["50 failures", health(0, 50), "PRIMARY"],
  ["51 failures", health(0, 51), "HEURISTIC"],
  ["an open circuit", health(0, 0, "OPEN"), "HEURISTIC"],
  ["an open circuit in lower case", health(0, 0, "open"), "HEURISTIC"],
  ["a half-open circuit", health(0, 0, "HALF_OPEN"), "PRIMARY"],
  ["critical resources", health(0, 0, "CLOSED", "critical"), "SAFE"],
  ["an open circuit and 2 failed components", health(2, 0, "OPEN"), "SAFE"],
  ["an empty document", {}, "PRIMARY"],
];

for (const [name, state, expected] of cases) {
  Deno.test(`FallbackManager chooses ${expected} for ${name}`, () => {
    const { manager } = setUp();
    assert.equal(manager.cascade(state), expected);
    assert.equal(manager.mode, expected);
  });
}

Deno.test("FallbackManager takes its limits from the options", () => {
  const { manager } = setUp({
    limits: { safeFromFailedComponents: 4, heuristicAboveFailures: 10 },
  });
  assert.equal(manager.cascade(health(3)), "PRIMARY");
  assert.equal(manager.cascade(health(0, 11)), "HEURISTIC");
  assert.equal(manager.cascade(health(4)), "SAFE");
});

Deno.test("FallbackManager leaves a mode below the release limits, four fifths by default", () => {
  const { manager } = setUp();
  assert.equal(manager.cascade(health(0, 51)), "HEURISTIC");
  assert.equal(manager.cascade(health(0, 41)), "HEURISTIC");
  assert.equal(manager.cascade(health(0, 40)), "PRIMARY");
  const own = setUp({
    releaseLimits: { safeFromFailedComponents: 1, heuristicAboveFailures: 5 },
  }).manager;
  assert.equal(own.cascade(health(2)), "SAFE");
  assert.equal(own.cascade(health(1)), "SAFE");
  assert.equal(own.cascade(health(0, 6)), "HEURISTIC");
  assert.equal(own.cascade(health(0, 5)), "PRIMARY");
});

Deno.test("FallbackManager does not flap while health goes up and down", async () => {
  const clock = new FakeClock();
  const manager = new FallbackManager({ clock });
  for (let cycle = 0; cycle < 60; cycle++) {
    manager.cascade(health(cycle % 2 === 0 ? 2 : 0));
    await clock.advance(10_000);
  }
  assert.equal(manager.getMetrics().total_transitions, 1);
  for (let cycle = 0; cycle < 2; cycle++) {
    assert.equal(manager.cascade(health()), "SAFE", `cycle ${cycle}`);
    await clock.advance(10_000);
  }
  assert.equal(manager.cascade(health()), "PRIMARY");
});

Deno.test("FallbackManager keeps a mode for the dwell time", async () => {
  const { clock, manager } = setUp({ dwellMs: 5_000 });
  manager.cascade(health(2));
  await clock.advance(4_999);
  assert.equal(manager.cascade(health()), "SAFE");
  await clock.advance(1);
  assert.equal(manager.cascade(health()), "PRIMARY");
});

Deno.test("FallbackManager does not call a node well of which it knows nothing", () => {
  const { manager } = setUp();
  manager.cascade(health(2));
  assert.equal(manager.cascade({}), "SAFE");
  const { cycles_total, cycles_with_gaps_total, last_gaps } = manager.getMetrics();
  assert.deepEqual([cycles_total, cycles_with_gaps_total, last_gaps.length], [2, 1, 2]);
  assert.equal(manager.cascade(health()), "PRIMARY");
});

Deno.test("FallbackManager puts recovery's mode before its own choice until the hold is over", async () => {
  const { clock, manager } = setUp();
  assert.deepEqual(manager.requestMode("SAFE", recovery), {
    kind: "in_force",
    mode: "SAFE",
    changed: true,
  });
  await clock.advance(9_999);
  assert.equal(manager.cascade(health()), "SAFE");
  await clock.advance(1);
  assert.equal(manager.cascade(health()), "PRIMARY");
  const ended = manager.getTransitions().at(-1);
  assert.equal(ended?.owner, "cascade");
  assert.match(ended?.reason ?? "", /the hold of recovery is over$/);
});

Deno.test("FallbackManager tells who goes before, and comes back to what stands behind", async () => {
  const { clock, manager } = setUp();
  manager.requestMode("HEURISTIC", recovery);
  await clock.advance(1_000);
  assert.deepEqual(manager.requestMode("PRIMARY", { owner: "consensus", reason: "agreed" }), {
    kind: "outranked",
    mode: "HEURISTIC",
    by: "recovery",
    reason: "storm",
    remainingMs: 9_000,
  });
  assert.deepEqual(manager.requestMode("SAFE", operator).kind, "in_force");
  const outranked = manager.requestMode("PRIMARY", recovery);
  assert.equal(outranked.kind === "outranked" && outranked.remainingMs, null);
  assert.equal(manager.release("operator"), true);
  assert.equal(manager.mode, "PRIMARY");
  assert.equal(manager.release("operator"), false);
  assert.equal(manager.getMetrics().outranked_total, 2);
});

Deno.test("FallbackManager is brought up and down by the cluster", async () => {
  const { manager } = setUp();
  assert.equal(await manager.setMode("safe"), true);
  assert.equal(manager.cascade(health()), "SAFE");
  assert.equal(await manager.setMode("PRIMARY"), true);
  assert.equal(manager.mode, "PRIMARY");
  manager.requestMode("SAFE", operator);
  assert.equal(await manager.setMode("PRIMARY"), false);
});

Deno.test("FallbackManager has a mode of its own to vote with, whatever the cluster decided", async () => {
  const { manager } = setUp();
  await manager.setMode("SAFE");
  manager.cascade(health());
  assert.equal(manager.ownMode, "PRIMARY");
  manager.cascade(health(0, 0, "OPEN"));
  assert.equal(manager.ownMode, "HEURISTIC");
  manager.requestMode("SAFE", recovery);
  assert.equal(manager.ownMode, "SAFE");
});

Deno.test("FallbackManager is a keeper that a coordinator can apply decisions to", async () => {
  const { manager, clock } = setUp();
  const noted: string[] = [];
  const counters = { count: () => {}, noteError: (text: string) => noted.push(text) };
  const applier = new DecisionApplier({
    keeper: manager,
    timeoutMs: 1_000,
    clock,
    counters: counters as unknown as ConstructorParameters<
      typeof DecisionApplier
    >[0]["counters"],
  });
  const decided = (fallbackMode: string) =>
    applier.apply(
      { quorumMet: true, reason: null, term: 1, fallbackMode } as Parameters<
        DecisionApplier["apply"]
      >[0],
    );
  assert.equal(await decided("SAFE"), true);
  assert.equal(manager.mode, "SAFE");
  manager.requestMode("HEURISTIC", operator);
  assert.equal(await decided("SAFE"), false);
  assert.deepEqual(noted, ["the fallback manager refused SAFE"]);
});

Deno.test("FallbackManager reads modes in any letter case and refuses others", async () => {
  const { manager } = setUp();
  assert.equal(manager.requestMode("safe", operator).kind, "in_force");
  for (const mode of [" safe ", "SPLIT_BRAIN", ""]) {
    assert.throws(() => manager.requestMode(mode, operator), { name: "UnknownEnumValueError" });
    await assert.rejects(manager.setMode(mode), { name: "UnknownEnumValueError" });
  }
  assert.equal(manager.mode, "SAFE");
});

Deno.test("FallbackManager refuses requests of nobody, for nothing and for no time", () => {
  const { manager } = setUp();
  const ask = (options: Partial<Record<keyof SetModeOptions, unknown>>) => () =>
    manager.requestMode("SAFE", { ...operator, ...options } as SetModeOptions);
  assert.throws(ask({ owner: "cascade" }), { name: "UnknownEnumValueError" });
  assert.throws(ask({ owner: "__proto__" }), { name: "UnknownEnumValueError" });
  assert.throws(ask({ reason: "" }), TypeError);
  assert.throws(ask({ holdMs: 0 }), RangeError);
  assert.throws(() => manager.release("cascade" as "operator"), { name: "UnknownEnumValueError" });
  assert.equal(manager.mode, "PRIMARY");
});

Deno.test("FallbackManager tells every change, and no listener can break it", async () => {
  const { clock, manager } = setUp();
  const seen: FallbackTransition[] = [];
  manager.onTransition(() => {
    throw new Error("bad listener");
  });
  manager.onTransition(() => Promise.reject(new Error("worse listener")));
  const forget = manager.onTransition((transition) => seen.push(transition));
  manager.cascade(health(2, 60));
  manager.cascade(health(3, 60));
  manager.requestMode("PRIMARY", operator);
  forget();
  manager.release("operator");
  await clock.advance(0);
  assert.deepEqual(seen, [
    {
      sequence: 1,
      timestamp: "2026-01-01T00:00:00.000Z",
      from: "PRIMARY",
      to: "SAFE",
      reason: "high_retry_failures(60); component_failures(2)",
      owner: "cascade",
      actor: null,
    },
    {
      sequence: 2,
      timestamp: "2026-01-01T00:00:00.000Z",
      from: "SAFE",
      to: "PRIMARY",
      reason: "drill",
      owner: "operator",
      actor: "ada",
    },
  ]);
  assert.equal(manager.getMetrics().listener_faults_total, 6);
});

Deno.test("FallbackManager keeps the last changes and gives no more than asked for", () => {
  const { manager } = setUp({ historyMaxEntries: 3 });
  for (let cycle = 0; cycle < 10; cycle++) manager.cascade(health(cycle % 2 === 0 ? 2 : 0));
  const sequences = (limit?: number) =>
    manager.getTransitions(limit === undefined ? {} : { limit }).map(({ sequence }) => sequence);
  assert.deepEqual(sequences(), [8, 9, 10]);
  assert.deepEqual(sequences(2), [9, 10]);
  assert.deepEqual(sequences(0), []);
  assert.deepEqual(sequences(-1), []);
  assert.deepEqual(sequences(NaN), []);
  assert.equal(manager.getMetrics().total_transitions, 10);
});

Deno.test("FallbackManager describes itself", async () => {
  const { clock, manager } = setUp();
  manager.registerFallback("cache", { condition: () => true, mode: "HEURISTIC" });
  manager.cascade(health());
  manager.requestMode("SAFE", recovery);
  await clock.advance(4_000);
  const { recent_transitions, ...metrics } = manager.getMetrics();
  assert.equal(recent_transitions.length, 2);
  assert.deepEqual(metrics, {
    current_mode: "SAFE",
    own_mode: "SAFE",
    is_degraded: true,
    is_safe_mode: true,
    claims: [
      { owner: "recovery", mode: "SAFE", reason: "storm", actor: null, remaining_ms: 6_000 },
      {
        owner: "cascade",
        mode: "HEURISTIC",
        reason: "fallback(cache)",
        actor: null,
        remaining_ms: null,
      },
    ],
    total_transitions: 2,
    cycles_total: 1,
    cycles_with_gaps_total: 0,
    last_gaps: [],
    outranked_total: 0,
    active_fallbacks: ["cache"],
    fallback_faults: {},
    listener_faults_total: 0,
    listener_drops_total: 0,
    last_listener_fault: null,
  });
});

Deno.test("FallbackManager asks registered conditions in every cycle", () => {
  const { manager } = setUp();
  const forget = manager.registerFallback("slow", {
    condition: (state) => (state.retry?.failures_1h ?? 0) > 10,
    mode: "SAFE",
  });
  assert.equal(manager.cascade(health(0, 10)), "PRIMARY");
  assert.equal(manager.cascade(health(0, 11)), "SAFE");
  assert.equal(manager.cascade(health(0, 10)), "PRIMARY");
  assert.equal(manager.cascade(health(0, 11)), "SAFE");
  forget();
  assert.equal(manager.cascade(health(0, 11)), "PRIMARY");
});

Deno.test("FallbackManager does not go up while a condition cannot be asked", () => {
  const { manager } = setUp();
  let isBroken = false;
  manager.registerFallback("odd", {
    condition: () => {
      if (isBroken) throw new Error("bug");
      return false;
    },
    mode: "HEURISTIC",
  });
  manager.cascade(health(2));
  isBroken = true;
  assert.equal(manager.cascade(health()), "SAFE");
  assert.equal(manager.getMetrics().last_listener_fault, "Error: bug");
  isBroken = false;
  assert.equal(manager.cascade(health()), "PRIMARY");
});

Deno.test("FallbackManager starts no timer", () => {
  const { clock, manager } = setUp();
  manager.cascade(health(2));
  manager.requestMode("SAFE", recovery);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("FallbackManager goes by the monotonic clock alone", () => {
  const { clock, manager } = setUp();
  manager.requestMode("SAFE", recovery);
  clock.jumpWall(1e9);
  assert.equal(manager.cascade(health()), "SAFE");
});

const invalid: readonly [name: string, options: FallbackManagerOptions][] = [
  ["dwellMs", { dwellMs: -1 }],
  ["recoverAfterMs", { recoverAfterMs: Infinity }],
  ["historyMaxEntries", { historyMaxEntries: 0 }],
  ["limits.safeFromFailedComponents", { limits: { safeFromFailedComponents: 0 } }],
  ["limits.heuristicAboveFailures", { limits: { heuristicAboveFailures: NaN } }],
  ["releaseLimits.safeFromFailedComponents", { releaseLimits: { safeFromFailedComponents: 3 } }],
  ["releaseLimits.heuristicAboveFailures", { releaseLimits: { heuristicAboveFailures: 51 } }],
];

for (const [name, options] of invalid) {
  Deno.test(`FallbackManager refuses ${name} when it is out of range`, () => {
    assert.throws(() => new FallbackManager(options), (error: unknown) => {
      return error instanceof RangeError && error.message.startsWith(`${name} must be`);
    });
  });
}

Deno.test("FallbackManager comes back from a breaker's mode on a node without components", async () => {
  const clock = new FakeClock();
  const manager = new FallbackManager({ clock });
  const circuitBreaker = new CircuitBreaker("orders", { clock });
  const monitor = new HealthMonitor({ clock, circuitBreaker, fallbackManager: manager });
  const by = { actor: "ada", reason: "drill" };
  circuitBreaker.open(by);
  assert.equal(manager.cascade(await monitor.getComprehensiveState()), "HEURISTIC");
  circuitBreaker.close(by);
  for (let round = 0; round < 2; round++) {
    manager.cascade(await monitor.getComprehensiveState());
    await clock.advance(60_000);
  }
  assert.equal(manager.cascade(await monitor.getComprehensiveState()), "PRIMARY");
});

Deno.test("FallbackManager reads owners in any letter case, and no hold that is no number", () => {
  const manager = new FallbackManager({ clock: new FakeClock() });
  const options = { owner: "OPERATOR" as "operator", reason: "drill" };
  for (const holdMs of ["1000", NaN, 0]) {
    const hold = { ...options, holdMs: holdMs as number };
    assert.throws(() => manager.requestMode("safe", hold), RangeError);
  }
  assert.equal(manager.requestMode("safe", options).kind, "in_force");
  assert.equal(manager.getMetrics().claims[0]?.owner, "operator");
  assert.equal(manager.release("Operator" as "operator"), true);
});
