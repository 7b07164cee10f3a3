import assert from "node:assert/strict";
import { ElectionLedger } from "../../coordination/election_ledger.ts";
import { electionKeys, encodeRecord, fenceKey } from "../../coordination/election_records.ts";
import { CorruptRecordError } from "../../coordination/errors.ts";
import { resolveLeaseTiming } from "../../coordination/lease_timing.ts";
import { KvStore } from "../../coordination/kv_store.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { SimTime } from "../../testing/sim_time.ts";
import {
  connectionRefused,
  hang,
  heldCall,
  lostReply,
  repeatedByClient,
} from "../support/faults.ts";
import { TestStore } from "../support/test_store.ts";

const keys = electionKeys(["baton"], "e");
const WRITTEN_LEASE = { v: 1, term: 1, nonce: "n", leaseMs: 1_000, renewals: 0, writtenAt: "now" };

function ledger(test: TestStore, holderId: string, leaseMs = 1_000) {
  const handle = test.handle();
  const store = test.port(handle);
  const timing = resolveLeaseTiming({ leaseMs });
  const incarnation = `${holderId}-1`;
  return {
    handle,
    store,
    ledger: new ElectionLedger({ name: "e", keys, holderId, incarnation, timing, store }),
  };
}

Deno.test("ElectionLedger observes an empty store as vacant, with the lease it would use itself", async () => {
  using test = await TestStore.open();
  assert.deepEqual(await ledger(test, "a").ledger.observe(), {
    term: 0,
    holderId: null,
    incarnation: null,
    leaseMs: 1_000,
    reservedFor: null,
    unchangedSinceMs: 0,
    termStamp: null,
    leaseStamp: null,
    fences: [],
    storeId: null,
  });
});

Deno.test("ElectionLedger takes the next term and writes what others need to know", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  const taken = await a.take(await a.observe());
  const { nonce, storeId, ...term } = (await test.read(keys.term))!;
  const lease = (await test.read(keys.lease))!;
  assert.deepEqual(term, {
    v: 1,
    term: 1,
    holderId: "a",
    incarnation: "a-1",
    leaseMs: 1_000,
    reservedFor: null,
    writtenAt: "2026-01-01T00:00:00.000Z",
  });
  assert.deepEqual(lease, {
    v: 1,
    term: 1,
    nonce,
    leaseMs: 1_000,
    renewals: 0,
    writtenAt: "2026-01-01T00:00:00.000Z",
  });
  assert.ok(typeof storeId === "string" && storeId !== "");
  assert.equal(taken?.versionstamp, (await test.raw.get(keys.term)).versionstamp);
  assert.equal(taken?.record.storeId, storeId);
});

async function standingFences(test: TestStore) {
  return await Array.fromAsync(test.raw.list({ prefix: keys.fences }));
}

Deno.test("ElectionLedger sets a fence in the commit that takes a term, named by its nonce", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  const { record, versionstamp } = (await a.take(await a.observe()))!;
  assert.deepEqual(await standingFences(test), [
    { key: fenceKey(keys, record.nonce), value: { v: 1, term: 1 }, versionstamp },
  ]);
});

Deno.test("ElectionLedger leaves no other fence standing when it takes a term, whatever became of the record", async () => {
  const cases: { name: string; meddle: (test: TestStore, first: unknown) => Promise<unknown> }[] = [
    { name: "nothing", meddle: () => Promise.resolve() },
    { name: "the record was deleted", meddle: ({ raw }) => raw.delete(keys.term) },
    { name: "the record was put back", meddle: ({ raw }, first) => raw.set(keys.term, first) },
    {
      name: "a fence was left behind",
      meddle: ({ raw }) => raw.set(fenceKey(keys, "old"), encodeRecord({ term: 1 })),
    },
  ];
  for (const { name, meddle } of cases) {
    using test = await TestStore.open();
    const { ledger: a } = ledger(test, "a");
    await a.take(await a.observe());
    const first = await test.read(keys.term);
    await a.take(await a.observe());
    await meddle(test, first);
    const { ledger: b } = ledger(test, "b");
    const { record } = (await b.take(await b.observe()))!;
    const standing = (await standingFences(test)).map(({ key }) => key);
    assert.deepEqual(standing, [fenceKey(keys, record.nonce)], name);
  }
});

