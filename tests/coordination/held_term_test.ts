import assert from "node:assert/strict";
import { LeadershipLostError } from "../../coordination/errors.ts";
import type { LeaseTimingOptions } from "../../coordination/lease_timing.ts";
import { LeaderElection } from "../../coordination/leader_election.ts";
import type { Term } from "../../coordination/term.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { SimTime } from "../../testing/sim_time.ts";
import { candidate, FENCES, LEASE_KEY, takeOver, TERM_KEY } from "../support/candidates.ts";
import {
  connectionRefused,
  diskFull,
  type Fault,
  hang,
  heldCall,
  lostReply,
  repeatedByClient,
} from "../support/faults.ts";
import { TestStore } from "../support/test_store.ts";
import { touches } from "../support/tracking_kv.ts";

async function lead(test: TestStore, options: LeaseTimingOptions = {}) {
  const a = candidate(test, "a", options);
  const term = await a.election.tryAcquire();
  assert.ok(term);
  return { ...a, term, [Symbol.asyncDispose]: a[Symbol.asyncDispose] };
}

function lossOf(term: Term) {
  const { reason } = term.signal;
  assert.ok(reason instanceof LeadershipLostError, `no loss: ${reason}`);
  assert.deepEqual([reason.election, reason.term], [term.election, term.term]);
  return reason.cause;
}

const write = async (term: Term) => (await term.atomic().set(["work"], term.term).commit()).ok;

Deno.test("HeldTerm says who leads, in which term, and gives a fence that grows with every term", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const first = a.term;
  assert.deepEqual([first.election, first.holderId, first.term], ["e", "a", 1]);
  const stamp = (await test.raw.get(TERM_KEY)).versionstamp;
  assert.equal(first.fence, `0000000000000001-${stamp}`);
  const { nonce } = (await test.read(TERM_KEY))!;
  assert.deepEqual(first.check, { key: [...FENCES, nonce], versionstamp: stamp });
  await first.resign();
  const second = (await a.election.tryAcquire())!;
  assert.equal(second.term, 2);
  assert.ok(second.fence > first.fence);
  await second.resign();
  const { term, holderId } = (await test.read(TERM_KEY))!;
  assert.deepEqual([term, holderId], [2, null]);
});

Deno.test("HeldTerm atomic commits while the term stands, across renewals", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  for (let second = 0; second < 5; second++) {
    assert.equal(await write(a.term), true);
    await test.clock.advance(1_000);
  }
  assert.equal((await test.read(LEASE_KEY))!["renewals"], 15);
});

Deno.test("HeldTerm atomic is refused after a takeover, whatever this process believes", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  await takeOver(test, "b");
  assert.equal(a.term.isValid(), true);
  assert.equal(await write(a.term), false);
  assert.equal((await test.raw.get(["work"])).versionstamp, null);
});

Deno.test("HeldTerm atomic is refused after a resignation", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  await a.term.resign();
  assert.equal(await write(a.term), false);
});

Deno.test("HeldTerm does not let a write through that was composed before the takeover and sent after", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const late = a.term.atomic().set(["work"], "late");
  await a.term.resign();
  await using b = candidate(test, "b");
  assert.equal((await b.election.tryAcquire())?.term, 2);
  assert.equal((await late.commit()).ok, false);
});

Deno.test("HeldTerm counts its validity from before each renewal was sent, for 0.8 of the lease (T23)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  assert.equal(a.term.remainingMs(), 800);
  await test.clock.advance(333);
  assert.equal(Math.round(a.term.remainingMs()), 467);
  const slow = heldCall();
  a.handle.onCommit(slow.fault);
  await test.clock.advance(101);
  await slow.release();
  await test.settle();
  assert.equal(Math.round(a.term.remainingMs()), 699);
});

Deno.test("HeldTerm is over when its validity is, and tells at that moment (F4)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  a.handle.breakDown(hang);
  await test.clock.advance(799);
  assert.equal(a.term.isValid(), true);
  assert.equal(a.term.signal.aborted, false);
  await test.clock.advance(1);
  assert.equal(a.term.signal.aborted, true);
  assert.equal(a.term.isValid(), false);
  assert.equal(a.term.remainingMs(), 0);
  a.handle.heal();
});

Deno.test("HeldTerm isValid computes when asked, also when the event loop was blocked (T14)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  test.clock.freeze(800);
  assert.equal(a.term.isValid(), false);
  assert.equal(a.term.signal.aborted, true);
  assert.deepEqual(lossOf(a.term), { kind: "expired", silentMs: 800 });
  assert.equal(
    a.term.signal.reason.message,
    'Lost leadership of "e" in term 1: the lease expired, last renewed 800 ms ago',
  );
});

