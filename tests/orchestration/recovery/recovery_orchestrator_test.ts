import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import { RecoveryOrchestrator } from "../../../orchestration/recovery/recovery_orchestrator.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { basicWorld, passing, told } from "./recovery_harness.ts";

const THREE = { circuit_restart: "ok", cache_purge: "ok", safe_mode: "ok" } as const;

const TRIGGERS = [
  { name: "an open circuit", state: circuit("OPEN", 301), told: ["circuit_restart success"] },
  {
    name: "a circuit open a little longer",
    state: circuit("OPEN", 300.5),
    told: ["circuit_restart success"],
  },
  {
    name: "an open circuit in lower case",
    state: circuit("open", 301),
    told: ["circuit_restart success"],
  },
  { name: "a circuit open just as long", state: circuit("OPEN", 300), told: [] },
  { name: "a half-open circuit", state: circuit("HALF_OPEN", 900), told: [] },
  {
    name: "51 failed retries",
    state: { retry: { failures_1h: 51 } },
    told: ["cache_purge success"],
  },
  { name: "50 failed retries", state: { retry: { failures_1h: 50 } }, told: [] },
  { name: "2 failed components", state: failed(2), told: ["safe_mode success"] },
  { name: "1 failed component", state: failed(1), told: [] },
  { name: "an accuracy below", state: accuracy(0.79), told: ["safe_mode success"] },
  { name: "an accuracy at the threshold", state: accuracy(0.8), told: [] },
  { name: "nothing", state: {}, told: [] },
  {
    name: "three at once, in order",
    state: { ...circuit("OPEN", 400), retry: { failures_1h: 75 }, ...failed(3) },
    told: ["circuit_restart success", "cache_purge success", "safe_mode success"],
  },
  {
    name: "two beside a figure that is none",
    state: { ...circuit("OPEN", "long"), retry: { failures_1h: 75 }, ...failed(3) },
    told: ["cache_purge success", "safe_mode success"],
  },
];

function circuit(state: string, open_duration_seconds: unknown): object {
  return { circuit_breaker: { state, open_duration_seconds } };
}

function failed(failed_components: number): object {
  return { system: { failed_components } };
}

function accuracy(anomaly_accuracy: number): object {
  return { resources: { current_metrics: { anomaly_accuracy } } };
}

for (const { name, state, told: expected } of TRIGGERS) {
  Deno.test(`RecoveryOrchestrator.handleEvent acts by thresholds: ${name}`, async () => {
    const { recovery, clock } = await basicWorld({ actions: THREE });
    await passing(clock, recovery.handleEvent({ type: "health_check", state }));
    assert.deepEqual(await told(recovery), expected);
  });
}

const STRANGE: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a number", 7],
  ["a bigint", 7n],
  ["a text", "health_check"],
  ["a symbol", Symbol("x")],
  ["an array", [{ type: "health_check" }]],
  ["an empty object", {}],
  ["an unknown type", { type: "health_update" }],
  ["an anomaly, which it does not know", { type: "anomaly", anomaly_type: "x" }],
  ["a type that is null", { type: null }],
  ["a type that is a bigint", { type: 1n }],
  ["a type that is an object with itself in it", circular()],
  ["a prototype name", { type: "__proto__" }],
  ["a health check without an object", { type: "health_check", state: null }],
  ["a health check with a list", { type: "health_check", state: [] }],
  ["a trigger without an action", { type: "manual_trigger" }],
  ["a trigger of something else", { type: "manual_trigger", action_type: 7 }],
  ["a trigger with a force that is none", {
    type: "manual_trigger",
    action_type: "safe_mode",
    force: "yes",
  }],
];

function circular(): object {
  const type: Record<string, unknown> = {};
  type["type"] = type;
  return { type };
}

for (const [name, event] of STRANGE) {
  Deno.test(`RecoveryOrchestrator.handleEvent counts what it does not understand: ${name}`, async () => {
    const { recovery, ran } = await basicWorld({ actions: THREE });
    await recovery.handleEvent(event as never);
    const { unknown_events, last_error } = recovery.getStatus();
    assert.equal(unknown_events, 1);
    assert.equal(typeof last_error, "string");
    assert.deepEqual(ran, []);
  });
}

