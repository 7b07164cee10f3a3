import assert from "node:assert/strict";
import { Pulse } from "../../coordination/pulse.ts";
import type { PulseMember } from "../../coordination/pulse_member.ts";
import {
  connectionRefused,
  diskFull,
  type Fault,
  hang,
  heldCall,
  lostReply,
  repeatedByClient,
} from "../support/faults.ts";
import { ScriptedMember } from "../support/scripted_member.ts";
import { TestStore } from "../support/test_store.ts";
import type { TrackingKvOptions } from "../support/tracking_kv.ts";

/** A pulse whose intervals are not spread: 0.5 is the middle of the jitter. */
async function setUp(members: readonly ScriptedMember[], kvOptions: TrackingKvOptions = {}) {
  const test = await TestStore.open();
  const handle = test.handle(kvOptions);
  const store = test.port(handle);
  const pulse = new Pulse(store, () => 0.5);
  for (const member of members) pulse.add(member);
  return {
    test,
    handle,
    pulse,
    store,
    async [Symbol.asyncDispose]() {
      for (const member of members) await pulse.remove(member);
      await test.settle();
      assert.equal(test.clock.sleeperCount, 0);
      test.raw.close();
    },
  };
}

const members = (count: number, checkCount = 1) =>
  Array.from({ length: count }, (_, i) => new ScriptedMember(["m", i], { checkCount }));

Deno.test("Pulse puts all members into one commit an interval, from the first interval on", async () => {
  const all = members(5);
  await using setup = await setUp(all);
  const { test, handle } = setup;
  await test.clock.advance(999);
  assert.equal(handle.sent.length, 0);
  await test.clock.advance(3_001);
  assert.equal(handle.sent.length, 4);
  for (const { sets } of handle.sent) assert.equal(sets.length, 5);
  for (const { counts } of all) assert.deepEqual(counts, { committed: 4, refused: 0, unknown: 0 });
});

Deno.test("Pulse takes members along that are due within half their interval", async () => {
  const early = new ScriptedMember(["early"]);
  const late = new ScriptedMember(["late"]);
  const tooLate = new ScriptedMember(["too late"]);
  await using setup = await setUp([early]);
  const { test, handle, pulse } = setup;
  await test.clock.advance(400);
  pulse.add(late);
  await test.clock.advance(200);
  pulse.add(tooLate);
  await test.clock.advance(400);
  assert.deepEqual(handle.sent.map(({ sets }) => sets.map(({ key }) => key[0])), [[
    "early",
    "late",
  ]]);
  await pulse.remove(late);
  await pulse.remove(tooLate);
});

Deno.test("Pulse spreads its intervals by a tenth either way (F9)", async () => {
  const cases = [{ random: 0, firstMs: 900 }, { random: 0.5, firstMs: 1_000 }, {
    random: 1,
    firstMs: 1_100,
  }];
  for (const { random, firstMs } of cases) {
    const test = await TestStore.open();
    const handle = test.handle();
    const pulse = new Pulse(test.port(handle), () => random);
    const member = new ScriptedMember(["m"]);
    pulse.add(member);
    await test.clock.advance(firstMs - 1);
    assert.equal(handle.sent.length, 0, `random ${random}`);
    await test.clock.advance(1);
    assert.equal(handle.sent.length, 1, `random ${random}`);
    await pulse.remove(member);
    test.raw.close();
  }
});

Deno.test("Pulse tells when a commit was sent, not when it was answered (T23)", async () => {
  const member = new ScriptedMember(["m"]);
  await using setup = await setUp([member]);
  const { test, handle } = setup;
  const slow = heldCall();
  handle.onCommit(slow.fault);
  await test.clock.advance(1_150);
  await slow.release();
  await test.settle();
  const [event] = member.events;
  assert.equal(event?.kind, "committed");
  assert.equal(event?.kind === "committed" && event.sentAt.monotonicMs, 1_000);
});

Deno.test("Pulse gives an attempt no more time than its answer is of use to any member (T23)", async () => {
  const cases = [
    { name: "a lease that is nearly over", useful: [50], waitedMs: 50 },
    { name: "the same beside a heartbeat", useful: [50, Infinity], waitedMs: 200 },
    { name: "a lease that has run out", useful: [0], waitedMs: 1 },
  ];
  for (const { name, useful, waitedMs } of cases) {
    const members = useful.map((usefulForMs, i) => new ScriptedMember([`m${i}`], { usefulForMs }));
    await using setup = await setUp(members);
    const { test, handle } = setup;
    handle.onCommit(heldCall().fault);
    await test.clock.advance(1_000 + waitedMs - 1);
    assert.equal(members[0]!.counts.unknown, 0, name);
    await test.clock.advance(1);
    assert.equal(members[0]!.counts.unknown, 1, name);
  }
});

