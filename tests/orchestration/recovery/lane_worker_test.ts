import assert from "node:assert/strict";
import { RecoveryResult } from "../../../enums/recovery_result.ts";
import { addPause } from "../../../orchestration/recovery/recovery_pause.ts";
import { aRequest, gate, MachineWorld, policyOf, TestTerm } from "./machine_world.ts";

const MINUTE_MS = 60_000;

/** Chains of one step each; the actions run until the test opens their gates. */
async function slowActions(
  names: readonly string[],
  advanced: object,
): Promise<{ readonly world: MachineWorld; readonly gates: readonly ReturnType<typeof gate>[] }> {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: Object.fromEntries(names.map((name) => [`of_${name}`, policyOf(name)])),
    advanced,
  });
  const gates = names.map(() => gate());
  for (const [i, name] of names.entries()) world.action(name, () => gates[i]!.opened);
  for (const name of names) await world.enqueue(`of_${name}`);
  return { world, gates };
}

Deno.test("LaneWorker runs one action at a time when concurrency is 1, and the next when it ended", async () => {
  const { world, gates } = await slowActions(["a", "b"], { max_concurrent_actions: 1 });
  const process = world.start();
  await world.clock.advance(1_000);
  assert.deepEqual(world.effects.map(({ action }) => action), ["a"]);
  assert.deepEqual(process.worker.running, ["a"]);
  gates[0]!.open();
  await world.clock.advance(0);
  assert.deepEqual(world.effects.map(({ action }) => action), ["a", "b"]);
  gates[1]!.open();
  await world.clock.advance(0);
  assert.deepEqual(await world.results(), ["a success", "b success"]);
  await world.end(process);
});

Deno.test("LaneWorker runs the same action of two chains one after the other when two may run", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { one: policyOf("same"), two: policyOf("same") },
    advanced: { max_concurrent_actions: 2 },
    cooldowns: { same: 0 },
  });
  let running = 0;
  let most = 0;
  world.action("same", async ({ clock }) => {
    most = Math.max(most, ++running);
    await clock.sleep(5_000);
    running--;
  });
  await world.enqueue("one");
  await world.enqueue("two");
  const process = world.start();
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(await world.results(), ["same success", "same success"]);
  assert.equal(most, 1);
  await world.end(process);
});

Deno.test("LaneWorker records skipped_concurrency when more actions would wait than may", async () => {
  const names = ["a", "b", "c", "d"];
  const advanced = { max_concurrent_actions: 1, max_waiting_actions: 1 };
  const { world, gates } = await slowActions(names, advanced);
  const process = world.start();
  await world.clock.advance(1_000);
  assert.equal(process.worker.waiting, 2, "there is no room for their chains yet");
  for (const name of ["c", "d"]) {
    const request = aRequest(name);
    await world.put([...world.keys.requests, request.id], request);
  }
  process.worker.wake();
  await world.clock.advance(1_000);
  const refused = (await world.results()).toSorted();
  assert.deepEqual(refused, ["c skipped_concurrency", "d skipped_concurrency"]);
  for (const each of gates) each.open();
  await world.clock.advance(1_000);
  assert.deepEqual(world.effects.map(({ action }) => action), names);
  await world.end(process);
});

Deno.test("LaneWorker lets another action run while it is looked whether one helped", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { one: policyOf("looked_at"), two: policyOf("other") },
    advanced: { max_concurrent_actions: 1, verification_delay_seconds: 30 },
  });
  world.action("looked_at", () => {}, { verify: () => true });
  world.action("other");
  await world.enqueue("one", { severityScore: 1 });
  await world.enqueue("two", { severityScore: 0.5 });
  const process = world.start();
  await world.clock.advance(10_000);
  assert.deepEqual(await world.results(), ["other success"]);
  assert.deepEqual(process.worker.running, []);
  await world.clock.advance(30_000);
  assert.deepEqual(await world.results(), ["other success", "looked_at success"]);
  await world.end(process);
});