Deno.test("RecoveryOrchestrator.handleEvent takes a health check without a state for a well one", async () => {
  const { recovery } = await basicWorld({ actions: THREE });
  await recovery.handleEvent({ type: "health_check" });
  assert.equal(recovery.getStatus().unknown_events, 0);
  assert.deepEqual(await told(recovery), []);
});

Deno.test("RecoveryOrchestrator.handleEvent runs what is triggered by hand, cooldown or not", async () => {
  const { recovery, ran } = await basicWorld({ actions: THREE });
  for (let turn = 0; turn < 3; turn++) {
    await recovery.handleEvent({ type: "manual_trigger", action_type: "cache_purge" });
  }
  assert.deepEqual(ran, ["cache_purge", "cache_purge", "cache_purge"]);
  const [entry] = await recovery.getActionHistory();
  assert.equal(entry?.reason, "Manual trigger");
  assert.equal(entry.trigger, "manual_trigger");
});

Deno.test("RecoveryOrchestrator.handleEvent records a trigger of what nothing does", async () => {
  const { recovery } = await basicWorld({ actions: THREE });
  for (const action_type of ["nonsense", "constructor", "__proto__", "toString"]) {
    await recovery.handleEvent({ type: "manual_trigger", action_type });
  }
  assert.deepEqual(await told(recovery), [
    "nonsense skipped_no_handler",
    "constructor skipped_no_handler",
    "__proto__ skipped_no_handler",
    "toString skipped_no_handler",
  ]);
  assert.equal(recovery.getStatus().unknown_events, 0);
});

Deno.test("RecoveryOrchestrator obeys its switches also when triggered by hand", async () => {
  for (const yaml of ["enabled: false", "recovery_actions: { safe_mode: { enabled: false } }"]) {
    const { recovery, ran } = await basicWorld({ yaml, actions: THREE });
    await recovery.handleEvent({ type: "manual_trigger", action_type: "safe_mode" });
    assert.deepEqual(await told(recovery), ["safe_mode skipped_disabled"], yaml);
    assert.deepEqual(ran, [], yaml);
  }
});

Deno.test("RecoveryOrchestrator.getStatus has the keys that were promised, and ours", async () => {
  const { recovery } = await basicWorld({ actions: THREE });
  assert.deepEqual(Object.keys(recovery.getStatus()).sort(), [
    "actions_without_handler",
    "chains",
    "cooldown_status",
    "enabled",
    "executing_actions",
    "faults",
    "last_action",
    "last_error",
    "leading",
    "metrics",
    "outlets",
    "poll_interval",
    "running",
    "source",
    "unknown_events",
    "unreadable_chains",
  ]);
  const { running, enabled, poll_interval, last_action } = recovery.getStatus();
  assert.deepEqual({ running, enabled, poll_interval, last_action }, {
    running: false,
    enabled: true,
    poll_interval: 30,
    last_action: null,
  });
  await recovery.handleEvent({ type: "manual_trigger", action_type: "safe_mode" });
  assert.deepEqual(recovery.getStatus().last_action, {
    timestamp: "2026-01-01T00:00:00.000Z",
    type: "safe_mode",
  });
});

Deno.test("RecoveryOrchestrator.getMetrics has the keys that were promised, and ours", () => {
  const metrics = new RecoveryOrchestrator().getMetrics();
  const { actions_by_type, total_actions_executed, success_rate, last_action_time } = metrics;
  assert.deepEqual(Object.keys(metrics).sort(), [
    "actions_by_anomaly",
    "actions_by_result",
    "actions_by_type",
    "anomalies_coalesced",
    "anomalies_ignored",
    "anomalies_total",
    "average_mttr_seconds",
    "dry_run_actions",
    "failed_actions",
    "interrupted_actions",
    "last_action_time",
    "last_action_type",
    "running",
    "skipped_actions",
    "success_rate",
    "successful_actions",
    "total_actions_executed",
    "verified_recoveries",
  ]);
  assert.deepEqual({ total_actions_executed, success_rate, last_action_time }, {
    total_actions_executed: 0,
    success_rate: 0,
    last_action_time: null,
  });
  assert.deepEqual(actions_by_type, { cache_purge: 0, circuit_restart: 0, safe_mode: 0 });
});