Deno.test("Pulse splits a batch only where the store's limit of checks demands it (T10)", async () => {
  const cases = [
    { members: 10, each: 1, maxChecks: 10, checks: [10] },
    { members: 25, each: 1, maxChecks: 10, checks: [10, 10, 5] },
    { members: 3, each: 3, maxChecks: 10, checks: [9] },
    { members: 7, each: 3, maxChecks: 10, checks: [9, 9, 3] },
    { members: 90, each: 1, maxChecks: Infinity, checks: [90] },
    { members: 150, each: 1, maxChecks: 100, checks: [100, 50] },
    { members: 50, each: 3, maxChecks: 100, checks: [99, 51] },
  ];
  for (const { members: count, each, maxChecks, checks } of cases) {
    const all = members(count, each);
    await using setup = await setUp(all, { maxChecks });
    const { test, handle } = setup;
    await test.clock.advance(1_000);
    const writes = handle.sent.filter(({ sets }) => sets.length > 0);
    const name = `${count} members of ${each} checks`;
    assert.deepEqual(writes.map((sent) => sent.checks.length), checks, name);
    assert.ok(all.every(({ counts }) => counts.committed === 1), name);
    assert.equal(handle.sent.length - writes.length, count * each > 10 ? 1 : 0, "questions asked");
  }
});

Deno.test("Pulse sorts out a refused batch: who is refused is told so, the rest is sent at once", async () => {
  const kept = new ScriptedMember(["kept"]);
  const deposed = new ScriptedMember(["deposed"], { onRefused: "drop" });
  const moved = new ScriptedMember(["moved"], { onRefused: "retry" });
  await using setup = await setUp([kept, deposed, moved]);
  const { test, handle } = setup;
  await test.raw.set(["deposed"], "another's");
  await test.raw.set(["moved"], "ours, late");
  await test.clock.advance(1_000);
  assert.deepEqual(kept.counts, { committed: 1, refused: 0, unknown: 0 });
  assert.deepEqual(deposed.counts, { committed: 0, refused: 1, unknown: 0 });
  assert.deepEqual(moved.counts, { committed: 1, refused: 1, unknown: 0 });
  assert.equal((await test.raw.get(["deposed"])).value, "another's");
  assert.equal(handle.sent.length, 2);
});

Deno.test("Pulse refuses a member one of whose checks fails, and shows it what stands under all of them", async () => {
  const kept = new ScriptedMember(["kept"], { checkCount: 2 });
  const refused = new ScriptedMember(["refused"], { checkCount: 3, onRefused: "drop" });
  await using setup = await setUp([kept, refused]);
  const { test } = setup;
  await test.raw.set(["refused", 1], "is there");
  await test.clock.advance(1_000);
  assert.deepEqual(kept.counts, { committed: 1, refused: 0, unknown: 0 });
  const keys = [["refused"], ["refused", 0], ["refused", 1]];
  assert.deepEqual(refused.events, [{ kind: "refused", keys }]);
});

Deno.test("Pulse lets no check stand in for another on the same key", async () => {
  const stale = new ScriptedMember(["fence"], { onRefused: "drop" });
  const current = new ScriptedMember(["fence"], { onRefused: "drop" });
  await using setup = await setUp([stale, current]);
  const { test } = setup;
  const { versionstamp } = await test.raw.set(["fence"], "current");
  stale.stamp = "00000000000000000000";
  current.stamp = versionstamp;
  await test.clock.advance(1_000);
  assert.deepEqual(stale.counts, { committed: 0, refused: 1, unknown: 0 });
  assert.deepEqual(current.counts, { committed: 1, refused: 0, unknown: 0 });
});

Deno.test("Pulse gives up on a member that is refused again and again", async () => {
  const member: PulseMember & { refusals: number; failures: unknown[] } = {
    intervalMs: 1_000,
    timeoutMs: 200,
    checkCount: 1,
    refusals: 0,
    failures: [],
    contribute: (nonce) => ({
      checks: [{ key: ["k"], versionstamp: "00000000000000000001" }],
      sets: [{ key: ["k"], value: { nonce } }],
      witness: ["k"],
    }),
    committed() {},
    refused() {
      this.refusals++;
      return "retry";
    },
    unknown(error) {
      this.failures.push(error);
    },
  };
  await using setup = await setUp([]);
  const { test, pulse } = setup;
  pulse.add(member);
  await test.clock.advance(1_000);
  assert.equal(member.refusals, 9);
  assert.match(String(member.failures), /refused again and again/);
  await pulse.remove(member);
});