Deno.test("HeldTerm remainingMs computes when asked as well (T14)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  test.clock.freeze(300);
  assert.equal(a.term.remainingMs(), 500);
  test.clock.freeze(501);
  assert.equal(a.term.remainingMs(), 0);
  assert.equal(a.term.signal.aborted, true);
});

Deno.test("HeldTerm is over when the machine was suspended for its validity, although the monotonic clock stood still (T13)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  test.clock.freeze(799, { monotonic: false });
  assert.equal(a.term.isValid(), true);
  test.clock.freeze(1, { monotonic: false });
  assert.equal(a.term.isValid(), false);
  assert.equal(lossOf(a.term).kind, "expired");
});

Deno.test("HeldTerm goes on when the wall clock is set back (T13)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  test.clock.jumpWall(-86_400_000);
  await test.clock.advance(5_000);
  assert.equal(a.term.isValid(), true);
});

Deno.test("HeldTerm that was lost stays lost, even when a renewal is answered afterwards", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const slow = heldCall();
  a.handle.onCommit(slow.fault);
  await test.clock.advance(333.4);
  test.clock.freeze(500);
  assert.equal(a.term.isValid(), false);
  await slow.release();
  await test.clock.advance(1_000);
  assert.equal(a.term.isValid(), false);
  assert.equal(a.election.term, null);
});

Deno.test("HeldTerm is not revived by a renewal that is answered when its validity is over", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const slow = heldCall();
  a.handle.onCommit(slow.fault);
  await test.clock.advance(333.4);
  test.clock.freeze(500);
  await slow.release();
  await test.settle();
  assert.equal(a.term.signal.aborted, true);
  assert.equal(lossOf(a.term).kind, "expired");
});

Deno.test("HeldTerm learns at a renewal that the store names another, and says whom", async () => {
  const cases: {
    name: string;
    change: (record: Record<string, unknown>) => unknown;
    loss: object;
  }[] = [
    {
      name: "another holder",
      change: (record) => ({ ...record, term: 2, holderId: "b", incarnation: "b-1" }),
      loss: { kind: "superseded", holderId: "b", term: 2 },
    },
    {
      name: "a restored backup",
      change: (record) => ({ ...record, holderId: "a", incarnation: "a-0" }),
      loss: { kind: "superseded", holderId: "a", term: 1 },
    },
    {
      name: "another process under its id",
      change: (record) => ({ ...record, incarnation: "a-2" }),
      loss: { kind: "superseded", holderId: "a", term: 1 },
    },
    {
      name: "a foreign value",
      change: () => "node-1",
      loss: { kind: "superseded", holderId: null, term: null },
    },
    {
      name: "nothing",
      change: () => null,
      loss: { kind: "superseded", holderId: null, term: null },
    },
  ];
  for (const { name, change, loss } of cases) {
    using test = await TestStore.open();
    await using a = await lead(test);
    const value = change((await test.read(TERM_KEY))!);
    if (value === null) await test.raw.delete(TERM_KEY);
    else await test.raw.set(TERM_KEY, value);
    await test.clock.advance(334);
    assert.deepEqual(lossOf(a.term), loss, name);
    assert.equal(a.election.term, null, name);
    assert.deepEqual((await test.raw.get(TERM_KEY)).value, value, name);
  }
});

Deno.test("HeldTerm learns at a renewal that its fence is gone, although its record stands", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  await test.raw.delete(a.term.check.key);
  await test.clock.advance(334);
  assert.deepEqual(lossOf(a.term), { kind: "superseded", holderId: "a", term: 1 });
});

Deno.test("HeldTerm renews by a write that cannot be done again: it checks its fence, its record and what it replaces", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const taken = a.term.check.versionstamp;
  await test.clock.advance(334);
  const replaced = (await test.raw.get(LEASE_KEY)).versionstamp;
  await test.clock.advance(333);
  assert.notEqual(replaced, taken);
  assert.deepEqual(a.handle.sent.at(-1)!.checks, [
    { key: a.term.check.key, versionstamp: taken },
    { key: TERM_KEY, versionstamp: taken },
    { key: LEASE_KEY, versionstamp: replaced },
  ]);
});

