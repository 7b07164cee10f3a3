import assert from "node:assert/strict";
import { RecoveryResult } from "../../../enums/recovery_result.ts";
import { pendingOf } from "../../../orchestration/recovery/anomaly_event.ts";
import { aRequest, gate, MachineWorld, policyOf } from "./machine_world.ts";

const IDLE = { poll_interval: 3_600 };

Deno.test("LaneInbox takes requests of people first, then anomalies, the most severe first", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: {
      mild: policyOf("for_mild"),
      severe: policyOf("for_severe"),
      medium: policyOf("for_medium"),
    },
  });
  for (const name of ["for_mild", "for_severe", "for_medium", "asked"]) world.action(name);
  await world.enqueue("mild", { severityScore: 0.2 });
  await world.enqueue("medium", { severityScore: 0.5 });
  await world.enqueue("severe", { severityScore: 0.9 });
  const request = aRequest("asked", { params: { host: "h" }, reason: "test" });
  await world.put([...world.keys.requests, request.id], request);
  const process = world.start();
  await world.clock.advance(1_000);
  const order = world.effects.map(({ action }) => action);
  assert.deepEqual(order, ["asked", "for_severe", "for_medium", "for_mild"]);
  assert.equal(process.worker.waiting, 0);
  const [asked] = await world.history();
  assert.deepEqual(
    [asked?.trigger, asked?.actor, asked?.request_id, asked?.reason, asked?.params],
    ["manual_trigger", "ann", request.id, "test", { host: "h" }],
  );
  assert.deepEqual(await world.memory.list(world.keys.requests, { limit: 10 }), []);
  await world.end(process);
});

Deno.test("LaneInbox drops, counts and reports what cannot be read, and takes the rest", async () => {
  const whole = { ...IDLE, recovery_policies: { crash: policyOf("a") } };
  const values: readonly unknown[] = [null, 1, "text", [], {}, { type: "x" }, {
    type: "x",
    severity: 7,
    confidence: 0,
    metadata: {},
    recurrenceCount: 0,
    firstMs: 0,
    lastMs: 0,
    told: 1,
    node: "n",
  }];
  for (const place of ["pending", "requests"] as const) {
    const world = await MachineWorld.open(whole);
    world.action("a");
    for (const [i, value] of values.entries()) {
      await world.put([...world.keys[place], `bad${i}`], value);
    }
    await world.enqueue("crash");
    const process = world.start();
    await world.clock.advance(1_000);
    assert.deepEqual(await world.results(), ["a success"], place);
    assert.deepEqual(await world.memory.list(world.keys[place], { limit: 100 }), [], place);
    assert.equal(world.telemetry.faults, values.length, place);
    assert.match(world.telemetry.lastFault ?? "", /cannot be read/, place);
    assert.equal(process.worker.waiting, 0, place);
    const { dropped } = (await world.ledger()).counters;
    assert.equal(dropped, place === "pending" ? values.length : 0, "of anomalies only");
    await world.end(process);
  }
});

Deno.test("LaneInbox lets an anomaly of a type under way wait, and counts that it came back", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: {
      crash: policyOf("a", { action: "b", condition: "recurrence_count >= 1" }),
    },
    cooldowns: { a: 0 },
  });
  const { opened, open } = gate();
  world.action("a", ({ attempt }) => attempt === 1 && world.effects.length === 1 ? opened : null);
  world.action("b");
  await world.enqueue("crash");
  const process = world.start();
  await world.clock.advance(1_000);
  await world.enqueue("crash");
  process.worker.noteWaiting();
  await world.clock.advance(10_000);
  assert.equal(world.effects.length, 1);
  assert.deepEqual(await world.pending(), ["crash"]);
  assert.equal(process.worker.waiting, 1);
  open();
  await world.clock.advance(0);
  const wanted = ["a success", "b condition_not_met", "a success", "b success"];
  assert.deepEqual(await world.results(), wanted);
  const entries = await world.history();
  assert.deepEqual(entries.map(({ recurrence_count }) => recurrence_count), [0, 0, 1, 1]);
  assert.equal(process.worker.waiting, 0);
  await world.end(process);
});