Deno.test("RecoveryOrchestrator.getMetrics counts what ran, well or not", async () => {
  const { recovery } = await basicWorld({
    actions: { ...THREE, cache_purge: "throws", mine: "ok" },
  });
  for (const action_type of ["circuit_restart", "cache_purge", "safe_mode", "mine"]) {
    await recovery.handleEvent({ type: "manual_trigger", action_type });
  }
  const metrics = recovery.getMetrics();
  assert.equal(metrics.total_actions_executed, 4);
  assert.equal(metrics.successful_actions, 3);
  assert.equal(metrics.failed_actions, 1);
  assert.equal(metrics.success_rate, 0.75);
  assert.deepEqual(metrics.actions_by_type, {
    cache_purge: 1,
    circuit_restart: 1,
    mine: 1,
    safe_mode: 1,
  });
  assert.equal(metrics.last_action_type, "mine");
  assert.deepEqual(metrics.actions_by_anomaly, {}, "nothing of this was about an anomaly");
});

Deno.test("RecoveryOrchestrator.getCooldownStatus says that all is available, before and after loading", async () => {
  const free = { available: true, seconds_remaining: 0, last_executed: null };
  const expected = { cache_purge: free, circuit_restart: free, safe_mode: free };
  const recovery = new RecoveryOrchestrator();
  assert.deepEqual(recovery.getCooldownStatus(), expected);
  assert.deepEqual(recovery.getStatus().cooldown_status, expected);
  await recovery.load();
  assert.deepEqual(recovery.getCooldownStatus(), expected);
});

Deno.test("RecoveryOrchestrator.getCooldownStatus counts down from the end of an action", async () => {
  const { recovery, clock } = await basicWorld({ actions: THREE });
  await recovery.handleEvent({ type: "manual_trigger", action_type: "safe_mode" });
  const at = async (ms: number) => {
    await clock.advance(ms);
    return recovery.getCooldownStatus()["safe_mode"];
  };
  const last_executed = "2026-01-01T00:00:00.000Z";
  assert.deepEqual(await at(0), { available: false, seconds_remaining: 300, last_executed });
  assert.deepEqual(await at(299_000), { available: false, seconds_remaining: 1, last_executed });
  assert.deepEqual(await at(1_000), { available: true, seconds_remaining: 0, last_executed });
});

Deno.test("RecoveryOrchestrator rests for as long as the cooldown says, also after a failure", async () => {
  for (const safe_mode of ["ok", "throws"] as const) {
    const { recovery, clock, ran } = await basicWorld({ actions: { ...THREE, safe_mode } });
    const check = () =>
      passing(clock, recovery.handleEvent({ type: "health_check", state: failed(2) }));
    await check();
    await clock.advance(298_000);
    await check();
    assert.equal(ran.length, 1, safe_mode);
    await clock.advance(3_000);
    await check();
    assert.equal(ran.length, 2, safe_mode);
  }
});

const LIMITS: readonly (readonly [unknown, number])[] = [
  [undefined, 50],
  [0, 0],
  [-1, 0],
  [-Infinity, 0],
  [NaN, 0],
  [0.5, 0],
  [1, 1],
  [2.9, 2],
  [59, 59],
  [1e9, 60],
  [Infinity, 60],
  [Number.MAX_SAFE_INTEGER, 60],
  ["10", 0],
];

Deno.test("RecoveryOrchestrator.getActionHistory gives the last ones, at most as many as asked for", async () => {
  const yaml = "advanced: { max_actions_per_hour: 100, max_history_entries: 60 }";
  const { recovery } = await basicWorld({ yaml, actions: THREE });
  for (let turn = 0; turn < 61; turn++) {
    await recovery.triggerAction({ actionType: "cache_purge", reason: `turn ${turn}` });
  }
  for (const [limit, expected] of LIMITS) {
    const history = await recovery.getActionHistory(
      limit === undefined ? {} : { limit: limit as number },
    );
    assert.equal(history.length, expected, `limit ${String(limit)}`);
    const reasons = history.map(({ reason }) => reason);
    const last = Array.from({ length: expected }, (_, at) => `turn ${61 - expected + at}`);
    assert.deepEqual(reasons, last, `limit ${String(limit)}: the latest, oldest first`);
  }
});

