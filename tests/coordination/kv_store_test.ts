import assert from "node:assert/strict";
import { StoreUnavailableError } from "../../coordination/errors.ts";
import { isHandleClosed, KvStore } from "../../coordination/kv_store.ts";
import type { ListOptions, WriteBatch } from "../../coordination/write_batch.ts";
import {
  closed,
  connectionRefused,
  diskFull,
  type Fault,
  hang,
  heldCall,
  locked,
  lostReply,
  repeatedByClient,
  slow,
} from "../support/faults.ts";
import { TestStore } from "../support/test_store.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimStore } from "../../testing/sim_store.ts";

const KEY = ["x"];
const options = { timeoutMs: 1_000 };

const batch = (nonce: string, versionstamp: string | null = null): WriteBatch => ({
  checks: [{ key: KEY, versionstamp }],
  sets: [{ key: KEY, value: { nonce } }],
  witness: { key: KEY, nonce },
});

async function setUp() {
  const test = await TestStore.open();
  const handle = test.handle();
  return { test, handle, store: test.port(handle), [Symbol.dispose]: () => test.raw.close() };
}

Deno.test("KvStore commit answers committed with the versionstamp that stands in the store", async () => {
  using setup = await setUp();
  const { test, store } = setup;
  const outcome = await store.commit(batch("n-1"), options);
  const { versionstamp, value } = await test.raw.get(KEY);
  assert.deepEqual(outcome, { kind: "committed", versionstamp });
  assert.deepEqual(value, { nonce: "n-1" });
  assert.equal(store.getMetrics().commits, 1);
});

Deno.test("KvStore commit answers refused when a check no longer holds", async () => {
  using setup = await setUp();
  const { test, store } = setup;
  await test.raw.set(KEY, { nonce: "other" });
  assert.deepEqual(await store.commit(batch("n-1"), options), { kind: "refused" });
  assert.deepEqual(await test.read(KEY), { nonce: "other" });
  assert.equal(store.getMetrics().refused, 1);
});

Deno.test("KvStore commit writes and removes in one operation", async () => {
  using setup = await setUp();
  const { test, store } = setup;
  await test.raw.set(["old"], 1);
  await store.commit({ ...batch("n"), deletes: [["old"]] }, options);
  assert.equal((await test.raw.get(["old"])).versionstamp, null);
});

Deno.test("KvStore commit reads its nonce back when the answer is lost, and is not fooled (T2)", async () => {
  const cases: { name: string; fault: Fault; recovered: number }[] = [
    { name: "the reply is lost", fault: lostReply, recovered: 1 },
    { name: "the client repeats it and is refused", fault: repeatedByClient, recovered: 1 },
  ];
  for (const { name, fault, recovered } of cases) {
    using setup = await setUp();
    const { handle, store, test } = setup;
    handle.onCommit(fault);
    const outcome = await store.commit(batch("n-1"), options);
    const { versionstamp } = await test.raw.get(KEY);
    assert.deepEqual(outcome, { kind: "committed", versionstamp }, name);
    assert.equal(store.getMetrics().recovered, recovered, name);
    assert.equal(store.getMetrics().commits, 1, name);
  }
});

Deno.test("KvStore commit answers unknown when the call failed and its nonce is not there", async () => {
  const cases: { name: string; fault: Fault; message: RegExp }[] = [
    { name: "no connection", fault: connectionRefused, message: /connection refused/ },
    { name: "disk full", fault: diskFull, message: /disk is full/ },
    { name: "closed", fault: closed, message: /Bad resource/ },
  ];
  for (const { name, fault, message } of cases) {
    using setup = await setUp();
    const { handle, store } = setup;
    handle.onCommit(fault);
    const outcome = await store.commit(batch("n-1"), options);
    assert.equal(outcome.kind, "unknown", name);
    assert.match(String(outcome.kind === "unknown" && outcome.error), message, name);
    assert.equal(store.getMetrics().unknown, 1, name);
  }
});

Deno.test("KvStore commit answers unknown when it cannot read back", async () => {
  using setup = await setUp();
  const { handle, store } = setup;
  handle.onCommit(lostReply);
  handle.onRead(connectionRefused);
  assert.equal((await store.commit(batch("n-1"), options)).kind, "unknown");
});

