/** What was wrong in the systems that recovery was modelled on: never again. */
import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { FallbackManager } from "../../../health/fallback_manager.ts";
import type { HealthState } from "../../../health/health_state.ts";
import { EnhancedRecoveryOrchestrator } from "../../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import { RecoveryOrchestrator } from "../../../orchestration/recovery/recovery_orchestrator.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import {
  anomaly,
  atRest,
  basicWorld,
  passing,
  policyWorld,
  told,
} from "../../orchestration/recovery/recovery_harness.ts";

const SECOND = 1_000;
const CRASH = `
recovery_policies:
  crash:
    severity_threshold: 0.1
    escalation_chain: [{ action: first }, { action: second }]
`;
const OK = { first: "ok", second: "ok" } as const;
const RETRIES: HealthState = { retry: { failures_1h: 51 } };
const UNWELL: HealthState = { system: { failed_components: 2 } };

Deno.test("a manual trigger runs in both orchestrators, and is on record", async () => {
  for (const world of [basicWorld, policyWorld]) {
    const { recovery, ran } = await world({ actions: { cache_purge: "ok" } });
    const event = { type: "manual_trigger", action_type: "cache_purge", reason: "why not" };
    await recovery.handleEvent(event);
    assert.deepEqual(ran, ["cache_purge"]);
    assert.deepEqual(await told(recovery), ["cache_purge success"]);
  }
});

Deno.test("a condition that cannot be read is refused at load, with its place", async () => {
  const text = CRASH.replace("{ action: second }", '{ action: second, condition: "wizard > 1" }');
  const recovery = new EnhancedRecoveryOrchestrator({
    configPath: "p.yaml",
    configOptions: { readText: () => Promise.resolve(text), env: fixedEnv({}) },
  });
  await assert.rejects(recovery.load(), (error: Error) => {
    assert.equal(error.name, "ConfigError");
    assert.match(error.message, /p\.yaml:5:\d+/);
    assert.match(error.message, /wizard/);
    return true;
  });
});

Deno.test("a stored condition that nobody can read is a step on record, and the chain goes on", async () => {
  const storage = new MemoryRecoveryStorage();
  const clock = new FakeClock();
  const first = await policyWorld({ yaml: CRASH, storage, clock, actions: { second: "ok" } });
  first.recovery.registerAction("first", () => new Promise(() => {}));
  await first.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
  const pending = first.recovery.processPending();
  await clock.advance(0);
  first.recovery.stop();
  await passing(clock, pending, { steps: 10 });
  const [entry] = await storage.list(["lanes", "node:local", "chains"], { limit: 1 });
  const chain = JSON.parse(JSON.stringify(entry!.value).replace('"always"', '"wizard > 1"'));
  const value = { ...chain, at: { kind: "deciding", notBeforeMs: 0 } };
  await storage.commit({ sets: [{ key: entry!.key, value }] });
  const second = await policyWorld({ yaml: CRASH, storage, clock, actions: OK });
  await passing(clock, second.recovery.processPending());
  assert.deepEqual(await told(second.recovery), ["first condition_error", "second success"]);
});

Deno.test("a failing action rests, for longer each time, up to a bound", async () => {
  const { recovery, clock, ran } = await basicWorld({ actions: { cache_purge: "throws" } });
  const check = () =>
    passing(clock, recovery.handleEvent({ type: "health_check", state: RETRIES }));
  for (let turn = 0; turn < 100; turn++) {
    await check();
    await clock.advance(30 * SECOND);
  }
  assert.equal(ran.length, 3, "after 0, 600 and 1,800 s, in 3,000 s");
});

Deno.test("an action that hangs is aborted, and what it does later does not count", async () => {
  const { recovery, clock } = await basicWorld({});
  const { promise, resolve } = Promise.withResolvers<string>();
  recovery.registerAction("cache_purge", () => promise);
  await passing(clock, recovery.handleEvent({ type: "health_check", state: RETRIES }));
  resolve("too late");
  await atRest();
  const [entry, ...rest] = await recovery.getActionHistory();
  assert.deepEqual(rest, []);
  assert.deepEqual([entry?.result, entry?.error, entry?.report], [
    "failed",
    "Action timeout after 90s",
    null,
  ]);
  assert.match(recovery.getStatus().last_error ?? "", /cache_purge/, "it came late, on record");
});