Deno.test("Pulse recovers a commit whose answer was lost (T2)", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    const all = members(3);
    await using setup = await setUp(all);
    const { test, handle, store } = setup;
    handle.onCommit(fault);
    await test.clock.advance(2_000);
    for (const { counts } of all) {
      assert.deepEqual(counts, { committed: 2, refused: 0, unknown: 0 });
    }
    assert.equal(store.getMetrics().recovered, 1);
  }
});

Deno.test("Pulse tries again soon after an outcome that stayed unknown (F5)", async () => {
  const cases: { name: string; fault: Fault; repeatedAtMs: number }[] = [
    { name: "no connection", fault: connectionRefused, repeatedAtMs: 1_020 },
    { name: "disk full", fault: diskFull, repeatedAtMs: 1_020 },
    { name: "silence: its timeout first", fault: hang, repeatedAtMs: 1_220 },
  ];
  for (const { name, fault, repeatedAtMs } of cases) {
    const member = new ScriptedMember(["m"]);
    await using setup = await setUp([member]);
    const { test, handle } = setup;
    handle.onCommit(fault);
    await test.clock.advance(repeatedAtMs - 1);
    assert.equal(handle.sent.length, 1, name);
    await test.clock.advance(1);
    assert.equal(handle.sent.length, 2, name);
    assert.deepEqual(member.counts, { committed: 1, refused: 0, unknown: 1 }, name);
    assert.equal(member.prepared, 1, name);
  }
});

Deno.test("Pulse recognises its own zombie that committed between two attempts (T5)", async () => {
  const member = new ScriptedMember(["m"]);
  await using setup = await setUp([member]);
  const { test, handle } = setup;
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault);
  await test.clock.advance(1_210);
  assert.equal(member.counts.unknown, 1);
  await zombie.release();
  await test.clock.advance(50);
  assert.deepEqual(member.counts, { committed: 1, refused: 1, unknown: 1 });
});

Deno.test("Pulse never sends two batches at once", async () => {
  const [a, b] = members(2) as [ScriptedMember, ScriptedMember];
  await using setup = await setUp([a]);
  const { test, handle, pulse } = setup;
  const slow = heldCall();
  handle.onCommit(slow.fault);
  await test.clock.advance(1_000);
  pulse.add(b);
  const beat = pulse.beat(b);
  await test.clock.advance(100);
  assert.equal(handle.sent.length, 1);
  await slow.release();
  await test.clock.advance(0);
  await beat;
  assert.equal(handle.sent.length, 2);
  await pulse.remove(b);
});

Deno.test("Pulse beat writes now, and resolves when that is committed", async () => {
  const member = new ScriptedMember(["m"]);
  await using setup = await setUp([member]);
  const { test, pulse } = setup;
  await test.clock.advance(100);
  const beat = pulse.beat(member);
  await test.clock.advance(0);
  await beat;
  assert.equal(member.counts.committed, 1);
  await test.clock.advance(999);
  assert.equal(member.counts.committed, 1);
  await test.clock.advance(1);
  assert.equal(member.counts.committed, 2);
});

Deno.test("Pulse beat is not satisfied by a write that was composed before it was asked for", async () => {
  const member = new ScriptedMember(["m"]);
  await using setup = await setUp([member]);
  const { test, handle, pulse } = setup;
  const slow = heldCall();
  handle.onCommit(slow.fault);
  await test.clock.advance(1_000);
  assert.equal(member.contributed, 1);
  const beat = pulse.beat(member);
  await slow.release();
  await test.until(beat, 100, 1);
  assert.equal(member.contributed, 2);
});

Deno.test("Pulse beat rejects when the write is not known to be committed", async () => {
  const member = new ScriptedMember(["m"], { onRefused: "drop" });
  await using setup = await setUp([member]);
  const { test, handle, pulse } = setup;
  handle.onCommit(connectionRefused);
  await assert.rejects(test.until(pulse.beat(member), 100, 1), {
    name: "StoreUnavailableError",
    message:
      "Cannot write: the store is unavailable (Error: error sending request: connection refused)",
  });
  await test.raw.set(["m"], "another's");
  await assert.rejects(test.until(pulse.beat(member), 100, 1), {
    name: "StoreUnavailableError",
    message: "Cannot write: the store is unavailable (Error: its check no longer holds)",
  });
});

