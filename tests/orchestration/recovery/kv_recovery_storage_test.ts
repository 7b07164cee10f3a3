import assert from "node:assert/strict";
import { CorruptRecordError, StoreUnavailableError } from "../../../coordination/errors.ts";
import { LeaderElection } from "../../../coordination/leader_election.ts";
import { sharedStore } from "../../../coordination/shared_store.ts";
import {
  KvRecoveryStorage,
  recoveryPrefix,
} from "../../../orchestration/recovery/kv_recovery_storage.ts";
import type {
  RecoveryStorage,
  StorageChange,
} from "../../../orchestration/recovery/recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { type SimOpenOptions, SimStore } from "../../../testing/sim_store.ts";

const KEY = ["step", "1"];
const PREFIX = recoveryPrefix("shop");
const AT = [...PREFIX, "entry", ...KEY];
const TIMEOUT_MS = 1_000;

function setUp(open: SimOpenOptions = {}) {
  const sim = new SimStore();
  const clock = new FakeClock({ time: sim.time });
  const kv = sim.open(open);
  const other = sim.open();
  const options = { prefix: PREFIX, clock, random: () => 0.5, timeoutMs: TIMEOUT_MS };
  const storage = new KvRecoveryStorage({ kv, ...options });
  const rival = new KvRecoveryStorage({ kv: other, ...options });
  return { sim, clock, kv, other, storage, rival };
}

/** Lets time pass until a call is answered. */
async function within<T>(clock: FakeClock, call: Promise<T>, ms = TIMEOUT_MS): Promise<T> {
  let hasEnded = false;
  const end = () => hasEnded = true;
  call.then(end, end);
  for (let passedMs = 0; passedMs < ms && !hasEnded; passedMs += 10) await clock.advance(10);
  assert.ok(hasEnded, `no answer within ${ms} ms`);
  return await call;
}

/** What was applied, as the store itself shows it. */
function stands(sim: SimStore): unknown {
  return sim.peek<{ json: string }>(AT).value?.json;
}

/** Counts the commits that the store is sent through a handle. */
function countCommits(kv: Deno.Kv): { readonly kv: Deno.Kv; sent: number } {
  const counted = {
    sent: 0,
    kv: new Proxy(kv, {
      get: (target, property) => {
        if (property === "atomic") counted.sent++;
        const found: unknown = Reflect.get(target, property);
        return typeof found === "function" ? found.bind(target) : found;
      },
    }),
  };
  return counted;
}

const CHANGES: readonly { readonly name: string; readonly change: StorageChange }[] = [
  { name: "writes", change: { sets: [{ key: KEY, value: "new" }] } },
  { name: "only removals", change: { deletes: [KEY] } },
  { name: "only checks", change: { checks: [{ key: ["none"], version: null }] } },
];

Deno.test("recoveryPrefix gives a cluster a place of its own", () => {
  assert.deepEqual(recoveryPrefix("shop"), ["baton", "recovery", "shop"]);
  assert.throws(() => recoveryPrefix(""), { name: "TypeError" });
  assert.throws(() => recoveryPrefix("x".repeat(501)), { name: "RangeError" });
});

Deno.test("KvRecoveryStorage refuses options out of range, and asks the store for nothing", () => {
  const kv = new Proxy({} as Deno.Kv, {
    get: () => assert.fail("it was asked"),
  });
  new KvRecoveryStorage({ kv, prefix: PREFIX });
  for (const timeoutMs of [0, -1, 60_001, NaN]) {
    assert.throws(() => new KvRecoveryStorage({ kv, prefix: PREFIX, timeoutMs }), {
      name: "RangeError",
      message: `timeoutMs must be a number from 1 to 60000, got ${timeoutMs}`,
    });
  }
  assert.throws(() => new KvRecoveryStorage({ kv, prefix: ["x".repeat(256), "x".repeat(257)] }), {
    name: "RangeError",
  });
});

Deno.test("KvRecoveryStorage writes below its prefix only, and its receipts go away", async () => {
  const { sim, storage, clock } = setUp();
  await storage.commit({ sets: [{ key: KEY, value: { a: 1 } }] });
  const written = sim.peekAll(PREFIX);
  assert.equal(written.length, sim.size);
  assert.deepEqual(written.map(({ key }) => key[3]), ["entry", "receipt"]);
  assert.deepEqual(sim.peek(AT).value, { v: 1, json: '{"a":1}' });
  await clock.advance(60 * 60_000);
  assert.deepEqual(sim.peekAll().map(({ key }) => key), [AT]);
});

