import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { EnhancedRecoveryOrchestrator } from "../../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { anomaly, atRest, passing, policyWorld, told } from "./recovery_harness.ts";

const TWELVE = [
  "activate_cooling",
  "alert_ground",
  "cache_purge",
  "circuit_restart",
  "enter_safe_mode",
  "log_detailed_state",
  "reduce_power_load",
  "reduce_processor_load",
  "restart_radio",
  "safe_mode",
  "stabilize_attitude",
  "switch_to_backup_radio",
];

const CRASH = `
recovery_policies:
  crash:
    severity_threshold: 0.5
    description: It crashed
    escalation_chain:
      - { action: restart_radio, params: { deep: { list: [1] } } }
      - { action: alert_ground, condition: severity >= 0.9 }
recovery_actions:
  restart_radio: { description: Turns it off and on }
`;

const OK = { restart_radio: "ok", alert_ground: "ok" } as const;

Deno.test("EnhancedRecoveryOrchestrator knows the twelve actions before anything does them", async () => {
  const recovery = new EnhancedRecoveryOrchestrator();
  assert.deepEqual(Object.keys(recovery.getCooldownStatus()), TWELVE);
  assert.deepEqual(
    recovery.getMetrics().actions_by_type,
    Object.fromEntries(TWELVE.map((name) => [name, 0])),
  );
  await recovery.load();
  assert.deepEqual(Object.keys(recovery.getCooldownStatus()), TWELVE);
});

for (const name of TWELVE) {
  Deno.test(`EnhancedRecoveryOrchestrator.registerAction replaces ${name}`, async () => {
    const { recovery, ran } = await policyWorld({ actions: { [name]: "ok" } });
    const { result } = await recovery.triggerAction({ actionType: name });
    assert.equal(result, "success");
    assert.deepEqual(ran, [name]);
  });
}

Deno.test("EnhancedRecoveryOrchestrator.getStatus has the keys that were promised, and ours", async () => {
  const { recovery } = await policyWorld({ yaml: CRASH, actions: OK });
  assert.deepEqual(Object.keys(recovery.getStatus()).sort(), [
    "actions",
    "actions_without_handler",
    "anomaly_queue_size",
    "chains",
    "cooldown_status",
    "dry_run_mode",
    "enabled",
    "executing_actions",
    "faults",
    "last_action",
    "last_error",
    "leading",
    "metrics",
    "outlets",
    "policies",
    "poll_interval",
    "running",
    "source",
    "unknown_events",
    "unreadable_chains",
  ]);
  const { policies, actions, executing_actions, anomaly_queue_size } = recovery.getStatus();
  assert.deepEqual(policies, { crash: "It crashed" });
  assert.equal(actions["restart_radio"], "Turns it off and on");
  assert.deepEqual(executing_actions, []);
  assert.equal(anomaly_queue_size, 0);
});