Deno.test("LaneWorker leaves nothing behind when it is stopped, wherever its chains are", async () => {
  const cases: readonly {
    readonly name: string;
    readonly arrange: (world: MachineWorld) => void;
    readonly advanceMs: number;
  }[] = [
    {
      name: "waiting for a turn",
      arrange: (world) => world.action("one", () => new Promise(() => {})),
      advanceMs: 1_000,
    },
    {
      name: "an action that does not heed its signal",
      arrange: (world) => world.action("one", () => new Promise(() => {})),
      advanceMs: 0,
    },
    {
      name: "a look that never ends",
      arrange: (world) =>
        world.action("one", () => {}, { verify: () => new Promise<boolean>(() => {}) }),
      advanceMs: 31_000,
    },
  ];
  for (const { name, arrange, advanceMs } of cases) {
    const world = await MachineWorld.open({
      poll_interval: 3_600,
      recovery_policies: { first: policyOf("one"), second: policyOf("one", "two") },
      advanced: { max_concurrent_actions: 2 },
    });
    world.action("two");
    arrange(world);
    await world.enqueue("first");
    await world.enqueue("second");
    const process = world.start();
    await world.clock.advance(advanceMs);
    assert.ok(world.effects.length > 0, `${name}: nothing ran`);
    const before = await world.results();
    await world.endAfterGrace(process);
    await world.clock.advance(MINUTE_MS);
    assert.deepEqual(await world.results(), before, name);
  }
});

Deno.test("LaneWorker asks a storage that is away about once a second, and stops at once", async () => {
  const away: readonly { readonly name: string; readonly beforeMs: number }[] = [
    { name: "before the decision", beforeMs: 0 },
    { name: "in a step's pause", beforeMs: 1_000 },
    { name: "before a look", beforeMs: 31_000 },
  ];
  for (const { name, beforeMs } of away) {
    const world = await MachineWorld.open({
      poll_interval: 30,
      recovery_policies: { crash: policyOf("a", "looked_at") },
      advanced: { step_delay_seconds: 20, max_verification_attempts: 100 },
    });
    world.action("a");
    world.action("looked_at", () => {}, { verify: () => false });
    await world.enqueue("crash");
    const process = world.start({ term: new TestTerm(1), inboxMs: 1_000 });
    if (beforeMs === 0) {
      process.storage.onCommit = (number) => process.storage.isAway = number === 3;
    }
    await world.clock.advance(beforeMs);
    process.storage.isAway = true;
    const before = process.storage.calls;
    await world.clock.advance(10 * MINUTE_MS);
    const calls = process.storage.calls - before;
    // Once a second for the chain, once for the inbox.
    assert.ok(calls >= 300 && calls <= 1_300, `${name}: ${calls} calls in 600 s`);
    await world.end(process);
  }
});

Deno.test("LaneWorker tells once that its storage is away, wherever its chains are", async () => {
  for (const beforeMs of [0, 100, 2_000, 4_500, 31_000]) {
    const world = await MachineWorld.open({
      poll_interval: 30,
      recovery_policies: { crash: policyOf("retried", "looked_at") },
      recovery_actions: { retried: { max_retries: 1 } },
      advanced: { step_delay_seconds: 2 },
    });
    world.action("retried", async ({ attempt, clock, signal }) => {
      await clock.sleep(50, { signal });
      if (attempt === 1) throw new Error("not yet");
    });
    world.action("looked_at", () => {}, { verify: () => true });
    await world.enqueue("crash");
    const process = world.start({ inboxMs: 1_000 });
    await world.clock.advance(beforeMs);
    const before = world.telemetry.faults;
    process.storage.isAway = true;
    await world.clock.advance(10 * MINUTE_MS);
    assert.equal(world.telemetry.faults - before, 1, `after ${beforeMs} ms`);
    assert.match(world.telemetry.lastFault ?? "", /^storage: StoreUnavailableError/);
    process.storage.isAway = false;
    await world.clock.advance(5 * MINUTE_MS);
    assert.deepEqual(await world.results(), ["retried success", "looked_at success"]);
    assert.equal((await world.ledger()).counters.interrupted, 0, `after ${beforeMs} ms`);
    await world.end(process);
  }
});

Deno.test("LaneWorker looks as often as the rules say now, once it is woken", async () => {
  const world = await MachineWorld.open({ poll_interval: 3_600 });
  let looks = 0;
  world.health = () => (looks++, {});
  const process = world.start();
  await world.clock.advance(10_000);
  assert.equal(looks, 1);
  world.rules = { ...world.rules, pollMs: 15_000 };
  process.worker.wake();
  await world.clock.advance(4_999);
  assert.equal(looks, 1);
  await world.clock.advance(1);
  assert.equal(looks, 2, "counted from the last look");
  world.rules = { ...world.rules, pollMs: 60_000 };
  process.worker.wake();
  await world.clock.advance(59_000);
  assert.equal(looks, 2, "a longer interval");
  await world.clock.advance(1_000);
  assert.equal(looks, 3);
  await world.end(process);
});

