import assert from "node:assert/strict";
import { MemberBeat, type MemberBeatOptions } from "../../coordination/member_beat.ts";
import { generationKey } from "../../coordination/member_place.ts";
import { Pulse } from "../../coordination/pulse.ts";
import {
  connectionRefused,
  type Fault,
  hang,
  heldCall,
  lostReply,
  repeatedByClient,
  slow,
} from "../support/faults.ts";
import { writeMember } from "../support/records.ts";
import { TestStore } from "../support/test_store.ts";
import { touches } from "../support/tracking_kv.ts";
import { KvStore } from "../../coordination/kv_store.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimStore } from "../../testing/sim_store.ts";

const KEY = ["baton", "cluster", "default", "member", "a"];
const GENERATION = generationKey("default", "a");
const NEVER = new AbortController().signal;

function setUp(test: TestStore, options: Partial<MemberBeatOptions> = {}) {
  const handle = test.handle();
  const store = test.port(handle);
  const told: string[] = [];
  const beat = new MemberBeat({
    cluster: "default",
    key: KEY,
    instanceId: "a",
    labels: { zone: "z" },
    heartbeatMs: 300,
    attemptTimeoutMs: 100,
    leaseMs: 1_000,
    deadAfterMissed: 4,
    store,
    healthMonitor: undefined,
    ownMode: () => undefined,
    load: undefined,
    openClaims: () => 0,
    takesWork: () => false,
    events: {
      beat: () => told.push("beat"),
      beatFailed: (error) => told.push(`failed: ${error}`),
      healthFault: (fault) => told.push(`health: ${fault}`),
      observerFault: (error) => told.push(`observer: ${error}`),
      replaced: (error) => told.push(`replaced: ${error.code}`),
    },
    ...options,
  });
  return { handle, told, beat, pulse: new Pulse(store, () => 0.5) };
}

const duplicate = {
  name: "DuplicateInstanceError",
  code: "DUPLICATE_INSTANCE",
  instanceId: "a",
  cluster: "default",
};

Deno.test("MemberBeat join registers the member with all that it says about itself", async () => {
  using test = await TestStore.open();
  const { beat } = setUp(test, { load: () => 2.5 });
  await beat.join(NEVER);
  const { nonce, ...record } = (await test.read(KEY))!;
  assert.equal(typeof nonce, "string");
  assert.deepEqual(record, {
    v: 1,
    instanceId: "a",
    incarnation: beat.incarnation,
    beat: 1,
    heartbeatMs: 300,
    writtenAt: "2026-01-01T00:00:00.000Z",
    labels: { zone: "z" },
    load: 2.5,
    takesWork: false,
    healthScore: 1,
    vote: { circuit_breaker_state: "UNKNOWN", fallback_mode: "PRIMARY" },
    state: null,
  });
});

Deno.test("MemberBeat join refuses the id of a live process, as soon as that writes", async () => {
  using test = await TestStore.open();
  const other = { instanceId: "a", heartbeatMs: 300 };
  await writeMember(test.raw, other);
  const { beat } = setUp(test);
  const refused = assert.rejects(beat.join(NEVER), duplicate);
  await test.clock.advance(290);
  await writeMember(test.raw, { ...other, beat: 2 });
  await test.clock.advance(60);
  await refused;
  assert.equal((await test.read(KEY))!["beat"], 2);
});

Deno.test("MemberBeat join takes the id of a crashed process over when it was silent for a lease", async () => {
  const cases = [
    { name: "a lease", heartbeatMs: 300, silentMs: 1_000 },
    { name: "two of its heartbeats, if those are longer", heartbeatMs: 2_000, silentMs: 4_000 },
  ];
  for (const { name, heartbeatMs, silentMs } of cases) {
    using test = await TestStore.open();
    await writeMember(test.raw, { instanceId: "a", heartbeatMs });
    const { beat } = setUp(test);
    const joined = beat.join(NEVER);
    await test.clock.advance(silentMs - 1);
    assert.notEqual((await test.read(KEY))!["incarnation"], beat.incarnation, name);
    await test.until(joined);
    assert.equal((await test.read(KEY))!["incarnation"], beat.incarnation, name);
    assert.ok(test.clock.monotonic() <= silentMs * 1.06, name);
  }
});

