import assert from "node:assert/strict";
import type { Clock } from "../../../clock.ts";
import type { Agent } from "../../../engines/agent.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { newEngineFactoryCounts } from "../../../engines/factory/engine_factory_metrics.ts";
import { LiveEngines } from "../../../engines/factory/live_engines.ts";
import { UserEngineLimits } from "../../../engines/factory/user_engine_limits.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { runOf } from "./factory_case.ts";

function liveCase() {
  const clock = new FakeClock();
  const counts = newEngineFactoryCounts();
  const limits = new UserEngineLimits();
  const live = new LiveEngines({ clock, counts, idleMs: 300_000, lookEveryMs: 60_000 });
  const add = (isHeld = false, engineClock: Clock = clock) => {
    const context = runOf("ada");
    const engine = new UserExecutionEngine({
      context,
      clock: engineClock,
      agents: new Map<string, Agent>([["waiter", () => new Promise(() => {})], ["quick", () => 1]]),
    });
    live.add(engine, limits.take("ada", context.runId), isHeld);
    return engine;
  };
  return { clock, counts, limits, live, add };
}

/** A clock that plans nothing while it is broken. */
function failingClock(clock: FakeClock, isBroken: () => boolean = () => true): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, options) => clock.sleep(ms, options),
    after(ms, run) {
      if (isBroken()) throw new Error("no more timers");
      return clock.after(ms, run);
    },
  };
}

Deno.test("LiveEngines plans a look only while there are engines", async () => {
  const { clock, live, add } = liveCase();
  assert.deepEqual([clock.sleeperCount, live.isLooking], [0, false]);
  const [first, second] = [add(), add()];
  assert.deepEqual([clock.sleeperCount, live.isLooking], [1, true]);
  await live.end(first);
  assert.equal(clock.sleeperCount, 1);
  await live.end(second);
  assert.deepEqual([clock.sleeperCount, live.isLooking, live.size], [0, false, 0]);
});

Deno.test("LiveEngines reclaims an idle engine at the first look after its time, and stops looking", async () => {
  const { clock, counts, limits, live, add } = liveCase();
  const engine = add();
  await clock.advance(299_999);
  assert.equal(engine.isActive, true);
  await clock.advance(1);
  assert.equal(engine.isActive, false);
  assert.deepEqual([live.size, clock.sleeperCount, limits.size], [0, 0, 0]);
  assert.deepEqual([counts.timeout_cleanups, counts.total_engines_cleaned], [1, 1]);
});

Deno.test("LiveEngines never reclaims an engine that is busy or held", async () => {
  const { clock, live, add } = liveCase();
  const [busy, held] = [add(), add(true)];
  const running = busy.executeAgent({
    agentName: "waiter",
    context: busy.context,
    timeoutMs: 3_600_000,
  }, {});
  await clock.advance(1_800_000);
  assert.deepEqual([busy.isActive, held.isActive], [true, true]);
  await clock.advance(1_800_000);
  await running;
  await clock.advance(299_999);
  assert.equal(busy.isActive, true);
  await clock.advance(60_000);
  assert.equal(busy.isActive, false);
  await live.end(held);
});

Deno.test("LiveEngines counts an engine as idle from the look that saw it used", async () => {
  const { clock, live, add } = liveCase();
  const engine = add();
  await clock.advance(250_000);
  await engine.executeAgent({ agentName: "quick", context: engine.context }, {});
  await clock.advance(300_000);
  assert.equal(engine.isActive, true);
  await clock.advance(60_000);
  assert.deepEqual([engine.isActive, live.size], [false, 0]);
});

Deno.test("LiveEngines ends an engine once, for all who end it", async () => {
  const { counts, live, add } = liveCase();
  const engine = add();
  assert.deepEqual(await Promise.all([live.end(engine), live.end(engine)]), [true, true]);
  assert.equal(await live.end(engine), false);
  assert.equal(counts.total_engines_cleaned, 1);
});

Deno.test("LiveEngines keeps the place of an engine until its cleanup is over", async () => {
  const { clock, limits, live, add } = liveCase();
  const engine = add();
  const running = engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  const ended = live.end(engine);
  await clock.advance(1_000);
  assert.deepEqual([engine.isActive, live.size, limits.liveOf("ada")], [false, 1, 1]);
  await clock.advance(5_000);
  await Promise.all([ended, running]);
  assert.deepEqual([live.size, limits.liveOf("ada")], [0, 0]);
});