Deno.test("RecoveryOrchestrator gives copies: nobody changes what it keeps", async () => {
  const { recovery } = await basicWorld({ actions: THREE });
  await recovery.triggerAction({ actionType: "cache_purge", params: { a: [1] } });
  const [entry] = await recovery.getActionHistory() as unknown as {
    reason: string;
    params: { a: number[] };
  }[];
  entry!.reason = "changed";
  entry!.params.a.push(2);
  (recovery.getMetrics().actions_by_type as Record<string, number>)["cache_purge"] = 99;
  (recovery.getStatus().cooldown_status as Record<string, unknown>)["cache_purge"] = null;
  const [again] = await recovery.getActionHistory();
  assert.equal(again?.reason, "Manual trigger");
  assert.deepEqual(again.params, { a: [1] });
  assert.equal(recovery.getMetrics().actions_by_type["cache_purge"], 1);
  assert.notEqual(recovery.getCooldownStatus()["cache_purge"], null);
});

Deno.test("RecoveryOrchestrator gives each history entry the keys that were promised", async () => {
  const { recovery } = await basicWorld({ actions: { ...THREE, cache_purge: "throws" } });
  const entry = await recovery.triggerAction({ actionType: "cache_purge", reason: "why not" });
  const { timestamp, action_type, reason, success, error, duration_seconds } = entry;
  assert.deepEqual({ timestamp, action_type, reason, success, error, duration_seconds }, {
    timestamp: "2026-01-01T00:00:00.000Z",
    action_type: "cache_purge",
    reason: "why not",
    success: false,
    error: "Error: broken",
    duration_seconds: 0,
  });
});

Deno.test("RecoveryOrchestrator.reload keeps what was in force and says where the file is wrong", async () => {
  let text = "poll_interval: 10\nthresholds: { failed_components: 3 }\n";
  const { recovery, clock, ran } = await basicWorld({ actions: THREE }, {
    configPath: "recovery.yaml",
    configOptions: { readText: () => Promise.resolve(text), env: fixedEnv({}) },
  });
  text = "poll_interval: 10\nthresholds:\n  failed_components: none\n";
  const { ok, errors } = await recovery.reload();
  assert.equal(ok, false);
  assert.deepEqual(errors.map(({ line, column }) => ({ line, column })), [{ line: 3, column: 22 }]);
  await passing(clock, recovery.handleEvent({ type: "health_check", state: failed(2) }));
  assert.deepEqual(ran, [], "three are still needed");
  text = "poll_interval: 20\n";
  assert.deepEqual(await recovery.reload(), { ok: true, errors: [] });
  assert.equal(recovery.getStatus().poll_interval, 20);
  await passing(clock, recovery.handleEvent({ type: "health_check", state: failed(2) }));
  assert.deepEqual(ran, ["safe_mode"]);
});

Deno.test("RecoveryOrchestrator.load refuses a file that cannot be used, and says where", async () => {
  const recovery = new RecoveryOrchestrator({
    configPath: "recovery.yaml",
    configOptions: { readText: () => Promise.resolve("enabled: 'no'\n"), env: fixedEnv({}) },
  });
  await assert.rejects(recovery.run(), { name: "ConfigError" });
  assert.equal(recovery.isRunning, false);
});

Deno.test("RecoveryOrchestrator instances share nothing", async () => {
  const one = await basicWorld({ actions: THREE });
  const other = await basicWorld({});
  await one.recovery.triggerAction({ actionType: "safe_mode" });
  assert.equal(other.recovery.getMetrics().total_actions_executed, 0);
  assert.deepEqual(await told(other.recovery), []);
  const { result } = await other.recovery.triggerAction({ actionType: "safe_mode" });
  assert.equal(result, "skipped_no_handler");
});

Deno.test("RecoveryOrchestrator goes on from what another one left in the storage", async () => {
  const clock = new FakeClock();
  const storage = new MemoryRecoveryStorage();
  const one = await basicWorld({ actions: THREE, clock, storage });
  await one.recovery.triggerAction({ actionType: "safe_mode" });
  one.recovery.stop();
  const later = new FakeClock({ startWallMs: clock.now() + 60_000 });
  const other = await basicWorld({ actions: THREE, clock: later, storage });
  await passing(later, other.recovery.handleEvent({ type: "health_check", state: failed(2) }));
  assert.deepEqual(await told(other.recovery), [
    "safe_mode success",
    "safe_mode skipped_cooldown",
  ]);
  const { total_actions_executed, actions_by_type } = other.recovery.getMetrics();
  assert.deepEqual([total_actions_executed, actions_by_type["safe_mode"]], [1, 1]);
  assert.equal(other.recovery.getCooldownStatus()["safe_mode"]?.seconds_remaining, 240);
});