Deno.test("LaneInbox records no_policy and below_threshold, the same again as a repeat", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { crash: { ...policyOf("a"), severity_threshold: 0.5 } },
  });
  world.action("a");
  const process = world.start();
  const tell = async (type: string, severityScore: number) => {
    await world.enqueue(type, { severityScore });
    process.worker.noteWaiting();
    await world.clock.advance(1_000);
  };
  await tell("crash", 0.49);
  await tell("weird", 1);
  await tell("crash", 0.49);
  await tell("__proto__", 1);
  await tell("crash", 0.5);
  const entries = await world.history();
  assert.deepEqual(entries.map((each) => [each.anomaly_type, each.result, each.repeats]), [
    ["crash", RecoveryResult.BELOW_THRESHOLD, 1],
    ["weird", RecoveryResult.NO_POLICY, 0],
    ["__proto__", RecoveryResult.NO_POLICY, 0],
    ["crash", RecoveryResult.SUCCESS, 0],
  ]);
  const { counters } = await world.ledger();
  assert.equal(counters.ignored, 4);
  assert.equal(counters.anomalies, 5);
  await world.end(process);
});

Deno.test("LaneInbox takes each anomaly once when a commit goes wrong", async () => {
  for (const fault of ["refused", "lost before", "lost after", "late"] as const) {
    for (const type of ["crash", "mild"]) {
      const world = await MachineWorld.open({
        ...IDLE,
        recovery_policies: {
          crash: policyOf("a"),
          mild: { ...policyOf("a"), severity_threshold: 1 },
        },
      });
      world.action("a");
      const process = world.start();
      await world.clock.advance(0);
      process.storage.plan.set(process.storage.commits + 1, fault);
      await world.enqueue(type, { severityScore: 0.9 });
      process.worker.wake();
      await world.clock.advance(5_000);
      const results = await world.results();
      assert.equal(results.length, 1, `${type} ${fault}: ${results}`);
      assert.deepEqual(await world.pending(), [], `${type} ${fault}`);
      assert.equal((await world.ledger()).counters.anomalies, 1, `${type} ${fault}`);
      await world.end(process);
    }
  }
});

Deno.test("LaneInbox goes by the severity of the handler of phases, and by what was told when it fails", async () => {
  const cases = [
    { name: "raised", assess: () => ({ severityScore: 1, reason: "launch" }), ran: 1 },
    { name: "lowered", assess: () => ({ severityScore: 0 }), ran: 0 },
    { name: "as told", assess: () => null, ran: 1 },
    { name: "out of range", assess: () => ({ severityScore: 3 }), ran: 1 },
    {
      name: "throwing",
      assess: () => {
        throw new Error("no");
      },
      ran: 1,
    },
  ];
  for (const { name, assess, ran } of cases) {
    const world = await MachineWorld.open({
      ...IDLE,
      recovery_policies: { crash: { ...policyOf("a"), severity_threshold: 0.5 } },
    });
    world.parts = { phaseAwareHandler: { assess } };
    world.action("a");
    await world.enqueue("crash", { severityScore: 0.6 });
    const process = world.start();
    await world.clock.advance(1_000);
    assert.equal(world.effects.length, ran, name);
    await world.end(process);
  }
});

Deno.test("LaneInbox drops and reports an anomaly whose chain no storage takes, and takes the rest", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { big: policyOf("a"), small: policyOf("b") },
  });
  // No file may say that: it is longer than what the schema takes.
  const big = world.rules.policies.get("big")!;
  const params = { text: "x".repeat(24_000) + "\u20ac".repeat(7_900) };
  const steps = big.steps.map((step) => ({ ...step, params }));
  const policies = new Map(world.rules.policies).set("big", { ...big, steps });
  world.rules = { ...world.rules, policies };
  world.action("a");
  world.action("b");
  await world.enqueue("big", { severityScore: 1 });
  await world.enqueue("small", { severityScore: 0.5 });
  const process = world.start();
  await world.clock.advance(1_000);
  assert.deepEqual(await world.results(), ["b success"]);
  assert.deepEqual(await world.pending(), []);
  assert.match(world.telemetry.lastFault ?? "", /dropped .*big: .*bytes of one value/);
  const { dropped, anomalies } = (await world.ledger()).counters;
  assert.deepEqual({ dropped, anomalies }, { dropped: 1, anomalies: 2 });
  await world.end(process);
});