Deno.test("KvRecoveryStorage keeps storages below other prefixes apart", async () => {
  const { other, storage } = setUp();
  const beside = new KvRecoveryStorage({ kv: other, prefix: recoveryPrefix("shop2") });
  await storage.commit({ sets: [{ key: KEY, value: 1 }] });
  assert.equal(await beside.get(KEY), null);
  assert.deepEqual(await beside.list([], { limit: 9 }), []);
});

Deno.test("KvRecoveryStorage rejects in time when the store is silent", async () => {
  const cases: { name: string; call: (storage: RecoveryStorage) => Promise<unknown> }[] = [
    { name: "get", call: (storage) => storage.get(KEY) },
    { name: "list", call: (storage) => storage.list([], { limit: 9 }) },
    { name: "commit", call: (storage) => storage.commit({ sets: [{ key: KEY, value: 1 }] }) },
  ];
  for (const { name, call } of cases) {
    const { kv, clock, storage } = setUp();
    kv.faults = { hang: 1 };
    await assert.rejects(within(clock, call(storage)), {
      name: "StoreUnavailableError",
      code: "STORE_UNAVAILABLE",
    }, name);
    assert.equal(clock.sleeperCount, 0, name);
  }
});

Deno.test("KvRecoveryStorage commit knows what was applied when the answer is lost", async () => {
  for (const { name, change } of CHANGES) {
    const { sim, kv, clock, storage, rival } = setUp();
    await rival.commit({ sets: [{ key: KEY, value: "old" }] });
    kv.next({ kind: "lostReply" }, { on: "commit" });
    const version = await within(clock, storage.commit(change));
    const [last] = sim.peekAll().map(({ versionstamp }) => versionstamp).toSorted().toReversed();
    assert.equal(version, last, name);
    const wanted = { "writes": '"new"', "only removals": undefined }[name];
    if (name !== "only checks") assert.equal(stands(sim), wanted, name);
  }
});

Deno.test("KvRecoveryStorage commit that the client sends again is done once, whatever others wrote", async () => {
  for (const { name, change } of CHANGES) {
    const { sim, kv, clock, storage, rival } = setUp({ client: "connect" });
    kv.next({ kind: "lostReply" }, { on: "commit" });
    const sending = storage.commit(change);
    await clock.advance(1);
    assert.equal(sim.peekAll([...PREFIX, "receipt"]).length, 1, "it was done");
    const theirs = await rival.commit({ sets: [{ key: KEY, value: "theirs" }] });
    const version = await within(clock, sending);
    assert.ok(version !== null && theirs !== null && version < theirs, name);
    assert.equal(stands(sim), '"theirs"', `${name}: the second time nothing was done`);
  }
});

Deno.test("KvRecoveryStorage commit never answers when it cannot know", async () => {
  for (const kind of ["lostRequest", "hang"] as const) {
    for (const { name, change } of CHANGES) {
      const { kv, clock, storage } = setUp();
      kv.next({ kind }, { on: "commit" });
      await assert.rejects(within(clock, storage.commit(change)), (error) => {
        assert.ok(error instanceof StoreUnavailableError, name);
        assert.match(error.message, /^Cannot change what recovery stores: /);
        return true;
      });
    }
  }
});

Deno.test("KvRecoveryStorage commit that comes late changes nothing that was written meanwhile", async () => {
  const { sim, kv, clock, storage, rival } = setUp();
  kv.next({ kind: "zombie", delayMs: 5_000, isAnswered: false }, { on: "commit" });
  const change = { checks: [{ key: KEY, version: null }], sets: [{ key: KEY, value: "late" }] };
  await assert.rejects(within(clock, storage.commit(change)), StoreUnavailableError);
  await rival.commit({ sets: [{ key: KEY, value: "theirs" }] });
  await clock.advance(10_000);
  assert.equal(stands(sim), '"theirs"');
});