Deno.test("MemberBeat join does not wait for a process that left meanwhile", async () => {
  using test = await TestStore.open();
  await writeMember(test.raw, { instanceId: "a" });
  const { beat } = setUp(test);
  const joined = beat.join(NEVER);
  await test.clock.advance(100);
  await test.raw.delete(KEY);
  await test.clock.advance(100);
  await joined;
});

Deno.test("MemberBeat join ends with its signal", async () => {
  using test = await TestStore.open();
  await writeMember(test.raw, { instanceId: "a" });
  const { beat } = setUp(test);
  const controller = new AbortController();
  const reason = new Error("enough");
  const joined = assert.rejects(beat.join(controller.signal), reason);
  await test.clock.advance(100);
  controller.abort(reason);
  await joined;
});

Deno.test("MemberBeat join lets one of two win that start at once", async () => {
  using test = await TestStore.open();
  const outcomes = await Promise.allSettled([
    setUp(test).beat.join(NEVER),
    setUp(test).beat.join(NEVER),
  ]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  const [lost] = outcomes.filter((outcome) => outcome.status === "rejected");
  assert.equal(lost?.reason.code, "DUPLICATE_INSTANCE");
});

Deno.test("MemberBeat join recognises its own record when the answer is lost (T2)", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    using test = await TestStore.open();
    const { beat, handle } = setUp(test);
    handle.onCommit(fault);
    await beat.join(NEVER);
    assert.equal((await test.read(KEY))!["incarnation"], beat.incarnation);
  }
});

Deno.test("MemberBeat join rejects when the store does not answer, or what stands there is foreign", async () => {
  using test = await TestStore.open();
  const { beat, handle } = setUp(test);
  handle.onCommit(hang);
  const unavailable = {
    name: "StoreUnavailableError",
    message: /^Cannot join: the store is unavail/,
  };
  await assert.rejects(test.until(beat.join(NEVER)), unavailable);
  handle.onRead(connectionRefused);
  await assert.rejects(beat.join(NEVER), { name: "StoreUnavailableError" });
  await test.raw.set(KEY, "mine");
  await assert.rejects(beat.join(NEVER), { name: "CorruptRecordError", key: KEY });
  assert.equal((await test.raw.get(KEY)).value, "mine");
});

Deno.test("MemberBeat writes a heartbeat an interval, counting them", async () => {
  using test = await TestStore.open();
  const { beat, pulse, told } = setUp(test);
  await beat.join(NEVER);
  pulse.add(beat);
  await test.clock.advance(900);
  assert.equal((await test.read(KEY))!["beat"], 4);
  assert.deepEqual(told, ["beat", "beat", "beat"]);
  await pulse.remove(beat);
});

Deno.test("MemberBeat stands anew from each heartbeat that was committed", async () => {
  for (const [deadAfterMissed, standsMs] of [[4, 800], [2, 480]] as const) {
    using test = await TestStore.open();
    const { beat, pulse, handle } = setUp(test, { deadAfterMissed });
    assert.equal(beat.standing.leftMs(), 0, "not registered");
    handle.onCommit(slow(test.clock, 50), { times: 1 });
    await test.until(beat.join(NEVER));
    assert.equal(beat.standing.leftMs(), standsMs - 50, "counted from before it was sent");
    pulse.add(beat);
    await test.clock.advance(300);
    assert.equal(beat.standing.leftMs(), standsMs);
    handle.onCommit(connectionRefused, { times: 100 });
    await test.clock.advance(1_000);
    assert.ok(beat.standing.leftMs() <= 0);
    await pulse.remove(beat);
  }
});