for (const jumpMs of [-86_400_000, 86_400_000]) {
  Deno.test(`a wall clock that jumps by ${jumpMs} ms moves no cooldown`, async () => {
    const { recovery, clock } = await basicWorld({ actions: { cache_purge: "ok" } });
    await recovery.triggerAction({ actionType: "cache_purge" });
    clock.jumpWall(jumpMs);
    await clock.advance(599 * SECOND);
    assert.equal(recovery.getCooldownStatus()["cache_purge"]?.seconds_remaining, 1);
    await clock.advance(SECOND);
    assert.equal(recovery.getCooldownStatus()["cache_purge"]?.available, true);
  });
}

Deno.test("a cooldown outlives a process, whose clocks begin anew", async () => {
  const storage = new MemoryRecoveryStorage();
  const first = await basicWorld({ actions: { cache_purge: "ok" }, storage });
  await first.clock.advance(1_000_000);
  await first.recovery.triggerAction({ actionType: "cache_purge" });
  const clock = new FakeClock({ startWallMs: first.clock.now() + 100 * SECOND });
  const second = await basicWorld({ actions: { cache_purge: "ok" }, storage, clock });
  await passing(clock, second.recovery.handleEvent({ type: "health_check", state: RETRIES }));
  assert.deepEqual(second.ran, []);
  assert.equal(second.recovery.getCooldownStatus()["cache_purge"]?.seconds_remaining, 500);
});

Deno.test("safe mode is requested by its owner, for a while, and a well node does not undo it", async () => {
  const clock = new FakeClock();
  const fallbackManager = new FallbackManager({ clock });
  const { recovery } = await basicWorld({ clock }, { fallbackManager });
  const { result } = await recovery.triggerAction({ actionType: "safe_mode" });
  assert.equal(result, "success");
  assert.equal(fallbackManager.mode, "SAFE");
  for (let turn = 0; turn < 10; turn++) {
    await recovery.handleEvent({ type: "health_check", state: {} });
    await clock.advance(30 * SECOND);
  }
  assert.equal(fallbackManager.mode, "SAFE");
});

Deno.test("an action beyond the limit of those at once waits, and is not lost", async () => {
  const yaml = `
recovery_policies:
  a: { severity_threshold: 0.1, escalation_chain: [{ action: first }] }
  b: { severity_threshold: 0.1, escalation_chain: [{ action: second }] }
`;
  const { recovery, clock } = await policyWorld({ yaml });
  const slow = ({ signal }: { signal: AbortSignal }) => clock.sleep(10 * SECOND, { signal });
  recovery.registerAction("first", slow);
  recovery.registerAction("second", slow);
  await recovery.handleAnomaly({ anomalyType: "a", severityScore: 1 });
  await recovery.handleAnomaly({ anomalyType: "b", severityScore: 1 });
  await passing(clock, recovery.processPending());
  assert.deepEqual(await told(recovery), ["first success", "second success"]);
});

Deno.test("an error in verification counts the action once", async () => {
  const { recovery, clock } = await policyWorld({ yaml: CRASH, actions: { second: "ok" } });
  recovery.registerAction("first", () => {}, {
    verify: () => {
      throw new Error("cannot see");
    },
  });
  await anomaly({ recovery, clock } as never, "crash", 1);
  const metrics = recovery.getMetrics();
  const { total_actions_executed, successful_actions, failed_actions } = metrics;
  assert.deepEqual([total_actions_executed, successful_actions, failed_actions], [2, 1, 1]);
  assert.deepEqual(metrics.actions_by_type["first"], 1);
  assert.deepEqual(await told(recovery), ["first failed", "second success"]);
  const [entry] = await recovery.getActionHistory();
  assert.match(entry?.error ?? "", /cannot see/);
});