Deno.test("LaneInbox takes as many as there is room for, and the most severe of those that wait", async () => {
  const names = ["l1", "l2", "l3", "l4", "hi"];
  const policies = names.map((name) => [name, policyOf(`for_${name}`)]);
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: Object.fromEntries(policies),
    advanced: { max_concurrent_actions: 1, max_waiting_actions: 2 },
  });
  const gates = new Map(names.map((name) => [name, gate()]));
  for (const [name, { opened }] of gates) world.action(`for_${name}`, () => opened);
  for (const name of names.slice(0, 4)) await world.enqueue(name, { severityScore: 0.2 });
  const process = world.start();
  await world.clock.advance(100);
  assert.deepEqual(await world.pending(), ["l4"], "one runs, two wait for their turn");
  await world.enqueue("hi", { severityScore: 1 });
  process.worker.noteWaiting();
  await world.clock.advance(100);
  assert.deepEqual(await world.pending(), ["hi", "l4"]);
  assert.equal(process.worker.waiting, 2);
  for (const name of ["l1", "l2", "hi", "l3", "l4"]) {
    assert.equal(world.effects.at(-1)?.action, `for_${name}`);
    gates.get(name)!.open();
    await world.clock.advance(100);
  }
  assert.deepEqual(await world.pending(), []);
  assert.deepEqual(
    new Set((await world.results()).map((each) => each.split(" ")[1])),
    new Set(["success"]),
  );
  await world.end(process);
});

Deno.test("LaneInbox counts the time for which an anomaly waited here, by no clock but the ledger's", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { first: policyOf("slow"), then: policyOf("b") },
    advanced: { max_waiting_actions: 0 },
  });
  const { opened, open } = gate();
  world.action("slow", () => opened);
  const lasted: number[] = [];
  world.action("b", ({ cause }) => void lasted.push(cause.durationSeconds));
  await world.enqueue("first", { severityScore: 1 });
  const process = world.start();
  await world.clock.advance(0);
  const event = { anomalyType: "then", severityScore: 0.5 };
  const told = pendingOf(event, { node: "behind", nowMs: world.clock.now() - 3_600_000 });
  await world.put([...world.keys.pending, "then"], told);
  process.worker.noteWaiting();
  await world.clock.advance(20_000);
  open();
  await world.clock.advance(1_000);
  assert.deepEqual(lasted, [20]);
  await world.put([...world.keys.pending, "then"], told);
  process.worker.noteWaiting();
  await world.clock.advance(1_000);
  const last = (await world.history()).at(-1);
  assert.equal(last?.inputs.context.duration, 21, "since the first of the episode");
  await world.end(process);
});

Deno.test("LaneInbox takes the most severe of more than may wait, whatever its name", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: { unknown_anomaly: policyOf("a") },
    advanced: { pending_max: 3 },
    cooldowns: { a: 0 },
  });
  world.action("a");
  for (const name of ["a", "b", "c", "d"]) await world.enqueue(name, { severityScore: 0.2 });
  await world.enqueue("z", { severityScore: 1 });
  const process = world.start();
  await world.clock.advance(1_000);
  const types = (await world.history()).map(({ anomaly_type }) => anomaly_type);
  assert.deepEqual(types, ["z", "a", "b", "c", "d"]);
  await world.end(process);
});

Deno.test("LaneInbox goes on past anomalies that give no reason to act, however many there are", async () => {
  const world = await MachineWorld.open({
    ...IDLE,
    recovery_policies: {
      crash: { ...policyOf("a"), severity_threshold: 0.9 },
      real: policyOf("b"),
    },
    advanced: { max_concurrent_actions: 1, max_waiting_actions: 0 },
  });
  world.action("b");
  for (let i = 0; i < 5; i++) await world.enqueue(`none${i}`, { severityScore: 1 });
  await world.enqueue("crash", { severityScore: 0.8 });
  await world.enqueue("real", { severityScore: 0.5 });
  const process = world.start();
  await world.clock.advance(1_000);
  assert.deepEqual(await world.pending(), []);
  assert.deepEqual(world.effects.map(({ action }) => action), ["b"]);
  await world.end(process);
});