Deno.test("EnhancedRecoveryOrchestrator.getMetrics has the keys that were promised, and ours", () => {
  assert.deepEqual(Object.keys(new EnhancedRecoveryOrchestrator().getMetrics()).sort(), [
    "actions_by_anomaly",
    "actions_by_result",
    "actions_by_type",
    "anomalies_coalesced",
    "anomalies_dropped",
    "anomalies_ignored",
    "anomalies_total",
    "average_mttr_seconds",
    "dry_run_actions",
    "dry_run_mode",
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
});

Deno.test("EnhancedRecoveryOrchestrator gives each history entry the keys that were promised", async () => {
  const world = await policyWorld({ yaml: CRASH, actions: OK });
  await anomaly(world, "crash", 0.8);
  const [entry] = await world.recovery.getActionHistory();
  const { anomaly_type, severity_score, result, dry_run, params, reason } = entry!;
  assert.deepEqual({ anomaly_type, severity_score, result, dry_run, params, reason }, {
    anomaly_type: "crash",
    severity_score: 0.8,
    result: "success",
    dry_run: false,
    params: { deep: { list: [1] } },
    reason: "crash (severity=0.80, step=1/2)",
  });
});

Deno.test("EnhancedRecoveryOrchestrator.handleEvent only puts an anomaly on record", async () => {
  const { recovery, clock, ran } = await policyWorld({ yaml: CRASH, actions: OK });
  await recovery.handleEvent({ type: "anomaly", anomaly_type: "crash", severity_score: 0.95 });
  assert.deepEqual(ran, []);
  assert.equal(recovery.getStatus().anomaly_queue_size, 1);
  await passing(clock, recovery.processPending());
  assert.deepEqual(ran, ["restart_radio", "alert_ground"]);
  assert.equal(recovery.getStatus().anomaly_queue_size, 0);
});

Deno.test("EnhancedRecoveryOrchestrator.handleEvent fills in what an anomaly leaves out", async () => {
  const { recovery, clock } = await policyWorld({ yaml: CRASH, actions: OK });
  await recovery.handleEvent({ type: "anomaly" });
  await passing(clock, recovery.processPending());
  const [entry] = await recovery.getActionHistory();
  assert.deepEqual([entry?.anomaly_type, entry?.severity_score, entry?.result], [
    "unknown",
    0,
    "no_policy",
  ]);
  assert.equal(recovery.getStatus().unknown_events, 0);
});

Deno.test("EnhancedRecoveryOrchestrator.handleEvent counts anomalies that cannot be", async () => {
  const { recovery } = await policyWorld({ yaml: CRASH, actions: OK });
  const wrong = [
    { severity_score: "0.9" },
    { severity_score: NaN },
    { severity_score: 1.1 },
    { severity_score: -0.1 },
    { confidence: 2 },
    { anomaly_type: "" },
    { anomaly_type: 7 },
    { anomaly_type: null },
    { recurrence_count: -1 },
    { recurrence_count: 1.5 },
    { metadata: "x" },
    { metadata: { now: () => {} } },
  ];
  for (const [index, fields] of wrong.entries()) {
    await recovery.handleEvent({ type: "anomaly", anomaly_type: "crash", ...fields });
    assert.equal(recovery.getStatus().unknown_events, index + 1, JSON.stringify(fields));
  }
  assert.equal(recovery.getStatus().anomaly_queue_size, 0);
  assert.match(recovery.getStatus().last_error ?? "", /metadata/);
});

for (
  const event of [null, undefined, 7, 7n, "anomaly", [], {}, { type: "health_update" }, {
    type: 1n,
  }]
) {
  Deno.test(
    `EnhancedRecoveryOrchestrator.handleEvent counts what it does not understand: ${
      typeof event === "object"
        ? JSON.stringify(event, (_, v) => typeof v === "bigint" ? "1n" : v)
        : String(event)
    } (${typeof event})`,
    async () => {
      const { recovery } = await policyWorld({ yaml: CRASH, actions: OK });
      await recovery.handleEvent(event as never);
      assert.equal(recovery.getStatus().unknown_events, 1);
      assert.equal(recovery.getStatus().faults, 1);
    },
  );
}

Deno.test("EnhancedRecoveryOrchestrator.handleEvent acts by thresholds as basic recovery does", async () => {
  const { recovery, clock, ran } = await policyWorld({
    actions: { circuit_restart: "ok", cache_purge: "ok", safe_mode: "ok" },
  });
  const state = {
    circuit_breaker: { state: "OPEN", open_duration_seconds: 301 },
    retry: { failures_1h: 51 },
    system: { failed_components: 2 },
  };
  await passing(clock, recovery.handleEvent({ type: "health_check", state }));
  assert.deepEqual(ran, ["circuit_restart", "cache_purge", "safe_mode"]);
  assert.deepEqual(recovery.getMetrics().actions_by_anomaly, {});
});

const PHASES = `
recovery_actions:
  reduce_power_load:
    phase_restrictions: { LAUNCH: false, NOMINAL_OPS: true }
`;

const PHASE_CASES = [
  { phase: () => "NOMINAL_OPS", force: false, result: "success" },
  { phase: () => ({ value: "NOMINAL_OPS" }), force: false, result: "success" },
  { phase: () => "LAUNCH", force: false, result: "skipped_phase_restriction" },
  { phase: () => "LAUNCH", force: true, result: "success" },
  { phase: () => "ORBIT", force: false, result: "skipped_phase_restriction" },
  { phase: () => "ORBIT", force: true, result: "success" },
  { phase: () => "__proto__", force: false, result: "skipped_phase_restriction" },
  { phase: () => undefined, force: false, result: "skipped_phase_restriction" },
  { phase: broken, force: false, result: "skipped_phase_restriction" },
  { phase: broken, force: true, result: "success" },
];

function broken(): never {
  throw new Error("no phase");
}

for (const { phase, force, result } of PHASE_CASES) {
  const name = phase === broken ? "a broken state machine" : JSON.stringify(phase());
  Deno.test(`manual_trigger in phase ${name}${force ? ", forced" : ""}: ${result}`, async () => {
    const stateMachine = { getCurrentPhase: phase };
    const { recovery } = await policyWorld(
      { yaml: PHASES, actions: { reduce_power_load: "ok" } },
      { stateMachine },
    );
    const action = { action_type: "reduce_power_load", actor: "ann", force };
    await recovery.handleEvent({ type: "manual_trigger", ...action });
    assert.deepEqual(await told(recovery), [`reduce_power_load ${result}`]);
    assert.equal(recovery.getStatus().unknown_events, 0);
  });
}

Deno.test("manual_trigger keeps to limits and switches, and passes cooldowns", async () => {
  const yaml = `
advanced: { max_actions_per_hour: 3, max_safe_mode_entries_per_day: 1 }
recovery_actions: { cache_purge: { enabled: false } }
`;
  const actions = { safe_mode: "ok", cache_purge: "ok", alert_ground: "ok" } as const;
  const { recovery } = await policyWorld({ yaml, actions });
  for (const actionType of ["safe_mode", "safe_mode", "cache_purge"]) {
    await recovery.triggerAction({ actionType });
  }
  for (let turn = 0; turn < 3; turn++) await recovery.triggerAction({ actionType: "alert_ground" });
  assert.deepEqual(await told(recovery), [
    "safe_mode success",
    "safe_mode skipped_safe_mode_limit",
    "cache_purge skipped_disabled",
    "alert_ground success",
    "alert_ground success",
    "alert_ground skipped_rate_limit",
  ]);
});

Deno.test("triggerAction refuses what cannot be, all of it at once", async () => {
  const { recovery } = await policyWorld({});
  const wrong = { actionType: "", reason: "", actor: 7, params: [], force: 1 } as never;
  await assert.rejects(recovery.triggerAction(wrong), (error: Error) => {
    assert.equal(error.name, "InvalidRecordError");
    for (const field of ["actionType", "reason", "actor", "params", "force"]) {
      assert.match(error.message, new RegExp(field));
    }
    return true;
  });
});

Deno.test("toggleDryRun holds also when the file is read again", async () => {
  let text = "dry_run_mode: false";
  const { recovery, clock, ran } = await policyWorld({ actions: OK }, {
    configPath: "recovery_policies.yaml",
    configOptions: { readText: () => Promise.resolve(text), env: fixedEnv({}) },
  });
  assert.equal(recovery.isDryRun(), false);
  assert.equal(recovery.toggleDryRun(), true);
  text = `dry_run_mode: false\n${CRASH}`;
  assert.deepEqual(await recovery.reload(), { ok: true, errors: [] });
  assert.equal(recovery.isDryRun(), true);
  assert.deepEqual(recovery.getStatus().policies, { crash: "It crashed" });
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
  await passing(clock, recovery.processPending());
  assert.deepEqual(ran, []);
  assert.equal(recovery.toggleDryRun(), false);
  text = `dry_run_mode: true\n${CRASH}`;
  assert.equal((await recovery.reload()).ok, true);
  assert.equal(recovery.isDryRun(), false, "what was switched by hand stays");
});

Deno.test("reload follows the dry run of the file where nobody switched it", async () => {
  let text = "dry_run_mode: true";
  const { recovery } = await policyWorld({}, {
    configPath: "recovery_policies.yaml",
    configOptions: { readText: () => Promise.resolve(text), env: fixedEnv({}) },
  });
  assert.equal(recovery.isDryRun(), true);
  text = "dry_run_mode: false";
  await recovery.reload();
  assert.equal(recovery.isDryRun(), false);
});

const FAULTY = [
  {
    name: "a condition",
    text: `recovery_policies:
  crash:
    escalation_chain:
      - action: alert_ground
        condition: severity >= 0.5 and wizard
`,
    at: { line: 5, column: 20 },
  },
  {
    name: "YAML",
    text: "recovery_policies: [",
    at: { line: 1, column: 21 },
  },
  {
    name: "an unknown key",
    text: "enabled: true\npoll: 3\n",
    at: { line: 2, column: 1 },
  },
];

for (const { name, text: faulty, at } of FAULTY) {
  Deno.test(`reload keeps what was in force when ${name} is wrong, and says where`, async () => {
    let text = CRASH;
    const world = await policyWorld({ actions: OK }, {
      configPath: "recovery_policies.yaml",
      configOptions: { readText: () => Promise.resolve(text), env: fixedEnv({}) },
    });
    text = faulty;
    const { ok, errors } = await world.recovery.reload();
    assert.equal(ok, false);
    assert.deepEqual(errors.map(({ line, column }) => ({ line, column })), [at]);
    await anomaly(world, "crash", 0.6);
    assert.deepEqual(world.ran, ["restart_radio"]);
    assert.equal(world.recovery.getStatus().source, "recovery_policies.yaml");
  });
}

Deno.test("reload keeps all of what was in force when an action cannot be done here", async () => {
  let text = CRASH;
  const { recovery } = await policyWorld({}, {
    configPath: "recovery_policies.yaml",
    configOptions: { readText: () => Promise.resolve(text), env: fixedEnv({}) },
    handlerParts: { missingPermission: () => Promise.resolve("run access is not granted") },
  });
  const before = recovery.getStatus().outlets;
  text = `${CRASH}
handlers: { restart_radio: { exec: { argv: [radio] } } }
logging: { log_file: recovery.log }
`;
  await assert.rejects(recovery.reload(), { name: "ActionsRefusedError" });
  assert.deepEqual(recovery.getStatus().outlets, before, "no log of a file that is not in force");
  const { result } = await recovery.triggerAction({ actionType: "restart_radio" });
  assert.equal(result, "skipped_no_handler");
});

Deno.test("processPending takes also what came in about an anomaly under way", async () => {
  const { recovery, clock, ran } = await policyWorld({
    yaml: `${CRASH}\ncooldowns: { restart_radio: 0, alert_ground: 0 }`,
    actions: { restart_radio: "helps", alert_ground: "ok" },
  });
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.6 });
  const first = recovery.processPending();
  await clock.advance(0);
  await atRest();
  assert.deepEqual(ran, ["restart_radio"]);
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.6 });
  await passing(clock, recovery.processPending());
  await first;
  assert.deepEqual(ran, ["restart_radio", "restart_radio"]);
  assert.equal(recovery.getStatus().anomaly_queue_size, 0);
});