Deno.test("verification looks: by the action's own way, else at what was wrong", async () => {
  const state: { current: HealthState } = { current: UNWELL };
  const healthMonitor = { getComprehensiveState: () => Promise.resolve(state.current) };
  const { recovery, clock } = await basicWorld({ actions: { safe_mode: "ok" } }, { healthMonitor });
  const check = recovery.handleEvent({ type: "health_check", state: UNWELL });
  await clock.advance(31 * SECOND);
  state.current = {};
  await passing(clock, check);
  const [entry] = await recovery.getActionHistory();
  assert.deepEqual([entry?.verified, entry?.verification_attempts], [true, 2]);
});

Deno.test("a long chain keeps neither health nor other chains from their turn", async () => {
  let looks = 0;
  const healthMonitor = {
    getComprehensiveState() {
      looks++;
      return Promise.resolve({});
    },
  };
  const yaml = `${CRASH}
  hang: { severity_threshold: 0.1, escalation_chain: [{ action: third }] }
poll_interval: 1
advanced: { max_concurrent_actions: 2 }
`;
  const { recovery, clock, ran } = await policyWorld(
    { yaml, actions: { second: "ok", third: "ok" } },
    { healthMonitor },
  );
  recovery.registerAction("first", ({ signal }) => clock.sleep(20 * SECOND, { signal }));
  const running = recovery.run();
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
  await clock.advance(5 * SECOND);
  await recovery.handleAnomaly({ anomalyType: "hang", severityScore: 1 });
  await clock.advance(5 * SECOND);
  assert.deepEqual(ran, ["third"]);
  assert.ok(looks >= 10, `${looks} looks`);
  recovery.stop();
  await running;
});

Deno.test("what waits is bounded, one of a type, by severity, in the storage", async () => {
  const storage = new MemoryRecoveryStorage();
  const yaml = `${CRASH}\nadvanced: { pending_max: 2 }`;
  const { recovery } = await policyWorld({ yaml, storage });
  for (
    const [anomalyType, severityScore] of [["a", 0.2], ["a", 0.3], ["b", 0.5], ["c", 0.4]] as const
  ) {
    await recovery.handleAnomaly({ anomalyType, severityScore });
  }
  const kept = await storage.list(["lanes", "node:local", "pending"], { limit: 10 });
  assert.deepEqual(kept.map(({ key }) => key.at(-1)), ["b", "c"]);
  assert.equal(recovery.getMetrics().anomalies_dropped, 1);
});

Deno.test("a dry run is no success and no recovery", async () => {
  const { recovery, clock } = await policyWorld({ yaml: CRASH, actions: OK });
  recovery.toggleDryRun();
  await anomaly({ recovery, clock } as never, "crash", 1);
  const { total_actions_executed, successful_actions, verified_recoveries, dry_run_actions } =
    recovery.getMetrics();
  assert.deepEqual([total_actions_executed, successful_actions, verified_recoveries], [0, 0, 0]);
  assert.equal(dry_run_actions, 2);
});

Deno.test("time to recovery is from detection to verified recovery", async () => {
  const world = await policyWorld({ yaml: CRASH, actions: { first: "helps", second: "ok" } });
  await world.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
  await world.clock.advance(12 * SECOND);
  await world.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
  await passing(world.clock, world.recovery.processPending());
  const { average_mttr_seconds, verified_recoveries } = world.recovery.getMetrics();
  assert.deepEqual([average_mttr_seconds, verified_recoveries], [42, 1]);
});

Deno.test("a state machine that cannot force safe mode is a failure", async () => {
  const stateMachine = {
    getCurrentPhase: () => "NOMINAL_OPS",
    forceSafeMode() {
      throw new Error("stuck");
    },
  };
  const { recovery } = await policyWorld({}, { stateMachine });
  const entry = await recovery.triggerAction({ actionType: "enter_safe_mode" });
  assert.deepEqual([entry.result, entry.error], ["failed", "Error: stuck"]);
});

Deno.test("every path asks for the phase, and one that is not known denies", async () => {
  const yaml = "recovery_actions: { cache_purge: { phase_restrictions: { NOMINAL: true } } }";
  for (const phase of ["LAUNCH", "", null, 7]) {
    const { recovery, clock, ran } = await policyWorld(
      { yaml, actions: { cache_purge: "ok" } },
      { stateMachine: { getCurrentPhase: () => phase } },
    );
    await passing(clock, recovery.handleEvent({ type: "health_check", state: RETRIES }));
    await recovery.triggerAction({ actionType: "cache_purge" });
    assert.deepEqual(ran, [], String(phase));
    assert.deepEqual(recovery.getMetrics().actions_by_result, { skipped_phase_restriction: 2 });
  }
});