Deno.test("KvStore commit answers unknown at its deadline when the store is silent (T4)", async () => {
  using setup = await setUp();
  const { handle, store, test } = setup;
  handle.onCommit(hang);
  const commit = store.commit(batch("n-1"), options);
  await test.clock.advance(999);
  const early = await Promise.race([commit, Promise.resolve("pending")]);
  assert.equal(early, "pending");
  await test.clock.advance(1);
  const outcome = await commit;
  assert.equal(outcome.kind, "unknown");
  assert.equal(
    outcome.kind === "unknown" && String(outcome.error),
    "DeadlineError: no answer within 1000 ms",
  );
  assert.equal(test.clock.sleeperCount, 0);
});

Deno.test("KvStore commit that ran out of time stays unknown although it commits later (T4, T5)", async () => {
  using setup = await setUp();
  const { handle, store, test } = setup;
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault);
  const outcome = await test.until(store.commit(batch("zombie"), options));
  assert.equal(outcome.kind, "unknown");
  await zombie.release();
  assert.deepEqual(await test.read(KEY), { nonce: "zombie" });
});

Deno.test("KvStore commit that comes late is stopped by its check when somebody else wrote", async () => {
  using setup = await setUp();
  const { handle, store, test } = setup;
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault);
  await test.until(store.commit(batch("zombie"), options));
  assert.equal((await store.commit(batch("second"), options)).kind, "committed");
  await zombie.release();
  assert.deepEqual(await test.read(KEY), { nonce: "second" });
});

Deno.test("KvStore commit without a witness stays unknown when the answer is lost", async () => {
  using setup = await setUp();
  const { handle, store } = setup;
  handle.onCommit(lostReply);
  const { witness: _none, ...blind } = batch("n-1");
  assert.equal((await store.commit(blind, options)).kind, "unknown");
});

Deno.test("KvStore commit throws what breaks a limit of the store, which was never sent", async () => {
  using setup = await setUp();
  const { store, test } = setup;
  const large = { checks: [], sets: [{ key: KEY, value: "x".repeat(70_000) }] };
  await assert.rejects(store.commit(large, options), {
    name: "TypeError",
    message: "Value too large (max 65536 bytes)",
  });
  const checks = Array.from({ length: 101 }, (_, i) => ({ key: ["k", i], versionstamp: null }));
  await assert.rejects(store.commit({ checks, sets: [] }, options), {
    name: "TypeError",
    message: "Too many checks (max 100)",
  });
  assert.equal((await test.raw.get(KEY)).versionstamp, null);
});

Deno.test("KvStore commit throws what a server refuses for its limits, and asks no further", async () => {
  const sim = new SimStore({ limits: "denokv" });
  const kv = sim.open({ client: "connect" });
  const store = new KvStore(kv, { clock: new FakeClock({ time: sim.time }), random: () => 0.5 });
  const checks = Array.from({ length: 11 }, (_, i) => ({ key: ["k", i], versionstamp: null }));
  await assert.rejects(store.commit({ ...batch("n-1"), checks }, options), {
    name: "Error",
    message: /status=400 Bad Request\): Too many checks included in atomic write/,
  });
  assert.equal(sim.peek(KEY).versionstamp, null);
  assert.deepEqual([store.getMetrics().unknown, store.getMetrics().reads], [0, 0]);
  assert.equal(await store.maxChecks(options), 10);
  const ten = await store.commit({ ...batch("n-1"), checks: checks.slice(1) }, options);
  assert.equal(ten.kind, "committed");
});

Deno.test("KvStore repeats what another process's lock refused, and counts it (T7)", async () => {
  using setup = await setUp();
  const { handle, store, test } = setup;
  handle.onCommit(locked, { times: 2 });
  assert.equal((await test.until(store.commit(batch("n-1"), options))).kind, "committed");
  assert.equal(store.getMetrics().busyRetries, 2);
  handle.onRead(locked, { times: 3 });
  assert.deepEqual((await test.until(store.get(KEY, options))).value, { nonce: "n-1" });
  assert.equal(store.getMetrics().busyRetries, 5);
  assert.equal(store.getMetrics().failures, 0);
});

Deno.test("KvStore gives up on a lock inside the deadline, and never calls it a refusal (T7)", async () => {
  using setup = await setUp();
  const { handle, store, test } = setup;
  handle.breakDown(locked);
  const startMs = test.clock.monotonic();
  const outcome = await test.until(store.commit(batch("n-1"), options), 5_000, 1);
  assert.equal(outcome.kind, "unknown");
  assert.ok(test.clock.monotonic() - startMs <= 1_001);
  await assert.rejects(test.until(store.get(KEY, options)), {
    name: "StoreUnavailableError",
    code: "STORE_UNAVAILABLE",
    message: 'Cannot read "x": the store is unavailable (TypeError: database is locked)',
  });
});