Deno.test("MemberBeat asks monitor and load anew for each heartbeat, and tells their faults", async () => {
  using test = await TestStore.open();
  let load = 1;
  let status = "HEALTHY";
  const { beat, pulse, told } = setUp(test, {
    load: () => load,
    healthMonitor: {
      getComprehensiveState: () => {
        if (status === "") throw new Error("broken");
        return Promise.resolve({ system: { status } });
      },
    },
  });
  await beat.join(NEVER);
  pulse.add(beat);
  load = 3;
  status = "FAILED";
  await test.clock.advance(300);
  const second = (await test.read(KEY))!;
  assert.deepEqual([second["load"], second["healthScore"]], [3, 0.3]);
  load = NaN;
  status = "";
  await test.clock.advance(300);
  const third = (await test.read(KEY))!;
  assert.deepEqual([third["load"], third["healthScore"], third["vote"]], [0, null, null]);
  assert.deepEqual(told, [
    "beat",
    "health: health: Error: broken",
    "observer: RangeError: load must be a number from 0, got NaN",
    "beat",
  ]);
  await pulse.remove(beat);
});

Deno.test("MemberBeat carries the load of the application plus the claims that it has open", async () => {
  for (
    const { load, carried } of [
      { load: undefined, carried: 3 },
      { load: () => 2.5, carried: 5.5 },
      {
        load: () => NaN,
        carried: 3,
      },
    ]
  ) {
    using test = await TestStore.open();
    const { beat } = setUp(test, { load, openClaims: () => 3 });
    await test.until(beat.join(new AbortController().signal));
    assert.equal((await test.read(KEY))!["load"], carried);
  }
});

Deno.test("MemberBeat carries a load of 0 when its own load is no count of work", async () => {
  const throws = () => {
    throw new Error("bug");
  };
  for (
    const load of [
      () => -1,
      () => Infinity,
      () => NaN,
      throws,
      () => "2" as unknown as number,
    ]
  ) {
    using test = await TestStore.open();
    const { beat, told } = setUp(test, { load });
    await beat.join(NEVER);
    assert.equal((await test.read(KEY))!["load"], 0, String(load));
    assert.match(told.join(), /^observer: /, String(load));
  }
});

Deno.test("MemberBeat registers again when it was evicted", async () => {
  using test = await TestStore.open();
  const { beat, pulse, told } = setUp(test);
  await beat.join(NEVER);
  pulse.add(beat);
  await test.raw.delete(KEY);
  await test.clock.advance(300);
  assert.equal((await test.read(KEY))!["incarnation"], beat.incarnation);
  assert.deepEqual(told, ["beat"]);
  await pulse.remove(beat);
});

Deno.test("MemberBeat goes on from a heartbeat of its own that arrived late (T5)", async () => {
  using test = await TestStore.open();
  const { beat, pulse, told, handle } = setUp(test);
  await beat.join(NEVER);
  pulse.add(beat);
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault);
  await test.clock.advance(410);
  await zombie.release();
  await test.clock.advance(300);
  assert.match(told.join("; "), /^failed: .*; beat/);
  assert.ok(!told.some((event) => event.startsWith("replaced")), told.join("; "));
  await pulse.remove(beat);
});

Deno.test("MemberBeat tells when another stands under its key, and leaves that alone", async () => {
  const cases = [
    { name: "another process", value: undefined, code: "DUPLICATE_INSTANCE" },
    { name: "a hand-written value", value: "mine", code: "CORRUPT_RECORD" },
    { name: "a newer version", value: { v: 2 }, code: "CORRUPT_RECORD" },
  ];
  for (const { name, value, code } of cases) {
    using test = await TestStore.open();
    const { beat, pulse, told } = setUp(test);
    await beat.join(NEVER);
    pulse.add(beat);
    if (value === undefined) await writeMember(test.raw, { instanceId: "a" });
    else await test.raw.set(KEY, value);
    const { versionstamp } = await test.raw.get(KEY);
    await test.clock.advance(310);
    assert.deepEqual(told, [`replaced: ${code}`], name);
    await pulse.remove(beat);
    await beat.leave().catch(() => {});
    assert.equal((await test.raw.get(KEY)).versionstamp, versionstamp, name);
  }
});

Deno.test("MemberBeat leave removes its own record, once", async () => {
  using test = await TestStore.open();
  const { beat } = setUp(test);
  await beat.join(NEVER);
  await beat.leave();
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
  await beat.leave();
});