Deno.test("handleAnomaly wakes the loop: nobody waits for the poll", async () => {
  const { recovery, clock, ran } = await policyWorld({ yaml: CRASH, actions: OK });
  const running = recovery.run();
  await clock.advance(0);
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.6 });
  await atRest();
  assert.deepEqual(ran, ["restart_radio"]);
  recovery.stop();
  await running;
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("handleAnomaly: names that every object has are names like others", async () => {
  for (const name of ["__proto__", "constructor", "toString", "crash.escalation_chain"]) {
    const world = await policyWorld({ yaml: CRASH, actions: OK });
    await anomaly(world, name, 1);
    assert.deepEqual(world.ran, [], name);
    const [entry] = await world.recovery.getActionHistory();
    assert.deepEqual([entry?.anomaly_type, entry?.result], [name, "no_policy"]);
  }
  const world = await policyWorld({
    yaml: CRASH.replaceAll("crash:", "constructor:"),
    actions: OK,
  });
  await anomaly(world, "constructor", 1);
  assert.deepEqual(world.ran, ["restart_radio", "alert_ground"]);
  assert.deepEqual(world.recovery.getMetrics().actions_by_anomaly, { constructor: 1 });
});

Deno.test("EnhancedRecoveryOrchestrator goes on from what another one left in the storage", async () => {
  const clock = new FakeClock();
  const storage = new MemoryRecoveryStorage();
  const one = await policyWorld({ yaml: CRASH, actions: OK, clock, storage });
  await anomaly(one, "crash", 0.6);
  await one.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.95 });
  one.recovery.stop();

  const other = await policyWorld({ yaml: CRASH, actions: OK, clock, storage });
  await passing(clock, other.recovery.processPending());
  assert.deepEqual(await told(other.recovery), [
    "restart_radio success",
    "alert_ground condition_not_met",
    "restart_radio skipped_cooldown",
    "alert_ground success",
  ]);
  const metrics = other.recovery.getMetrics();
  assert.equal(metrics.total_actions_executed, 2);
  assert.deepEqual(metrics.actions_by_anomaly, { crash: 2 });
  assert.equal(metrics.anomalies_total, 2);
  const history = await other.recovery.getActionHistory();
  assert.equal(history[3]?.recurrence_count, 1, "it came back");
});