Deno.test("LaneWorker goes on with what waits while the monitor gives no answer, and asks it once", async () => {
  const world = await MachineWorld.open({
    poll_interval: 1,
    recovery_policies: { crash: policyOf("a") },
  });
  world.action("a", () => {}, { verify: false });
  const answered = gate();
  let asked = 0;
  const healthMonitor = {
    getComprehensiveState: async () => {
      asked++;
      await answered.opened;
      throw new Error("no figures");
    },
  };
  world.parts = { healthMonitor };
  const process = world.start();
  await world.clock.advance(5_000);
  await world.enqueue("crash");
  process.worker.noteWaiting();
  await world.clock.advance(0);
  assert.deepEqual(await world.results(), ["a success"]);
  assert.equal(asked, 1);
  let isOver = false;
  void process.ended.then(() => isOver = true);
  process.stop();
  await world.clock.advance(0);
  assert.equal(isOver, false, "the look is not over yet");
  answered.open();
  await world.end(process);
});

Deno.test("LaneWorker counts what a look throws, and looks again", async () => {
  const world = await MachineWorld.open({ poll_interval: 10 });
  world.health = () => {
    throw new Error("no figures");
  };
  const process = world.start();
  await world.clock.advance(25_000);
  assert.equal(world.telemetry.faults, 3);
  assert.match(world.telemetry.lastFault ?? "", /^health: Error: no figures/);
  await world.end(process);
});

Deno.test("LaneWorker goes on where it was when the storage is back", async () => {
  const world = await MachineWorld.open({
    poll_interval: 30,
    recovery_policies: { crash: policyOf("a", "b") },
    advanced: { step_delay_seconds: 5 },
  });
  world.action("a");
  world.action("b");
  await world.enqueue("crash");
  const process = world.start();
  await world.clock.advance(1_000);
  process.storage.isAway = true;
  await world.clock.advance(10 * MINUTE_MS);
  assert.deepEqual(await world.results(), ["a success"]);
  process.storage.isAway = false;
  await world.clock.advance(2_000);
  assert.deepEqual(await world.results(), ["a success", "b success"]);
  assert.equal(world.effects.length, 2);
  await world.end(process);
});

Deno.test("LaneWorker does not spin when its commits are refused again and again", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("a") },
  });
  world.action("a");
  await world.enqueue("crash");
  const term = new TestTerm(1);
  const process = world.start({ term, inboxMs: 1_000 });
  for (let number = 1; number <= 10_000; number++) process.storage.plan.set(number, "refused");
  await world.clock.advance(10_000);
  assert.ok(process.storage.commits <= 250, `${process.storage.commits} commits in 10 s`);
  assert.equal(world.effects.length, 0);
  await world.end(process);
});

Deno.test("LaneWorker has one timer when there is nothing to do", async () => {
  const world = await MachineWorld.open({ poll_interval: 30 });
  const process = world.start({ inboxMs: 1_000 });
  await world.clock.advance(10_000);
  assert.equal(world.clock.sleeperCount, 1);
  await world.end(process);
});

Deno.test("LaneWorker takes what comes in when it is woken, and not before the next look otherwise", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("a"), other: policyOf("b") },
  });
  world.action("a");
  world.action("b");
  const process = world.start();
  await world.clock.advance(1_000);
  await world.enqueue("crash");
  await world.clock.advance(1_000);
  assert.equal(world.effects.length, 0);
  process.worker.noteWaiting();
  await world.clock.advance(0);
  assert.deepEqual(world.effects.map(({ action, atMs }) => [action, atMs]), [["a", 2_000]]);
  const second = world.start({ inboxMs: 500 });
  await world.clock.advance(100);
  await world.enqueue("other");
  await world.clock.advance(500);
  assert.equal(world.effects.length, 2);
  await world.end(process, second);
});

Deno.test("LaneWorker waits between steps for as long as the file says", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("a", { action: "b", condition: "severity > 2" }, "c") },
    advanced: { step_delay_seconds: 2 },
  });
  world.action("a");
  world.action("c");
  await world.enqueue("crash");
  const process = world.start();
  await world.clock.advance(MINUTE_MS);
  assert.deepEqual(world.effects.map(({ atMs }) => atMs), [0, 4_000]);
  assert.deepEqual(await world.results(), ["a success", "b condition_not_met", "c success"]);
  await world.end(process);
});