Deno.test("MemberBeat leave rejects when the store cannot be told", async () => {
  using test = await TestStore.open();
  const { beat, handle } = setUp(test);
  await beat.join(NEVER);
  handle.onCommit(connectionRefused);
  await assert.rejects(beat.leave(), {
    name: "StoreUnavailableError",
    message: /^Cannot leave: the store is unavailable \(Error: error sending request/,
  });
});

/** Does a call, and keeps it to be done once more: the store's client sends it again. */
function sentAgain(): { fault: Fault; again: () => Promise<unknown> } {
  let repeat: (() => Promise<unknown>) | undefined;
  return {
    fault: (apply) => {
      repeat = apply;
      return apply();
    },
    again: () => repeat!(),
  };
}

Deno.test("MemberBeat join that is sent again after the member left is refused", async () => {
  using test = await TestStore.open();
  const { beat, handle } = setUp(test);
  const join = sentAgain();
  handle.onCommit(join.fault);
  await beat.join(NEVER);
  await beat.leave();
  assert.deepEqual(await join.again(), { ok: false });
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
});

Deno.test("MemberBeat join that a client over a network repeats for ever registers no process that left", async () => {
  const sim = new SimStore({ faults: { latency: { minMs: 1, maxMs: 1 } } });
  const clock = new FakeClock({ time: sim.time });
  const kv = sim.open({ client: "connect" });
  const store = new KvStore(kv, { clock, random: () => 0.5 });
  using test = await TestStore.open();
  const { beat } = setUp(test, { store });
  kv.next({ kind: "lostReply" }, { on: "commit" });
  const unknown = assert.rejects(beat.join(NEVER), { name: "StoreUnavailableError" });
  await sim.time.advance(150);
  await unknown;
  assert.notEqual(sim.peek(KEY).versionstamp, null);
  const left = beat.leave();
  await sim.time.advance(40);
  await left;
  await sim.time.advance(1_000);
  assert.equal(sim.faultCounts.get("retry"), 1);
  assert.equal(sim.peek(KEY).versionstamp, null);
});

Deno.test("MemberBeat join that arrives after the member left is refused", async () => {
  using test = await TestStore.open();
  const { beat, handle } = setUp(test);
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault);
  await assert.rejects(test.until(beat.join(NEVER)), { name: "StoreUnavailableError" });
  await beat.leave();
  await zombie.release();
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
});

Deno.test("MemberBeat join of a dead process is refused after another process came and left", async () => {
  using test = await TestStore.open();
  const dead = setUp(test);
  const zombie = heldCall({ answer: false });
  dead.handle.onCommit(zombie.fault);
  await assert.rejects(test.until(dead.beat.join(NEVER)), { name: "StoreUnavailableError" });
  const { beat } = setUp(test);
  await beat.join(NEVER);
  await beat.leave();
  await zombie.release();
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
});

Deno.test("MemberBeat join tries again when a process that was not there any more left meanwhile", async () => {
  using test = await TestStore.open();
  const { beat, handle } = setUp(test);
  handle.onCommit(async (apply) => {
    await test.raw.set(GENERATION, { v: 1, nonce: "departure" });
    return await apply();
  });
  await beat.join(NEVER);
  assert.equal((await test.read(KEY))!["incarnation"], beat.incarnation);
  assert.equal(handle.sent.length, 2);
});

Deno.test("MemberBeat registration after an eviction that is sent again after the next one is refused", async () => {
  using test = await TestStore.open();
  const { beat, pulse, handle } = setUp(test);
  await beat.join(NEVER);
  pulse.add(beat);
  const registration = sentAgain();
  await test.raw.delete(KEY);
  handle.onCommit(registration.fault, {
    only: ({ checks }) => checks.some(({ versionstamp }) => versionstamp === null),
  });
  await test.clock.advance(300);
  assert.notEqual((await test.raw.get(KEY)).versionstamp, null);
  await test.raw.delete(KEY);
  assert.deepEqual(await registration.again(), { ok: false });
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
  await pulse.remove(beat);
});