Deno.test("ElectionLedger does not touch the fence of who was faster", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  const { ledger: b } = ledger(test, "b");
  const seenByB = await b.observe();
  const { record } = (await a.take(await a.observe()))!;
  assert.equal(await b.take(seenByB), null);
  const standing = (await standingFences(test)).map(({ key }) => key);
  assert.deepEqual(standing, [fenceKey(keys, record.nonce)]);
});

Deno.test("ElectionLedger reads records and fence in one call, and takes a term without a further one", async () => {
  using test = await TestStore.open();
  const { ledger: a, handle } = ledger(test, "a");
  await a.take(await a.observe());
  await a.take(await a.observe());
  assert.deepEqual([handle.reads, handle.sent.length], [2, 2]);
});

Deno.test("ElectionLedger passes over what others put below its keys", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  const strays = [[...keys.term, "old"], [...keys.fences, "x", "y"], [...keys.prefix, "note"]];
  for (const key of strays) await test.raw.set(key, "by hand");
  assert.equal((await a.take(await a.observe()))?.record.term, 1);
  for (const key of strays) assert.equal((await test.raw.get(key)).value, "by hand");
});

Deno.test("ElectionLedger sees that a term is another's that has the versionstamps of the one before (T12)", async () => {
  const time = new SimTime();
  const store = new SimStore({ time });
  const clock = new FakeClock({ time });
  const stand = (holderId: string) =>
    new ElectionLedger({
      name: "e",
      keys,
      holderId,
      incarnation: `${holderId}-1`,
      timing: resolveLeaseTiming({ leaseMs: 1_000 }),
      store: new KvStore(store.open(), { clock, random: () => 0.5 }),
    });
  const now = async <T>(call: Promise<T>) => {
    await clock.advance(0);
    return await call;
  };
  const [a, b, c] = [stand("a"), stand("b"), stand("c")];
  const before = store.snapshot();
  await now(a.observe().then((seen) => a.take(seen)));
  const seen = await now(c.observe());
  store.restore(before);
  await now(b.observe().then((seen) => b.take(seen)));
  await clock.advance(700);
  const seenNow = await now(c.observe());
  assert.deepEqual([seenNow.termStamp, seenNow.leaseStamp], [seen.termStamp, seen.leaseStamp]);
  assert.deepEqual([seen.holderId, seenNow.holderId], ["a", "b"]);
  assert.ok(seenNow.unchangedSinceMs >= seen.unchangedSinceMs + 700, "its lease begins anew");
  await now(c.take(seenNow));
  assert.equal(store.peekAll(keys.fences).length, 1);
});

Deno.test("ElectionLedger measures how long a record stands from the first answer that showed it", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  await a.take(await a.observe());
  const { ledger: b, handle } = ledger(test, "b");
  const slow = heldCall();
  handle.onRead(slow.fault);
  const first = b.observe();
  await test.clock.advance(100);
  await slow.release();
  assert.equal((await first).unchangedSinceMs, 100);
  await test.clock.advance(400);
  assert.equal((await b.observe()).unchangedSinceMs, 100);
  await test.raw.set(keys.lease, { ...(await test.read(keys.lease))!, renewals: 1 });
  assert.equal((await b.observe()).unchangedSinceMs, 500);
});

Deno.test("ElectionLedger anchors a term's validity before the send (T23)", async () => {
  using test = await TestStore.open();
  const { ledger: a, handle } = ledger(test, "a");
  const observed = await a.observe();
  await test.clock.advance(50);
  const slow = heldCall();
  handle.onCommit(slow.fault);
  const taking = a.take(observed);
  await test.clock.advance(120);
  await slow.release();
  const taken = await taking;
  assert.deepEqual(taken?.sentAt, { monotonicMs: 50, wallMs: Date.UTC(2026, 0, 1) + 50 });
});