Deno.test("without a file the built-in actions run; what is refused is on record", async () => {
  const { recovery, clock, ran } = await policyWorld({ actions: { safe_mode: "ok" } });
  const state = { ...UNWELL, ...RETRIES };
  await passing(clock, recovery.handleEvent({ type: "health_check", state }));
  assert.deepEqual(ran, ["safe_mode"]);
  assert.deepEqual(await told(recovery), ["cache_purge skipped_no_handler", "safe_mode success"]);
});

Deno.test("the type of an anomaly is a name, and never a path", async () => {
  for (const type of ["crash.escalation_chain", "__proto__", "constructor", "crash/x", "a\nb"]) {
    const world = await policyWorld({ yaml: CRASH, actions: OK });
    await anomaly(world, type, 1);
    assert.deepEqual(world.ran, [], type);
    const [entry] = await world.recovery.getActionHistory();
    assert.deepEqual([entry?.anomaly_type, entry?.result], [type, "no_policy"]);
  }
});

Deno.test("instances share no defaults, and a document is not changed by anybody", async () => {
  const [one, other] = [await policyWorld({}), await policyWorld({})];
  one.recovery.toggleDryRun();
  one.recovery.registerAction("safe_mode", () => {});
  await one.recovery.handleEvent({ type: "nonsense" });
  assert.equal(other.recovery.isDryRun(), false);
  assert.equal(other.recovery.getStatus().unknown_events, 0);
  const { result } = await other.recovery.triggerAction({ actionType: "safe_mode" });
  assert.equal(result, "skipped_no_handler");
});

for (
  const [what, text] of [
    ["no YAML", "enabled: ["],
    ["a list", "- enabled"],
    ["nothing", ""],
    ["a scalar for a map", "cooldowns: 5"],
    ["a text for a switch", "enabled: 'no'"],
    ["no poll interval", "poll_interval: 0"],
    ["a limit below one", "advanced: { max_actions_per_hour: -1 }"],
    ["a missing variable", "poll_interval: ${ORCHESTRATION_NOT_SET}"],
    ["a format of the log that is none", "logging: { log_file: a.log, format: xml }"],
    ["a webhook that is no URL", "logging: { slack_webhook: nonsense }"],
  ]
) {
  Deno.test(`a file with ${what} is refused, with its place, and nothing runs`, async () => {
    for (const kind of [RecoveryOrchestrator, EnhancedRecoveryOrchestrator]) {
      const recovery = new kind({
        configPath: "r.yaml",
        configOptions: { readText: () => Promise.resolve(text!), env: fixedEnv({}) },
      });
      await assert.rejects(recovery.run(), (error: Error) => {
        assert.equal(error.name, "ConfigError");
        assert.match(error.message, /r\.yaml/);
        return true;
      });
      await assert.rejects(recovery.handleEvent({ type: "health_check", state: UNWELL }));
      assert.equal(recovery.getStatus().running, false);
    }
  });
}

Deno.test("an action of one's own is counted under its name", async () => {
  for (const world of [basicWorld, policyWorld]) {
    const { recovery } = await world({ actions: { mine: "ok", yours: "throws" } });
    await recovery.triggerAction({ actionType: "mine" });
    await recovery.triggerAction({ actionType: "yours" });
    const { total_actions_executed, actions_by_type } = recovery.getMetrics();
    assert.equal(total_actions_executed, 2);
    assert.deepEqual([actions_by_type["mine"], actions_by_type["yours"]], [1, 1]);
  }
});

Deno.test("events at the same time make one action, which its cooldown sees", async () => {
  const { recovery, clock, ran } = await basicWorld({ actions: { cache_purge: "ok" } });
  const event = { type: "health_check", state: RETRIES };
  const events = Promise.all(Array.from({ length: 5 }, () => recovery.handleEvent(event)));
  await passing(clock, events);
  assert.deepEqual(ran, ["cache_purge"]);
});