Deno.test("MemberBeat registers again once at a time, an interval apart, and tells what hinders it", async () => {
  using test = await TestStore.open();
  const { beat, pulse, told, handle } = setUp(test, { attemptTimeoutMs: 400 });
  await beat.join(NEVER);
  pulse.add(beat);
  await test.raw.delete(KEY);
  const sent = handle.sent.length;
  handle.onCommit(hang, { only: touches("generation", "default", "a") });
  await test.clock.advance(650); // refused at 300, gives up at 700
  assert.deepEqual([handle.sent.length - sent, told], [2, []]);
  await test.clock.advance(50);
  assert.match(told.join("; "), /^failed: DeadlineError: no answer within 400 ms$/);
  await test.clock.advance(200);
  assert.equal((await test.read(KEY))!["incarnation"], beat.incarnation);
  assert.deepEqual(told.slice(1), ["beat"]);
  await test.clock.advance(300);
  assert.deepEqual([(await test.read(KEY))!["beat"], told.slice(1)], [3, ["beat", "beat"]]);
  await pulse.remove(beat);
});

Deno.test("MemberBeat that registers again goes on from a registration of its own that arrived late", async () => {
  using test = await TestStore.open();
  const { beat, pulse, told, handle } = setUp(test);
  await beat.join(NEVER);
  pulse.add(beat);
  await test.raw.delete(KEY);
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault, { only: touches("generation", "default", "a") });
  await test.clock.advance(400);
  await zombie.release();
  await test.clock.advance(600);
  assert.match(told.join("; "), /^failed: DeadlineError[^;]*; beat$/);
  await pulse.remove(beat);
  await beat.leave();
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
});

Deno.test("MemberBeat that was evicted tells when another has taken its place meanwhile", async () => {
  using test = await TestStore.open();
  const { beat, pulse, told, handle } = setUp(test);
  await beat.join(NEVER);
  pulse.add(beat);
  await test.raw.delete(KEY);
  handle.onCommit(connectionRefused, { only: touches("generation", "default", "a") });
  await test.clock.advance(300);
  await writeMember(test.raw, { instanceId: "a" });
  await test.clock.advance(300);
  assert.match(
    told.join("; "),
    /^failed: Error: error sending [^;]*; replaced: DUPLICATE_INSTANCE$/,
  );
  await pulse.remove(beat);
  await beat.leave();
  assert.equal((await test.read(KEY))!["incarnation"], "a-1");
});

Deno.test("MemberBeat leave waits for a registration that is under way, and removes it", async () => {
  using test = await TestStore.open();
  const { beat, pulse, handle } = setUp(test);
  await beat.join(NEVER);
  pulse.add(beat);
  await test.raw.delete(KEY);
  const slow = heldCall();
  handle.onCommit(slow.fault, { only: touches("generation", "default", "a") });
  await test.clock.advance(300);
  await slow.caught;
  await pulse.remove(beat);
  const left = beat.leave();
  await slow.release();
  await left;
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
});

Deno.test("MemberBeat leave knows its own departure when the answer is lost, and tries again when overtaken", async () => {
  const overtaken: Fault = async (apply) => {
    await test.raw.set(KEY, await test.read(KEY));
    return await apply();
  };
  using test = await TestStore.open();
  for (const fault of [lostReply, repeatedByClient, overtaken]) {
    const { beat, handle } = setUp(test);
    await beat.join(NEVER);
    handle.onCommit(fault);
    await beat.leave();
    assert.equal((await test.raw.get(KEY)).versionstamp, null);
  }
});

Deno.test("MemberBeat leave rejects when it is refused again and again", async () => {
  using test = await TestStore.open();
  const { beat, handle } = setUp(test);
  await beat.join(NEVER);
  handle.onCommit(async (apply) => {
    await test.raw.set(KEY, await test.read(KEY));
    return await apply();
  }, { times: 3 });
  await assert.rejects(beat.leave(), { message: /^Cannot leave: .*refused again and again/ });
  await beat.leave();
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
});

Deno.test("MemberBeat leave asks the store nothing when the member never registered", async () => {
  using test = await TestStore.open();
  const { beat, handle } = setUp(test);
  await beat.leave();
  assert.deepEqual([handle.sent.length, handle.reads], [0, 0]);
});