Deno.test("HeldTerm goes on, at once, from whatever stands under its lease while its fence stands", async () => {
  const cases: { name: string; change: (test: TestStore) => Promise<unknown> }[] = [
    {
      name: "a renewal of its own that arrived late",
      change: async ({ raw }) => {
        await raw.set(LEASE_KEY, { ...(await raw.get<object>(LEASE_KEY)).value, nonce: "late" });
      },
    },
    { name: "a foreign value", change: ({ raw }) => raw.set(LEASE_KEY, "by hand") },
    { name: "nothing", change: ({ raw }) => raw.delete(LEASE_KEY) },
  ];
  for (const { name, change } of cases) {
    using test = await TestStore.open();
    await using a = await lead(test);
    await change(test);
    await test.clock.advance(334);
    assert.equal((await test.read(LEASE_KEY))!["renewals"], 1, name);
    assert.ok(a.term.remainingMs() > 790, name);
  }
});

Deno.test("HeldTerm keeps its term when a renewal that was given up arrives between two others (T5)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const zombie = heldCall({ answer: false });
  a.handle.onCommit(zombie.fault);
  await test.clock.advance(334 + 166);
  await zombie.release();
  await test.clock.advance(2_000);
  assert.equal(a.term.isValid(), true);
});

Deno.test("HeldTerm survives a failing store until its validity is over, and says why it ended (F5)", async () => {
  const cases: { name: string; fault: Fault; error: RegExp }[] = [
    { name: "no connection", fault: connectionRefused, error: /connection refused/ },
    { name: "disk full", fault: diskFull, error: /disk is full/ },
    { name: "silence", fault: hang, error: /no answer within/ },
  ];
  for (const { name, fault, error } of cases) {
    using test = await TestStore.open();
    await using a = await lead(test);
    a.handle.breakDown(fault);
    await test.clock.advance(600);
    assert.equal(a.term.isValid(), true, name);
    a.handle.heal();
    await test.clock.advance(1_000);
    assert.equal(a.term.isValid(), true, name);
    a.handle.breakDown(fault);
    await test.clock.advance(1_000);
    const loss = lossOf(a.term);
    assert.equal(loss.kind, "store-unavailable", name);
    assert.match(String(loss.kind === "store-unavailable" && loss.error), error, name);
    a.handle.heal();
  }
});

Deno.test("HeldTerm keeps its term when the answer to a renewal is lost (T2)", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    using test = await TestStore.open();
    await using a = await lead(test);
    a.handle.onCommit(fault, { times: 6 });
    await test.clock.advance(2_000);
    assert.equal(a.term.isValid(), true);
    assert.equal((await test.read(LEASE_KEY))!["renewals"], 6);
  }
});

Deno.test("HeldTerm says for how long the answer to a renewal is of use (T23)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test, { leaseMs: 1_000, renewMs: 330, attemptTimeoutMs: 150 });
  const member = a.term as unknown as { readonly usefulForMs: number };
  assert.equal(Math.round(member.usefulForMs), 800);
  test.clock.freeze(700);
  assert.equal(Math.round(member.usefulForMs), 100);
});

Deno.test("HeldTerm resign awaits the renewal under way before it releases (T21)", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const slow = heldCall();
  a.handle.onCommit(slow.fault, { only: touches("lease") });
  await test.clock.advance(333.4);
  let resigned = false;
  const resigning = a.term.resign().then(() => resigned = true);
  await test.settle();
  assert.equal(resigned, false);
  assert.equal((await test.read(TERM_KEY))!["holderId"], "a");
  await slow.release();
  await resigning;
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
  const { versionstamp } = await test.raw.get(LEASE_KEY);
  await test.clock.advance(5_000);
  assert.equal((await test.raw.get(LEASE_KEY)).versionstamp, versionstamp);
});

Deno.test("HeldTerm resign aborts the signal before it tells the store, and releases once", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const slow = heldCall();
  a.handle.onCommit(slow.fault, { only: touches("term") });
  const resigning = a.term.resign();
  await test.settle();
  assert.deepEqual(lossOf(a.term), { kind: "resigned" });
  assert.equal(a.term.isValid(), false);
  assert.equal((await test.read(TERM_KEY))!["holderId"], "a");
  await slow.release();
  await Promise.all([resigning, a.term.resign(), a.term[Symbol.asyncDispose]()]);
  assert.equal(a.handle.sent.filter(touches("term")).length, 2);
});