Deno.test("stop does not wait for the poll, and two runs are one", async () => {
  const { recovery, clock } = await basicWorld({});
  const running = recovery.run();
  assert.equal(recovery.run(), running);
  await clock.advance(0);
  recovery.stop();
  await running;
  assert.equal(clock.monotonic(), 0);
});

Deno.test("a limit of 0 is none, and what is given are copies", async () => {
  const { recovery } = await basicWorld({ actions: { mine: "ok" } });
  await recovery.triggerAction({ actionType: "mine" });
  for (const limit of [0, -5, NaN]) {
    assert.deepEqual(await recovery.getActionHistory({ limit }), []);
  }
  assert.notEqual(recovery.getMetrics().actions_by_type, recovery.getMetrics().actions_by_type);
});

Deno.test("what goes wrong while nobody waits is counted, with its words", async () => {
  const { recovery, clock } = await basicWorld({ actions: { safe_mode: "ok" } });
  const state = { ...UNWELL, retry: { failures_1h: "many" } } as unknown as HealthState;
  await passing(clock, recovery.handleEvent({ type: "health_check", state }));
  const { faults, last_error } = recovery.getStatus();
  assert.equal(faults, 1);
  assert.match(last_error ?? "", /retry\.failures_1h/);
  assert.deepEqual(await told(recovery), ["safe_mode success"]);
});

Deno.test("an action for the cluster runs on the leader alone", async () => {
  const coordinator = { instanceId: "b", isLeader: false, getNodes: () => Promise.resolve([]) };
  const { recovery, ran } = await policyWorld(
    { actions: { alert_ground: "ok", safe_mode: "ok" } },
    {
      coordinator,
    },
  );
  const forAll = await recovery.triggerAction({ actionType: "alert_ground" });
  const forNode = await recovery.triggerAction({ actionType: "safe_mode" });
  assert.deepEqual([forAll.result, forNode.result], ["skipped_not_leader", "success"]);
  assert.deepEqual(ran, ["safe_mode"]);
});

Deno.test("history and counters outlive the process, up to what the file says", async () => {
  const storage = new MemoryRecoveryStorage();
  const yaml = "advanced: { max_history_entries: 150, max_actions_per_hour: 1000 }";
  const first = await policyWorld({ yaml, storage, actions: { mine: "ok" } });
  for (let turn = 0; turn < 160; turn++) {
    await first.recovery.triggerAction({ actionType: "mine" });
  }
  const second = await policyWorld({ yaml, storage, actions: { mine: "ok" } });
  assert.equal((await second.recovery.getActionHistory({ limit: 1_000 })).length, 150);
  await second.recovery.processPending();
  assert.equal(second.recovery.getMetrics().total_actions_executed, 160);
});

Deno.test("a dry run that was switched on stays on when the file is read again", async () => {
  let reads = 0;
  const { recovery, ran } = await policyWorld({ actions: { mine: "ok" } }, {
    configPath: "p.yaml",
    configOptions: {
      readText: () => Promise.resolve(`dry_run_mode: false # ${reads++}`),
      env: fixedEnv({}),
    },
  });
  recovery.toggleDryRun();
  await recovery.reload();
  assert.equal(reads, 2);
  await recovery.triggerAction({ actionType: "mine" });
  assert.deepEqual(ran, []);
});

Deno.test("the mode has one owner: recovery shows it the health at each look", async () => {
  const clock = new FakeClock();
  const seen: HealthState[] = [];
  const real = new FallbackManager({ clock });
  const fallbackManager = {
    cascade(state: HealthState) {
      seen.push(state);
      return real.cascade(state);
    },
    requestMode: real.requestMode.bind(real),
  };
  const healthMonitor = { getComprehensiveState: () => Promise.resolve(UNWELL) };
  const { recovery } = await basicWorld({ clock }, { fallbackManager, healthMonitor });
  const running = recovery.run();
  await clock.advance(0);
  await atRest();
  assert.deepEqual(seen, [UNWELL]);
  await clock.advance(30 * SECOND);
  assert.deepEqual(seen, [UNWELL, UNWELL]);
  assert.equal(real.mode, "SAFE");
  recovery.stop();
  await running;
});