Deno.test("EnhancedRecoveryOrchestrator goes on with a chain at the step where another one stopped", async () => {
  const clock = new FakeClock();
  const storage = new MemoryRecoveryStorage();
  const one = await policyWorld({ yaml: CRASH, clock, storage, actions: { restart_radio: "ok" } });
  one.recovery.registerAction("alert_ground", () => new Promise(() => {}));
  await one.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.95 });
  const pending = one.recovery.processPending();
  await clock.advance(0);
  await atRest();
  assert.deepEqual(one.recovery.getStatus().executing_actions, ["alert_ground"]);
  one.recovery.stop();
  await passing(clock, pending, { steps: 10 });

  const other = await policyWorld({
    yaml: CRASH,
    clock,
    storage,
    actions: { restart_radio: "ok" },
  });
  let params: unknown;
  other.recovery.registerAction("alert_ground", (context) => {
    params = context.params;
    other.ran.push(`alert_ground ${context.attempt}`);
  });
  await passing(clock, other.recovery.processPending());
  assert.deepEqual(other.ran, ["alert_ground 2"]);
  assert.deepEqual(await told(other.recovery), ["restart_radio success", "alert_ground success"]);
  assert.ok(Object.isFrozen(params), "params are frozen, also when they were stored");
});

Deno.test("phaseAwareHandler changes how severe an anomaly is, and why is on record", async () => {
  const told: unknown[] = [];
  const world = await policyWorld({ yaml: CRASH, actions: OK }, {
    stateMachine: { getCurrentPhase: () => "LAUNCH" },
    phaseAwareHandler: {
      assess(event, phase) {
        told.push(event, phase);
        return { severityScore: 0.3, reason: "expected in LAUNCH" };
      },
    },
  });
  await anomaly(world, "crash", 0.95);
  assert.deepEqual(told, [{ anomalyType: "crash", severityScore: 0.95 }, "LAUNCH"]);
  const [entry] = await world.recovery.getActionHistory();
  assert.equal(entry?.result, "below_threshold");
  assert.match(entry.reason, /expected in LAUNCH/);
});

Deno.test("phaseAwareHandler that fails changes nothing, and is counted", async () => {
  for (const assess of [broken, () => ({ severityScore: 7 }), () => "x" as never]) {
    const world = await policyWorld({ yaml: CRASH, actions: OK }, {
      phaseAwareHandler: { assess },
    });
    await anomaly(world, "crash", 0.6);
    assert.deepEqual(world.ran, ["restart_radio"]);
    assert.equal(world.recovery.getStatus().faults, 1);
  }
});

Deno.test("EnhancedRecoveryOrchestrator tells which actions of its file nothing does", async () => {
  const { recovery } = await policyWorld({ yaml: CRASH });
  assert.deepEqual(recovery.getStatus().actions_without_handler, ["restart_radio"]);
});

Deno.test("EnhancedRecoveryOrchestrator refuses both a document and a file", () => {
  assert.throws(
    () => new EnhancedRecoveryOrchestrator({ config: {} as never, configPath: "x.yaml" }),
    TypeError,
  );
  for (const inboxMs of [0, 9, NaN, Infinity, -1]) {
    assert.throws(() => new EnhancedRecoveryOrchestrator({ inboxMs }), RangeError, String(inboxMs));
  }
});
