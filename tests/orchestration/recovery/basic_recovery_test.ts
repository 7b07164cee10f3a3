import assert from "node:assert/strict";
import type { HealthState } from "../../../health/health_state.ts";
import { ActionScope } from "../../../enums/action_scope.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { atRest, basicWorld, passing, policyWorld, told } from "./recovery_harness.ts";

const THREE = { circuit_restart: "ok", cache_purge: "ok", safe_mode: "ok" } as const;
const WELL: HealthState = { system: { failed_components: 0 } };
const UNWELL: HealthState = { system: { failed_components: 2 } };

/** A monitor that says what it is told to, and counts how often it was asked. */
function aMonitor(state: HealthState = WELL) {
  const monitor = {
    state,
    looks: 0,
    getComprehensiveState() {
      monitor.looks++;
      return Promise.resolve(monitor.state);
    },
  };
  return monitor;
}

for (const [kind, world] of [["basic", basicWorld], ["policies", policyWorld]] as const) {
  Deno.test(`run ends at once when recovery is switched off (${kind})`, async () => {
    const healthMonitor = aMonitor(UNWELL);
    const { recovery, clock } = await world({ yaml: "enabled: false" }, { healthMonitor });
    await recovery.run();
    assert.equal(recovery.isRunning, false);
    assert.equal(recovery.getStatus().running, false);
    assert.equal(healthMonitor.looks, 0);
    assert.equal(clock.sleeperCount, 0);
  });

  Deno.test(`run looks once per poll, and leaves nothing behind (${kind})`, async () => {
    const healthMonitor = aMonitor();
    const { recovery, clock } = await world({ yaml: "poll_interval: 10" }, { healthMonitor });
    const running = recovery.run();
    await clock.advance(0);
    await atRest();
    assert.equal(recovery.getStatus().running, true);
    assert.equal(recovery.getMetrics().running, true);
    assert.equal(healthMonitor.looks, 1);
    assert.equal(clock.sleeperCount, 1, "one timer when idle");
    await clock.advance(9_999);
    assert.equal(healthMonitor.looks, 1);
    await clock.advance(1);
    assert.equal(healthMonitor.looks, 2);
    recovery.stop();
    await running;
    assert.equal(recovery.getStatus().running, false);
    assert.equal(clock.sleeperCount, 0);
    await clock.advance(100_000);
    assert.equal(healthMonitor.looks, 2);
  });

  Deno.test(`run called while it runs gives the run under way (${kind})`, async () => {
    const healthMonitor = aMonitor();
    const { recovery, clock } = await world({}, { healthMonitor });
    const running = recovery.run();
    assert.equal(recovery.run(), running);
    await clock.advance(0);
    assert.equal(recovery.run(), running);
    await clock.advance(30_000);
    assert.equal(healthMonitor.looks, 2, "one loop");
    recovery.stop();
    recovery.stop();
    await running;
  });

  Deno.test(`stop ends a run that has only just begun (${kind})`, async () => {
    const healthMonitor = aMonitor();
    const { recovery, clock } = await world({}, { healthMonitor });
    const running = recovery.run();
    recovery.stop();
    await running;
    assert.equal(healthMonitor.looks, 0);
    assert.equal(clock.sleeperCount, 0);
  });

  Deno.test(`stop before run does not keep it from running (${kind})`, async () => {
    const healthMonitor = aMonitor();
    const { recovery, clock } = await world({}, { healthMonitor });
    recovery.stop();
    const running = recovery.run();
    await clock.advance(0);
    await atRest();
    assert.equal(healthMonitor.looks, 1);
    recovery.stop();
    await running;
  });

  Deno.test(`run again after stop goes on (${kind})`, async () => {
    const healthMonitor = aMonitor(UNWELL);
    const { recovery, clock, ran } = await world(
      { actions: { safe_mode: "ok" }, yaml: "advanced: { verify_recovery_success: false }" },
      { healthMonitor },
    );
    for (let round = 1; round <= 3; round++) {
      const running = recovery.run();
      await clock.advance(0);
      await atRest();
      assert.equal(healthMonitor.looks, round);
      recovery.stop();
      await running;
      assert.equal(clock.sleeperCount, 0);
    }
    assert.deepEqual(ran, ["safe_mode"], "the cooldown outlives a run");
  });

  Deno.test(`run ends by its signal (${kind})`, async () => {
    const { recovery, clock } = await world({}, { healthMonitor: aMonitor() });
    const stop = new AbortController();
    const running = recovery.run({ signal: stop.signal });
    await clock.advance(0);
    stop.abort();
    await running;
    assert.equal(clock.sleeperCount, 0);
    await recovery.run({ signal: stop.signal });
    assert.equal(recovery.isRunning, false, "a signal that has aborted starts nothing");
  });

  Deno.test(`stop waits for an action that does not heed its signal ten seconds at most (${kind})`, async () => {
    const { recovery, clock } = await world({}, { healthMonitor: aMonitor(UNWELL) });
    const signals: AbortSignal[] = [];
    recovery.registerAction("safe_mode", ({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const running = recovery.run();
    await clock.advance(0);
    await atRest();
    assert.deepEqual(recovery.getStatus().executing_actions, ["safe_mode"]);
    recovery.stop();
    assert.equal(signals[0]?.aborted, true);
    let isOver = false;
    running.then(() => isOver = true);
    await clock.advance(9_999);
    assert.equal(isOver, false);
    await clock.advance(1);
    await running;
    assert.equal(clock.sleeperCount, 0);
  });

  Deno.test(`stop lets an action end before it is run again (${kind})`, async () => {
    const { recovery, clock } = await world({});
    let live = 0;
    let most = 0;
    recovery.registerAction("safe_mode", async ({ signal }) => {
      most = Math.max(most, ++live);
      await clock.sleep(5_000).finally(() => live--);
      signal.throwIfAborted();
    }, { scope: "node" });
    const first = recovery.triggerAction({ actionType: "safe_mode" });
    first.catch(() => {});
    await atRest();
    assert.equal(live, 1);
    recovery.stop();
    const other = recovery.triggerAction({ actionType: "cache_purge" });
    await passing(clock, other);
    await passing(clock, recovery.run({ signal: AbortSignal.abort() }));
    assert.equal(most, 1);
    recovery.stop();
    await clock.advance(20_000);
  });

  Deno.test(`run after stop is another run (${kind})`, async () => {
    const { recovery, clock } = await world({}, { healthMonitor: aMonitor() });
    const first = recovery.run();
    await clock.advance(0);
    recovery.stop();
    const second = recovery.run();
    await first;
    await clock.advance(0);
    await atRest();
    assert.equal(recovery.isRunning, true);
    recovery.stop();
    await second;
    assert.equal(recovery.isRunning, false);
    assert.equal(clock.sleeperCount, 0);
  });

  Deno.test(`run survives a monitor that fails, and says so (${kind})`, async () => {
    const healthMonitor = aMonitor(UNWELL);
    let isBroken = true;
    const broken = {
      getComprehensiveState() {
        if (isBroken) return Promise.reject(new Error("no answer"));
        return healthMonitor.getComprehensiveState();
      },
    };
    const { recovery, clock, ran } = await world(
      { actions: { safe_mode: "ok" } },
      { healthMonitor: broken },
    );
    const running = recovery.run();
    await clock.advance(0);
    await atRest();
    assert.equal(recovery.getStatus().faults, 1);
    assert.match(recovery.getStatus().last_error ?? "", /no answer/);
    isBroken = false;
    await clock.advance(30_000);
    assert.deepEqual(ran, ["safe_mode"]);
    recovery.stop();
    await running;
  });

  Deno.test(`run goes on with an action that a process left unfinished (${kind})`, async () => {
    const clock = new FakeClock();
    const storage = new MemoryRecoveryStorage();
    const first = await world({ clock, storage }, { healthMonitor: aMonitor(UNWELL) });
    const attempts: number[] = [];
    const ids = new Set<string>();
    first.recovery.registerAction("safe_mode", ({ attempt, executionId }) => {
      attempts.push(attempt);
      ids.add(executionId);
      return new Promise(() => {});
    });
    const running = first.recovery.run();
    await clock.advance(0);
    await atRest();
    first.recovery.stop();
    await passing(clock, running, { steps: 10 });

    const second = await world({ clock, storage }, {});
    second.recovery.registerAction("safe_mode", ({ attempt, executionId }) => {
      attempts.push(attempt);
      ids.add(executionId);
    });
    const again = second.recovery.run();
    await clock.advance(0);
    await atRest();
    assert.deepEqual(attempts, [1, 2]);
    assert.equal(ids.size, 1, "one decision");
    assert.deepEqual(await told(second.recovery), ["safe_mode success"]);
    assert.equal(second.recovery.getMetrics().interrupted_actions, 1);
    second.recovery.stop();
    await again;
  });

  Deno.test(`pause holds recovery back until it expires (${kind})`, async () => {
    const { recovery, clock, ran } = await world(
      { actions: { safe_mode: "ok" } },
      { healthMonitor: aMonitor(UNWELL) },
    );
    const pause = await recovery.pause({
      reason: "maintenance",
      actor: "ann",
      expiresInMs: 45_000,
    });
    assert.equal(pause.until, "2026-01-01T00:00:45.000Z");
    const running = recovery.run();
    await clock.advance(30_000);
    await atRest();
    assert.deepEqual(ran, []);
    const [entry] = await recovery.getActionHistory();
    assert.equal(entry?.result, "skipped_paused");
    assert.match(entry.error ?? "", /maintenance \(ann, until 2026-01-01T00:00:45/);
    assert.equal(entry.repeats, 1, "the same refusal is one entry");
    assert.equal(recovery.getMetrics().skipped_actions, 2, "and counts each time");
    await clock.advance(30_000);
    await atRest();
    assert.deepEqual(ran, ["safe_mode"]);
    recovery.stop();
    await running;
  });

  Deno.test(`resume ends a pause, and by hand actions run all the same (${kind})`, async () => {
    const { recovery, clock, ran } = await world({ actions: THREE });
    const { id } = await recovery.pause({ reason: "maintenance", actor: "ann" });
    const { result } = await recovery.triggerAction({ actionType: "cache_purge", actor: "ann" });
    assert.equal(result, "success");
    const check = { type: "health_check", state: UNWELL };
    await passing(clock, recovery.handleEvent(check));
    assert.deepEqual(await recovery.resume("another"), []);
    await passing(clock, recovery.handleEvent(check));
    assert.deepEqual((await recovery.resume(id)).map((each) => each.id), [id]);
    await passing(clock, recovery.handleEvent(check));
    assert.deepEqual(ran, ["cache_purge", "safe_mode"]);
  });

  Deno.test(`a pause outlives the process that asked for it (${kind})`, async () => {
    const storage = new MemoryRecoveryStorage();
    const first = await world({ storage });
    await first.recovery.pause({ reason: "maintenance", actor: "ann" });
    const { recovery, clock } = await world({ storage, actions: THREE });
    await passing(clock, recovery.handleEvent({ type: "health_check", state: UNWELL }));
    assert.deepEqual(await told(recovery), ["safe_mode skipped_paused"]);
  });

  for (
    const [what, options] of [
      ["no reason", { reason: " ", actor: "ann" }],
      ["nobody", { reason: "x", actor: "" }],
    ] as const
  ) {
    Deno.test(`pause refuses ${what} (${kind})`, async () => {
      const { recovery } = await world({});
      await assert.rejects(recovery.pause(options), TypeError);
    });
  }

  Deno.test(`registerAction refuses what is none (${kind})`, async () => {
    const { recovery } = await world({});
    assert.throws(() => recovery.registerAction("", () => {}), TypeError);
    assert.throws(() => recovery.registerAction("x", null as never), TypeError);
    assert.throws(() => recovery.registerAction("x", () => {}, { scope: "moon" as never }), {
      name: "UnknownEnumValueError",
    });
  });

  Deno.test(`registerAction takes the names that every object has (${kind})`, async () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
    const { recovery, ran } = await world({
      actions: Object.fromEntries(names.map((name) => [name, "ok"])),
    });
    for (const actionType of names) {
      const { result } = await recovery.triggerAction({ actionType });
      assert.equal(result, "success", actionType);
    }
    assert.deepEqual(ran, names);
    const { actions_by_type } = recovery.getMetrics();
    for (const name of names) {
      assert.equal(Object.getOwnPropertyDescriptor(actions_by_type, name)?.value, 1, name);
      const cooldown = Object.getOwnPropertyDescriptor(recovery.getCooldownStatus(), name);
      assert.equal(cooldown?.value.available, false, name);
    }
  });

  Deno.test(`a handler is told what it needs, frozen (${kind})`, async () => {
    const { recovery, clock } = await world({});
    let seen: unknown;
    recovery.registerAction("mine", (context) => {
      const { signal, clock: given, executionId, ...rest } = context;
      seen = { ...rest, isSignal: signal instanceof AbortSignal, isClock: given === clock };
      assert.notEqual(executionId, "");
      assert.throws(() => (context.params as Record<string, unknown>)["a"] = 2, TypeError);
      return "done";
    }, { scope: ActionScope.NODE });
    const entry = await recovery.triggerAction({
      actionType: "mine",
      params: { a: 1 },
      reason: "to see",
      actor: "ann",
    });
    assert.equal(entry.error, null);
    assert.deepEqual([entry.report, entry.actor], ["done", "ann"]);
    assert.deepEqual(seen, {
      action: "mine",
      params: { a: 1 },
      fence: null,
      attempt: 1,
      dryRun: false,
      reason: "to see",
      cause: {
        trigger: "manual_trigger",
        type: "mine",
        severity: 1,
        confidence: 1,
        recurrenceCount: 0,
        durationSeconds: 0,
        metadata: {},
      },
      isSignal: true,
      isClock: true,
    });
  });
}