Deno.test("Pulse beat rejects when the member is let go meanwhile, or was never taken in", async () => {
  const member = new ScriptedMember(["m"]);
  await using setup = await setUp([]);
  const { test, handle, pulse } = setup;
  const stopped = { name: "StoreUnavailableError", message: /\(Error: stopped\)$/ };
  await assert.rejects(pulse.beat(member), stopped);
  pulse.add(member);
  handle.onCommit(hang);
  const beat = assert.rejects(pulse.beat(member), stopped);
  await test.clock.advance(0);
  const removed = pulse.remove(member);
  await beat;
  await test.clock.advance(1_000);
  await removed;
});

Deno.test("Pulse remove resolves when nothing of the member is under way any more (T21)", async () => {
  const member = new ScriptedMember(["m"]);
  await using setup = await setUp([member]);
  const { test, handle, pulse } = setup;
  const slow = heldCall();
  handle.onCommit(slow.fault);
  await test.clock.advance(1_000);
  let removed = false;
  const removing = pulse.remove(member).then(() => removed = true);
  await test.settle();
  assert.equal(removed, false);
  await slow.release();
  await removing;
  await test.clock.advance(5_000);
  assert.equal(handle.sent.length, 1);
});

Deno.test("Pulse stops when its last member goes and starts again with the next", async () => {
  const member = new ScriptedMember(["m"]);
  await using setup = await setUp([member]);
  const { test, pulse } = setup;
  for (let round = 1; round <= 2; round++) {
    await test.clock.advance(1_000);
    assert.equal(member.counts.committed, round);
    await pulse.remove(member);
    await test.settle();
    assert.equal(test.clock.sleeperCount, 0);
    pulse.add(member);
  }
  await pulse.remove(member);
  pulse.add(member);
  await test.clock.advance(1_000);
  assert.equal(member.counts.committed, 3);
});

Deno.test("Pulse lets a member sit one out, and sends nothing when all do", async () => {
  let sitsOut = true;
  const member = new ScriptedMember(["m"], { sitsOut: () => sitsOut });
  await using setup = await setUp([member]);
  const { test, handle } = setup;
  await test.clock.advance(1_000);
  assert.equal(handle.sent.length, 0);
  sitsOut = false;
  await test.clock.advance(1_000);
  assert.equal(handle.sent.length, 1);
});

Deno.test("Pulse goes on for the others when one member breaks", async () => {
  const broken = () => {
    throw new Error("bug");
  };
  const breaks: { name: string; change: Partial<PulseMember> }[] = [
    { name: "prepare", change: { prepare: () => Promise.reject(new Error("bug")) } },
    { name: "contribute", change: { contribute: broken } },
    { name: "committed", change: { committed: broken } },
    {
      name: "a value too large",
      change: {
        contribute: (nonce) => ({
          checks: [{ key: ["bad"], versionstamp: null }],
          sets: [{ key: ["bad"], value: { nonce, text: "x".repeat(70_000) } }],
          witness: ["bad"],
        }),
      },
    },
    {
      name: "a value that cannot be stored",
      change: {
        contribute: (nonce) => ({
          checks: [{ key: ["bad"], versionstamp: null }],
          sets: [{ key: ["bad"], value: { nonce, run: () => {} } }],
          witness: ["bad"],
        }),
      },
    },
  ];
  for (const { name, change } of breaks) {
    const bad = Object.assign(new ScriptedMember(["bad"]), change);
    const good = new ScriptedMember(["good"]);
    await using setup = await setUp([bad, good]);
    await setup.test.clock.advance(3_500);
    assert.ok(good.counts.committed >= 3, `${name}: ${JSON.stringify(good.counts)}`);
  }
});

Deno.test("Pulse prepares again what it could not write for an interval: no report is older", async () => {
  const member = new ScriptedMember(["m"], { prepare: async () => {} });
  await using setup = await setUp([member]);
  const { test, handle } = setup;
  handle.onCommit(connectionRefused, { times: Infinity });
  await test.clock.advance(1_900);
  assert.ok(member.counts.unknown > 10);
  assert.equal(member.prepared, 1);
  await test.clock.advance(3_000);
  assert.equal(member.prepared, 4);
  handle.heal();
  await test.clock.advance(20);
  assert.equal(member.counts.committed, 1);
});