Deno.test("ElectionLedger lets one of two candidates win that saw the same (F2)", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  const { ledger: b } = ledger(test, "b");
  const [seenByA, seenByB] = [await a.observe(), await b.observe()];
  const [first, second] = [await a.take(seenByA), await b.take(seenByB)];
  assert.equal(first?.record.term, 1);
  assert.equal(second, null);
});

Deno.test("ElectionLedger refuses to take over what was renewed since it looked", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  await a.take(await a.observe());
  const { ledger: b } = ledger(test, "b");
  const seen = await b.observe();
  await test.raw.set(keys.lease, { ...(await test.read(keys.lease))!, renewals: 1 });
  assert.equal(await b.take(seen), null);
  assert.equal((await test.read(keys.term))!["holderId"], "a");
});

Deno.test("ElectionLedger refuses to take over what was handed to another since it looked", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  await a.take(await a.observe());
  const { ledger: b } = ledger(test, "b");
  const seen = await b.observe();
  const reserved = { ...(await test.read(keys.term))!, holderId: null, reservedFor: "c" };
  await test.raw.set(keys.term, reserved);
  assert.equal(await b.take(seen), null);
  assert.deepEqual(await test.read(keys.term), reserved);
});

Deno.test("ElectionLedger recognises its own term when the answer is lost (T2)", async () => {
  for (const fault of [lostReply, repeatedByClient]) {
    using test = await TestStore.open();
    const { ledger: a, handle } = ledger(test, "a");
    handle.onCommit(fault);
    const taken = await a.take(await a.observe());
    assert.equal(taken?.versionstamp, (await test.raw.get(keys.term)).versionstamp);
  }
});

Deno.test("ElectionLedger leads on no outcome that stayed unknown (T4)", async () => {
  for (const fault of [hang, connectionRefused]) {
    using test = await TestStore.open();
    const { ledger: a, handle } = ledger(test, "a");
    const observed = await a.observe();
    handle.onCommit(fault);
    await assert.rejects(test.until(a.take(observed)), {
      name: "StoreUnavailableError",
      code: "STORE_UNAVAILABLE",
      message: /^Cannot acquire "e": the store is unavailable \(/,
    });
  }
});

Deno.test("ElectionLedger goes on from the highest term it saw, as a new store, when terms went back (T12)", async () => {
  const restores: { name: string; restore: (test: TestStore, backup: unknown) => Promise<void> }[] =
    [
      {
        name: "the file was deleted",
        restore: async ({ raw }) => {
          await raw.delete(keys.term);
          await raw.delete(keys.lease);
        },
      },
      {
        name: "a backup was restored",
        restore: async ({ raw }, backup) => {
          await raw.set(keys.term, backup);
        },
      },
    ];
  for (const { name, restore } of restores) {
    using test = await TestStore.open();
    const { ledger: a } = ledger(test, "a");
    await a.take(await a.observe());
    const backup = await test.read(keys.term);
    for (let term = 2; term <= 4; term++) await a.take(await a.observe());
    const before = await test.read(keys.term);
    assert.equal(before!["term"], 4);
    await restore(test, backup);
    const taken = await a.take(await a.observe());
    assert.equal(taken?.record.term, 5, name);
    assert.notEqual(taken?.record.storeId, before!["storeId"], name);
  }
});

Deno.test("ElectionLedger keeps the store's id while terms only grow", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  const { ledger: b } = ledger(test, "b");
  const first = await a.take(await a.observe());
  const second = await b.take(await b.observe());
  assert.deepEqual([first?.record.term, second?.record.term], [1, 2]);
  assert.equal(second?.record.storeId, first?.record.storeId);
});