Deno.test("HeldTerm resign waits for work to settle, and does not release under work that goes on", async () => {
  const cases = [
    { name: "ends well", work: (test: TestStore) => test.clock.sleep(300), isReleased: true },
    {
      name: "ends badly",
      work: (test: TestStore) => test.clock.sleep(300).then(() => Promise.reject(new Error("bug"))),
      isReleased: true,
    },
    { name: "goes on", work: () => new Promise<void>(() => {}), isReleased: false },
  ];
  for (const { name, work, isReleased } of cases) {
    using test = await TestStore.open();
    await using a = await lead(test);
    const resigning = a.term.resign({ after: work(test) });
    assert.equal(a.term.isValid(), false, name);
    await test.clock.advance(299);
    assert.equal((await test.read(TERM_KEY))!["holderId"], "a", name);
    await test.until(resigning, 900);
    const { holderId } = (await test.read(TERM_KEY))!;
    assert.equal(holderId, isReleased ? null : "a", name);
  }
});

Deno.test("HeldTerm resign releases nothing that another has taken meanwhile", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const theirs = { ...(await test.read(TERM_KEY))!, term: 2, holderId: "b" };
  await test.raw.set(TERM_KEY, theirs);
  await a.term.resign();
  assert.deepEqual(await test.read(TERM_KEY), theirs);
});

Deno.test("HeldTerm resign does nothing in the store when the term was lost before", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  test.clock.freeze(900);
  assert.equal(a.term.isValid(), false);
  const { versionstamp } = await test.raw.get(TERM_KEY);
  await a.term.resign();
  assert.equal((await test.raw.get(TERM_KEY)).versionstamp, versionstamp);
});

Deno.test("HeldTerm resign tries three times and then says that the store was not told", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  a.handle.onCommit(connectionRefused, { times: 2 });
  await a.term.resign();
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
  const again = (await a.election.tryAcquire())!;
  a.handle.onCommit(connectionRefused, { times: 3 });
  await assert.rejects(again.resign(), {
    name: "StoreUnavailableError",
    message: /^Cannot release "e": the store is unavailable \(Error: error sending request/,
  });
  assert.equal(again.isValid(), false);
});

Deno.test("HeldTerm disposal resigns, and does not throw when the store cannot be told", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  await a.term[Symbol.asyncDispose]();
  assert.equal((await test.read(TERM_KEY))!["holderId"], null);
  const again = (await a.election.tryAcquire())!;
  a.handle.onCommit(connectionRefused, { times: 3 });
  await again[Symbol.asyncDispose]();
  assert.equal(again.isValid(), false);
});

Deno.test("HeldTerm transfer reserves the next term for one candidate, for a lease", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  await using b = candidate(test, "b");
  await using c = candidate(test, "c");
  await a.term.transfer("b");
  assert.equal((await test.read(TERM_KEY))!["reservedFor"], "b");
  assert.deepEqual(lossOf(a.term), { kind: "resigned" });
  assert.equal(await c.election.tryAcquire(), null);
  await test.clock.advance(999);
  assert.equal(await c.election.tryAcquire(), null);
  assert.equal((await b.election.tryAcquire())?.term, 2);
  assert.equal((await test.read(TERM_KEY))!["reservedFor"], null);
});

Deno.test("HeldTerm transfer to a candidate that never comes blocks nobody for longer than a lease", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  await using c = candidate(test, "c");
  await a.term.transfer("b");
  assert.equal(await c.election.tryAcquire(), null);
  await test.clock.advance(1_000);
  assert.equal((await c.election.tryAcquire())?.term, 2);
});

Deno.test("HeldTerm transfer refuses what is no name, its holder, and a term that is over", async () => {
  using test = await TestStore.open();
  await using a = await lead(test);
  const cases: { to: unknown; error: string; message: RegExp }[] = [
    { to: "", error: "TypeError", message: /^to must be a text .* got ""$/ },
    { to: "\0", error: "TypeError", message: /^to must be a text / },
    { to: undefined, error: "TypeError", message: /^to must be a text .* got undefined$/ },
    { to: 5, error: "TypeError", message: /^to must be a text .* got 5$/ },
    { to: "x".repeat(70_000), error: "RangeError", message: /^to must have at most .* got 70000$/ },
    { to: "a", error: "TypeError", message: /^Cannot transfer "e" to its holder "a"$/ },
  ];
  for (const { to, error, message } of cases) {
    await assert.rejects(a.term.transfer(to as string), { name: error, message });
  }
  assert.equal(a.term.isValid(), true);
  await a.term.resign();
  await assert.rejects(a.term.transfer("b"), { name: "LeadershipLostError" });
});