Deno.test("LaneWorker goes on with the next step when a condition cannot be answered", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("a") },
  });
  world.action("a");
  world.action("c");
  await world.put([...world.keys.chains, "x"], {
    ...await storedChain(world),
    steps: [
      { action: "a", condition: "severity >", params: {}, timeoutMs: 1_000 },
      { action: "c", condition: "always", params: {}, timeoutMs: 1_000 },
    ],
  });
  const process = world.start();
  await world.clock.advance(1_000);
  assert.deepEqual(await world.results(), ["a condition_error", "c success"]);
  await world.end(process);
});

/** A chain as it stands in the storage before its first step. */
async function storedChain(world: MachineWorld): Promise<object> {
  const scratch = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("a") },
  });
  await scratch.enqueue("crash");
  const process = scratch.start();
  process.storage.onCommit = (number, moment) => {
    if (number === 2 && moment === "after") process.die();
  };
  await scratch.clock.advance(1_000);
  const [chain] = await scratch.chains();
  assert.ok(chain, "no chain was stored");
  await scratch.end(process);
  assert.equal(world.effects.length, 0);
  return { ...chain, id: "x" };
}

Deno.test("LaneWorker tells who asked for an action what became of it, however its commits fare", async () => {
  for (const fault of [null, "refused", "lost before", "lost after", "late"] as const) {
    for (let number = 2; number <= 4; number++) {
      const world = await MachineWorld.open({ poll_interval: 3_600 });
      world.action("a", () => "report");
      const process = world.start();
      await world.clock.advance(0);
      if (fault !== null) process.storage.plan.set(number, fault);
      const asked = process.worker.perform(aRequest("a"));
      await world.clock.advance(10_000);
      const entry = await asked;
      const name = `commit ${number} ${fault}`;
      assert.equal(entry?.result, RecoveryResult.SUCCESS, name);
      assert.deepEqual((await world.history()).map(({ id }) => id), [entry?.id], name);
      assert.equal(world.effects.length, 1, name);
      await world.end(process);
    }
  }
});

Deno.test("LaneWorker answers null to who asked for an action when it is stopped meanwhile", async () => {
  const world = await MachineWorld.open({ poll_interval: 3_600 });
  world.action("a", () => new Promise(() => {}));
  const process = world.start();
  const asked = process.worker.perform(aRequest("a"));
  await world.clock.advance(1_000);
  await world.endAfterGrace(process);
  assert.equal(await asked, null);
});

Deno.test("LaneWorker refuses while recovery is paused, but not what a person asks for", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("a") },
  });
  world.action("a");
  await addPause(world.memory, { reason: "deploy", actor: "ann" }, world.clock.now());
  await world.enqueue("crash");
  const process = world.start();
  await world.clock.advance(1_000);
  const asked = process.worker.perform(aRequest("a"));
  await world.clock.advance(1_000);
  assert.equal((await asked)?.result, RecoveryResult.SUCCESS);
  assert.deepEqual(await world.results(), ["a skipped_paused", "a success"]);
  await world.end(process);
});

Deno.test("LaneWorker goes on with all chains of a worker before it, each from where it stood", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { one: policyOf("a", "b"), two: policyOf("c", "d") },
    advanced: { step_delay_seconds: 60, max_concurrent_actions: 4 },
  });
  for (const name of ["a", "b", "c", "d"]) world.action(name);
  await world.enqueue("one");
  await world.enqueue("two");
  const first = world.start({ term: new TestTerm(1) });
  await world.clock.advance(1_000);
  first.die();
  const second = world.start({ term: new TestTerm(2) });
  await world.clock.advance(2 * MINUTE_MS);
  const ran = world.effects.map(({ action, fence }) => `${action} ${fence}`).sort();
  assert.deepEqual(ran, ["a fence-1", "b fence-2", "c fence-1", "d fence-2"]);
  const { byAnomaly } = await world.ledger();
  assert.deepEqual(Object.fromEntries(byAnomaly), { one: 1, two: 1 });
  await world.end(first, second);
});

Deno.test("LaneWorker ends a cooldown on time though an earlier worker's clock was an hour ahead", async () => {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("a") },
    cooldowns: { a: 300 },
  });
  world.action("a");
  await world.enqueue("crash");
  const first = world.start();
  await world.clock.advance(1_000);
  first.die();
  world.clock.jumpWall(-3_600_000);
  const second = world.start();
  await world.clock.advance(200_000);
  await world.enqueue("crash");
  second.worker.wake();
  await world.clock.advance(101_000);
  await world.enqueue("crash");
  second.worker.wake();
  await world.clock.advance(1_000);
  assert.deepEqual(await world.results(), ["a success", "a skipped_cooldown", "a success"]);
  await world.end(first, second);
});