Deno.test("KvStore reads reject with what was asked when the store fails or is silent (F23)", async () => {
  const cases: { name: string; read: (store: KvStore) => Promise<unknown>; message: string }[] = [
    { name: "get", read: (store) => store.get(KEY, options), message: 'Cannot read "x"' },
    {
      name: "getMany",
      read: (store) => store.getMany([KEY, ["y"]], options),
      message: 'Cannot read "x"',
    },
    {
      name: "list",
      read: (store) => store.list(["a", "b"], options),
      message: 'Cannot list "a/b"',
    },
  ];
  for (const { name, read, message } of cases) {
    using setup = await setUp();
    const { handle, store, test } = setup;
    handle.onRead(connectionRefused);
    await assert.rejects(read(store), (error) => {
      assert.ok(error instanceof StoreUnavailableError, name);
      assert.equal(
        error.message,
        `${message}: the store is unavailable (Error: error sending request: connection refused)`,
      );
      return true;
    });
    handle.onRead(hang);
    await assert.rejects(test.until(read(store)), {
      name: "StoreUnavailableError",
      message: `${message}: the store is unavailable (DeadlineError: no answer within 1000 ms)`,
    });
    assert.equal(store.getMetrics().failures, 2, name);
    assert.equal(test.clock.sleeperCount, 0, name);
  }
});

Deno.test("KvStore getMany reads more keys than the store takes at once, in order (T10)", async () => {
  using setup = await setUp();
  const { store, test } = setup;
  const keys = Array.from({ length: 25 }, (_, i) => ["k", i]);
  for (const key of keys) await test.raw.set(key, key[1]);
  const entries = await store.getMany(keys, options);
  assert.deepEqual(entries.map(({ value }) => value), keys.map((key) => key[1]));
  assert.equal(store.getMetrics().reads, 3);
  assert.deepEqual(await store.getMany([], options), []);
});

Deno.test("KvStore list reads everything below a prefix and counts each batch as a read", async () => {
  using setup = await setUp();
  const { store, test } = setup;
  await test.raw.set(["b", 1], "beside");
  for (let i = 0; i < 501; i++) await test.raw.set(["a", i], i);
  assert.equal((await store.list(["a"], options)).length, 501);
  assert.equal(store.getMetrics().reads, 2);
});

Deno.test("KvStore list reads from the last key back, up to an end, over several batches", async () => {
  using setup = await setUp();
  const { store, test } = setup;
  for (let i = 0; i < 1_100; i++) await test.raw.set(["a", i], i);
  const read = async (some: Omit<ListOptions, "timeoutMs">) => {
    return (await store.list(["a"], { ...options, ...some })).map(({ value }) => value);
  };
  const numbers = Array.from({ length: 1_100 }, (_, i) => i);
  assert.deepEqual(await read({ end: ["a", 3] }), [0, 1, 2]);
  assert.deepEqual(await read({ end: ["a", 3], reverse: true, limit: 2 }), [2, 1]);
  assert.deepEqual(await read({ start: ["a", 1_098], reverse: true }), [1_099, 1_098]);
  const back = await read({ end: ["a", 1_050], reverse: true });
  assert.deepEqual(back, numbers.slice(0, 1_050).toReversed());
});

Deno.test("KvStore reads with strong consistency only (T17)", async () => {
  using setup = await setUp();
  const { test } = setup;
  const asked: unknown[] = [];
  const eager = new Proxy(test.raw, {
    get: (target, property) => (...args: unknown[]) => {
      asked.push(...args.slice(1));
      const method = Reflect.get(target, property) as (...args: unknown[]) => unknown;
      return method.apply(target, args);
    },
  });
  const store = new KvStore(eager, { clock: test.clock, random: Math.random });
  await store.get(KEY, options);
  await store.getMany([KEY], options);
  await store.list(KEY, options);
  assert.ok(!JSON.stringify(asked).includes("eventual"), JSON.stringify(asked));
});

Deno.test("KvStore maxChecks finds out once what the store takes (T10)", async () => {
  const test = await TestStore.open();
  using _close = test;
  const cases = [
    { name: "Deno's own store", maxChecks: Infinity, found: 100 },
    { name: "a store of ten", maxChecks: 10, found: 10 },
  ];
  for (const { name, maxChecks, found } of cases) {
    const handle = test.handle({ maxChecks });
    const store = test.port(handle);
    assert.equal(await store.maxChecks(options), found, name);
    assert.equal(await store.maxChecks(options), found, name);
    assert.equal(handle.sent.length, 1, name);
    assert.deepEqual(handle.sent[0]?.sets, [], name);
  }
});