/** Two candidates, each with a handle of its own, on a store that can be set back and lose replies. */
function onSimStore(client: "local" | "connect" = "local") {
  const time = new SimTime();
  const store = new SimStore({ time });
  const clock = new FakeClock({ time });
  const stand = (holderId: string, kv: Deno.Kv) => {
    const options = { leaseMs: 1_000, clock, random: () => 0.5, storePath: "https://kv.sim" };
    return new LeaderElection({ kv, name: "e", holderId, ...options });
  };
  const handles = { a: store.open({ client }), b: store.open({ client }) };
  const [a, b] = [stand("a", handles.a), stand("b", handles.b)];
  const dispose = async () => {
    await until(clock, Promise.all([a[Symbol.asyncDispose](), b[Symbol.asyncDispose]()]));
  };
  const lead = async (who: LeaderElection) => {
    const term = await until(clock, who.tryAcquire());
    assert.ok(term, `${who.holderId} does not lead`);
    return term;
  };
  return { store, clock, handles, a, b, lead, [Symbol.asyncDispose]: dispose };
}

async function until<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = () => isSettled = true;
  promise.then(settled, settled);
  for (let ms = 0; !isSettled && ms < 5_000; ms += 10) await clock.advance(10);
  return await promise;
}

Deno.test("HeldTerm is fenced in a store that was set back, also when the next term's record has its very versionstamp (T12)", async () => {
  await using old = onSimStore();
  const { store, clock } = old;
  const before = store.snapshot();
  const deposed = await old.lead(old.a);
  const stamp = store.peek(TERM_KEY).versionstamp;
  store.restore(before);
  const next = await old.lead(old.b);
  assert.equal(store.peek(TERM_KEY).versionstamp, stamp, "the case that is meant");
  const write = async (term: Term) =>
    (await until(clock, term.atomic().set(["work"], term.holderId).commit())).ok;
  assert.equal(await write(deposed), false);
  assert.equal(store.peek(["work"]).versionstamp, null);
  assert.equal(await write(next), true);
});

Deno.test("HeldTerm ends at its next renewal in a store that was set back, whatever versionstamp the next term has (T12)", async () => {
  await using old = onSimStore();
  const before = old.store.snapshot();
  const deposed = await old.lead(old.a);
  old.store.restore(before);
  const next = await old.lead(old.b);
  await old.clock.advance(400);
  assert.deepEqual(lossOf(deposed), { kind: "superseded", holderId: "b", term: 1 });
  await old.clock.advance(2_000);
  assert.equal(next.isValid(), true);
});

Deno.test("HeldTerm resign releases nothing of another's in a store that was set back (T12)", async () => {
  await using old = onSimStore();
  const before = old.store.snapshot();
  const deposed = await old.lead(old.a);
  old.store.restore(before);
  const next = await old.lead(old.b);
  await until(old.clock, deposed.resign());
  assert.equal(old.store.peek<{ holderId: string }>(TERM_KEY).value?.holderId, "b");
  assert.equal(next.isValid(), true);
});

Deno.test("HeldTerm counts as before in a restored backup that contains it, until the next term (T12)", async () => {
  await using old = onSimStore();
  const { store, clock } = old;
  const term = await old.lead(old.a);
  const { check } = term;
  const backup = store.snapshot();
  const write = async () =>
    (await until(clock, store.open().atomic().check(check).set(["work"], 1).commit())).ok;
  await until(clock, term.resign());
  assert.equal(await write(), false);
  store.restore(backup);
  assert.equal(await write(), true);
  await old.b.leader();
  await clock.advance(1_001);
  await old.lead(old.b);
  assert.equal(await write(), false);
});

Deno.test("HeldTerm of a holder that hears no reply any more is followed within two leases, although its client sends its renewals again for ever", async () => {
  await using sim = onSimStore("connect");
  const { store, clock } = sim;
  const deaf = await sim.lead(sim.a);
  void sim.b.campaign().catch(() => {});
  await clock.advance(1_000);
  sim.handles.a.faults = { lostReply: 1 };
  await clock.advance(2_000);
  assert.equal(lossOf(deaf).kind, "store-unavailable");
  assert.equal(sim.b.term?.term, 2);
  const retries = () => store.faultCounts.get("retry")!;
  const before = retries();
  await clock.advance(5_000);
  assert.ok(retries() > before + 15, "it goes on");
  assert.equal(sim.b.term?.term, 2);
});