Deno.test("LiveEngines lets go of an engine that somebody else cleaned up, as soon as that is over", async () => {
  const { clock, counts, limits, live, add } = liveCase();
  const engine = add();
  const running = engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  const cleaned = engine.cleanup();
  await clock.advance(4_999);
  assert.deepEqual([engine.isActive, live.size, limits.liveOf("ada")], [false, 1, 1]);
  assert.throws(() => limits.take("ada", engine.context.runId), { code: "USER_ISOLATION" });
  await clock.advance(1);
  await Promise.all([cleaned, running]);
  assert.deepEqual([live.has(engine), live.size, limits.liveOf("ada")], [false, 0, 0]);
  assert.deepEqual([clock.sleeperCount, live.isLooking], [0, false]);
  assert.equal(counts.total_engines_cleaned, 1);
});

Deno.test("LiveEngines waits for the end that somebody else began", async () => {
  const { clock, counts, live, add } = liveCase();
  const engine = add();
  const running = engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  const cleaned = engine.cleanup();
  let isOver = false;
  const ended = live.end(engine).then((wasLive) => isOver = wasLive);
  await clock.advance(4_999);
  assert.equal(isOver, false);
  await clock.advance(1);
  assert.equal(await ended, true);
  await Promise.all([cleaned, running]);
  assert.equal(counts.total_engines_cleaned, 1);
});

Deno.test("LiveEngines does not reclaim an engine whose cleanup is under way", async () => {
  const { clock, counts, live, add } = liveCase();
  const engine = add();
  const request = { agentName: "waiter", context: engine.context, timeoutMs: 1_000 };
  const running = engine.executeAgent(request, {});
  await clock.advance(358_000);
  assert.equal((await running).status, "timed_out");
  const cleaned = engine.cleanup(); // waits for the agent, over the look at 360 s
  await clock.advance(10_000);
  await cleaned;
  assert.deepEqual([counts.timeout_cleanups, counts.total_engines_cleaned], [0, 1]);
  assert.equal(live.size, 0);
});

Deno.test("LiveEngines takes in nothing when no look can be planned", async () => {
  const { clock, counts, limits, live } = liveCase();
  const broken = new LiveEngines({
    counts,
    clock: failingClock(clock),
    idleMs: 300_000,
    lookEveryMs: 60_000,
  });
  const context = runOf("ada");
  const engine = new UserExecutionEngine({ context, clock, agents: new Map() });
  const slot = limits.take("ada", context.runId);
  assert.throws(() => broken.add(engine, slot, false), /no more timers/);
  assert.deepEqual([broken.size, broken.has(engine), broken.isLooking], [0, false, false]);
  assert.equal(counts.total_engines_created, 0);
  live.add(engine, slot, false);
  await live.end(engine);
});

Deno.test("LiveEngines counts an engine as busy that says so although no agent runs", async () => {
  const { clock, limits, live } = liveCase();
  const context = runOf("ada");
  // What an engine is between two steps of a pipeline.
  const engine = {
    context,
    engineId: "user_engine_1",
    isActive: true,
    isBusy: true,
    activeRuns: 0,
    ended: new Promise(() => {}),
    getStats: () => ({ total_executions: 0 }),
    cleanup: () => assert.fail("a busy engine was ended"),
  } as unknown as UserExecutionEngine;
  live.add(engine, limits.take("ada", context.runId), false);
  assert.equal(live.hasBusy, true);
  await clock.advance(3_600_000);
  assert.equal(live.size, 1);
});

Deno.test("LiveEngines counts a cleanup that fails, and gives the place back all the same", async () => {
  const { clock, counts, limits, live, add } = liveCase();
  let isBroken = false;
  const breaking = failingClock(clock, () => isBroken);
  const engine = add(false, breaking);
  const running = engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  await clock.advance(10);
  isBroken = true;
  const ended = live.end(engine);
  await clock.advance(10_000);
  assert.equal(await ended, true);
  await running.catch(() => {});
  assert.deepEqual([live.size, limits.size], [0, 0]);
  assert.deepEqual([counts.cleanup_errors, counts.total_engines_cleaned], [1, 0]);
});

Deno.test("LiveEngines is busy while an agent runs or a scope holds an engine", async () => {
  const { clock, live, add } = liveCase();
  assert.equal(live.hasBusy, false);
  const engine = add();
  assert.equal(live.hasBusy, false);
  const running = engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  await clock.advance(1);
  assert.equal(live.hasBusy, true);
  const ended = live.end(engine);
  await clock.advance(10_000);
  await Promise.all([ended, running]);
  const held = add(true);
  assert.equal(live.hasBusy, true);
  await live.end(held);
  assert.equal(live.hasBusy, false);
});

Deno.test("LiveEngines lists engines, the oldest first", async () => {
  const { clock, live, add } = liveCase();
  const first = add(true);
  await clock.advance(1_000);
  const second = add();
  assert.deepEqual(
    live.list().map(({ engine, sinceMs, isHeld }) => [engine.engineId, sinceMs, isHeld]),
    [[first.engineId, 0, true], [second.engineId, 1_000, false]],
  );
  await Promise.all([live.end(first), live.end(second)]);
});