Deno.test("KvStore maxChecks takes the smaller limit for now when the store cannot say, and asks again", async () => {
  for (const fault of [hang, connectionRefused]) {
    using setup = await setUp();
    const { handle, store, test } = setup;
    handle.onCommit(fault);
    assert.equal(await test.until(store.maxChecks(options)), 10);
    assert.equal(await store.maxChecks(options), 100);
  }
});

Deno.test("KvStore countBrokenWatch shows in the metrics, which are a copy", async () => {
  using setup = await setUp();
  const { store } = setup;
  const before = store.getMetrics();
  store.countBrokenWatch();
  assert.equal(before.brokenWatches, 0);
  assert.equal(store.getMetrics().brokenWatches, 1);
});

Deno.test("isHandleClosed finds a closed handle behind other errors", async () => {
  const kv = await Deno.openKv(":memory:");
  kv.close();
  const real = await kv.get(KEY).then(() => undefined, (error) => error);
  const cases: { name: string; error: unknown; isClosed: boolean }[] = [
    { name: "what a closed handle throws", error: real, isClosed: true },
    {
      name: "behind another error",
      error: new StoreUnavailableError("read", real),
      isClosed: true,
    },
    { name: "locked", error: new TypeError("database is locked"), isClosed: false },
    { name: "a text", error: "BadResource", isClosed: false },
    { name: "nothing", error: undefined, isClosed: false },
  ];
  for (const { name, error, isClosed } of cases) {
    assert.equal(isHandleClosed(error), isClosed, name);
  }
});

Deno.test("KvStore reads throw what breaks a limit of the store: no outage that passes", async () => {
  using setup = await setUp();
  const { store } = setup;
  const key = ["p".repeat(3_000)];
  const tooLarge = { name: "TypeError", message: /^Key too large for read/ };
  await assert.rejects(store.get(key, options), tooLarge);
  await assert.rejects(store.getMany([KEY, key], options), tooLarge);
  await assert.rejects(store.list(key, options), tooLarge);
});

Deno.test("KvStore getMany gives each of its calls a deadline, and makes three at a time", async () => {
  using setup = await setUp();
  const { handle, store, test } = setup;
  const keys = Array.from({ length: 95 }, (_, i) => ["k", i]);
  handle.onRead(slow(test.clock, 400), { times: 10 });
  const startMs = test.clock.monotonic();
  const entries = await test.until(store.getMany(keys, options), 5_000, 1);
  assert.deepEqual(entries.map(({ key }) => key), keys);
  assert.equal(handle.reads, 10);
  const tookMs = test.clock.monotonic() - startMs;
  assert.ok(tookMs >= 1_600 && tookMs <= 1_610, `three calls at a time took ${tookMs} ms`);
});

Deno.test("KvStore getMany rejects when one of its calls is not answered in time, and asks no more", async () => {
  using setup = await setUp();
  const { handle, store, test } = setup;
  const keys = Array.from({ length: 100 }, (_, i) => ["k", i]);
  handle.onRead(slow(test.clock, 900), { times: 2 });
  handle.onRead(hang);
  handle.onRead(slow(test.clock, 900), { times: 7 });
  const startMs = test.clock.monotonic();
  await assert.rejects(test.until(store.getMany(keys, options), 5_000, 1), {
    name: "StoreUnavailableError",
    message: /^Cannot read "k\/20": the store is unavailable \(DeadlineError/,
  });
  assert.ok(test.clock.monotonic() - startMs <= 1_001);
  await test.clock.advance(5_000);
  assert.equal(handle.reads, 5, "two were answered and followed by two when one failed");
});

Deno.test("KvStore list that ran out of time reads no further in the background", async () => {
  using setup = await setUp();
  const { test } = setup;
  let given = 0;
  const drips = new Proxy(test.raw, {
    get: (target, property) =>
      property === "list"
        ? async function* () {
          for (; given < 30; given++) {
            await test.clock.sleep(300);
            yield { key: ["a", given], value: given, versionstamp: "01" };
          }
        }
        : Reflect.get(target, property),
  });
  const store = new KvStore(drips, { clock: test.clock, random: Math.random });
  await assert.rejects(test.until(store.list(["a"], options), 5_000, 1), {
    name: "StoreUnavailableError",
    message: /^Cannot list "a": .* no answer within 1000 ms/,
  });
  await test.clock.advance(10_000);
  assert.equal(given, 3);
  assert.equal(test.clock.sleeperCount, 0);
});