Deno.test("ElectionLedger takes the lease record's word for the term when the term record was deleted (T12)", async () => {
  using test = await TestStore.open();
  const { ledger: a } = ledger(test, "a");
  for (let term = 1; term <= 4; term++) await a.take(await a.observe());
  await test.raw.delete(keys.term);
  const { ledger: newcomer } = ledger(test, "b");
  assert.equal((await newcomer.take(await newcomer.observe()))?.record.term, 5);
});

Deno.test("ElectionLedger reports foreign values under its keys and leaves them alone", async () => {
  const future = encodeRecord({ term: 1 });
  const cases: { name: string; key: Deno.KvKey; value: unknown }[] = [
    { name: "a hand-written leader", key: keys.term, value: "node-1" },
    { name: "a newer version", key: keys.term, value: { ...future, v: 9 } },
    { name: "a lease of wrong types", key: keys.lease, value: { ...future, leaseMs: "10s" } },
    { name: "a lease that is a number", key: keys.lease, value: 30 },
  ];
  for (const { name, key, value } of cases) {
    using test = await TestStore.open();
    await test.raw.set(key, value);
    const { ledger: a, handle } = ledger(test, "a");
    for (let look = 0; look < 2; look++) {
      await assert.rejects(a.observe(), (error) => {
        assert.ok(error instanceof CorruptRecordError, name);
        assert.deepEqual(error.key, key, name);
        return true;
      });
    }
    assert.deepEqual((await test.raw.get(key)).value, value, name);
    assert.equal(handle.sent.length, 0, name);
  }
});

Deno.test("ElectionLedger measures its round trips", async () => {
  using test = await TestStore.open();
  const { ledger: a, handle } = ledger(test, "a");
  const before = a.roundTripMs;
  const slow = heldCall();
  handle.onRead(slow.fault);
  const observing = a.observe();
  await test.clock.advance(101);
  await slow.release();
  await observing;
  assert.equal(a.roundTripMs, before + 0.2 * (101 - before));
});

Deno.test("ElectionLedger takes the last term there is, and none that nobody could read after it", async () => {
  using test = await TestStore.open();
  const { ledger: first } = ledger(test, "a");
  await first.take(await first.observe());
  const written = (await test.read(keys.term))!;
  await test.raw.set(keys.term, { ...written, term: Number.MAX_SAFE_INTEGER - 1 });
  const { ledger: b } = ledger(test, "b");
  const last = await b.take(await b.observe());
  assert.equal(last?.record.term, Number.MAX_SAFE_INTEGER);
  const { ledger: c } = ledger(test, "c");
  const seen = await c.observe();
  await assert.rejects(c.take(seen), {
    name: "CorruptRecordError",
    key: keys.term,
    fault: "there is no term after this one",
  });
  assert.equal((await test.raw.get(keys.term)).versionstamp, last?.versionstamp);
});

Deno.test("ElectionLedger counts a restored backup or a deleted file once, however long it is led on", async () => {
  const restores: {
    name: string;
    restore: (test: TestStore, backup: unknown) => Promise<unknown>;
  }[] = [
    {
      name: "a deleted file",
      restore: ({ raw }) => raw.delete(keys.term).then(() => raw.delete(keys.lease)),
    },
    { name: "a backup", restore: ({ raw }, backup) => raw.set(keys.term, backup) },
  ];
  for (const { name, restore } of restores) {
    using test = await TestStore.open();
    const { ledger: a } = ledger(test, "a");
    await a.take(await a.observe());
    const backup = await test.read(keys.term);
    for (let term = 2; term <= 4; term++) await a.take(await a.observe());
    const { ledger: b, store } = ledger(test, "b");
    await b.observe();
    assert.equal(store.getMetrics().restores, 0, name);
    await restore(test, backup);
    await b.observe();
    assert.equal(store.getMetrics().restores, 1, name);
    for (let renewals = 1; renewals <= 5; renewals++) {
      await test.raw.set(keys.lease, { ...WRITTEN_LEASE, renewals });
      await b.observe();
    }
    assert.equal(store.getMetrics().restores, 1, name);
  }
});