Deno.test("KvRecoveryStorage commit sends nothing that cannot be applied", async () => {
  const { other } = setUp();
  const counted = countCommits(other);
  const storage = new KvRecoveryStorage({ kv: counted.kv, prefix: PREFIX });
  const sets = [{ key: KEY, value: 1 }];
  const fence = { check: { key: ["t"], versionstamp: null }, isValid: () => false };
  assert.equal(await storage.commit({ fence, sets }), null);
  for (const version of ["", "1", "x".repeat(20), "0".repeat(21)]) {
    assert.equal(await storage.commit({ checks: [{ key: KEY, version }], sets }), null, version);
  }
  assert.equal(counted.sent, 0);
  assert.ok(await storage.commit({ sets }));
  assert.equal(counted.sent, 1);
});

Deno.test("KvRecoveryStorage names the key of what it did not write, and leaves it", async () => {
  const foreign: { name: string; value: unknown; fault: RegExp }[] = [
    { name: "no object", value: 5, fault: /expected an object, found 5/ },
    { name: "no version", value: { json: "1" }, fault: /"v" to be 1, found undefined/ },
    { name: "a later version", value: { v: 2, json: "1" }, fault: /version 2 is newer/ },
    { name: "no JSON", value: { v: 1 }, fault: /"json" to be a text/ },
    { name: "half JSON", value: { v: 1, json: '{"a":' }, fault: /"json" to be JSON, found/ },
  ];
  for (const { name, value, fault } of foreign) {
    const { sim, other, storage } = setUp();
    await other.set(AT, value);
    for (const read of [() => storage.get(KEY), () => storage.list([], { limit: 9 })]) {
      await assert.rejects(read, (error) => {
        assert.ok(error instanceof CorruptRecordError, name);
        assert.deepEqual(error.key, AT);
        assert.match(error.fault, fault);
        return true;
      });
    }
    assert.deepEqual(sim.peek(AT).value, value);
    assert.ok(await storage.commit({ sets: [{ key: KEY, value: 1 }] }), "it can be overwritten");
    assert.equal((await storage.get(KEY))?.value, 1);
  }
});

Deno.test("KvRecoveryStorage list names a key that is none of its own", async () => {
  const { other, storage } = setUp();
  await other.set([...PREFIX, "entry", "a", 1], { v: 1, json: "1" });
  await assert.rejects(storage.list(["a"], { limit: 1 }), {
    name: "CorruptRecordError",
    fault: "expected a key of texts",
  });
});

Deno.test("KvRecoveryStorage refuses what is too large only for its own long prefix", async () => {
  const { sim, other, clock } = setUp();
  const prefix = recoveryPrefix("x".repeat(200));
  const storage = new KvRecoveryStorage({ kv: other, prefix, clock });
  const sets = Array.from({ length: 500 }, (_, i) => ({ key: [String(i)], value: i }));
  await assert.rejects(storage.commit({ sets }), (error) => {
    assert.ok(error instanceof RangeError && error.cause instanceof TypeError);
    assert.equal(error.message, "Cannot change so much at once below a prefix so long");
    return true;
  });
  assert.equal(sim.size, 0);
  assert.ok(await storage.commit({ sets: sets.slice(0, 300) }));
});

Deno.test("KvRecoveryStorage shares the port of its handle with whatever else uses that", async () => {
  const { kv, clock, storage } = setUp();
  const { store } = sharedStore(kv, { clock, random: () => 0.5, attemptTimeoutMs: 7 });
  await storage.commit({ sets: [{ key: KEY, value: 1 }] });
  await storage.get(KEY);
  assert.deepEqual([store.getMetrics().commits, store.getMetrics().reads], [1, 1]);
});

Deno.test("KvRecoveryStorage commit takes an election's term as fence, until it is resigned", async () => {
  using kv = await Deno.openKv(":memory:");
  await using election = new LeaderElection({ kv, storePath: ":memory:", name: "recovery" });
  const term = await election.campaign();
  const storage = new KvRecoveryStorage({ kv, prefix: PREFIX });
  const sets = [{ key: KEY, value: 1 }];
  assert.ok(await storage.commit({ fence: term, sets }));
  await term.resign();
  const unaware = { check: term.check, isValid: () => true };
  assert.equal(await storage.commit({ fence: term, sets }), null, "known here");
  assert.equal(await storage.commit({ fence: unaware, sets }), null, "known to the store");
});
