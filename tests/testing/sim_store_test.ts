import assert from "node:assert/strict";
import type { SimFaultReport } from "../../testing/sim_faults.ts";
import { outcomeOf } from "./sim_kv_outcome.ts";
import { SimStore } from "../../testing/sim_store.ts";

Deno.test("SimStore is one store for all its handles", async () => {
  const store = new SimStore();
  await store.open().set(["a"], 1);
  assert.equal((await store.open().get(["a"])).value, 1);
  assert.equal(store.size, 1);
});

Deno.test("SimStore shows the truth whatever hinders its handles", async () => {
  const store = new SimStore();
  await store.open().atomic().set(["a", 1], { n: 1 }).set(["a", 2], 2).commit();
  store.faults = { hang: 1 };
  store.stop();
  assert.deepEqual(store.peekAll(["a"]).map(({ value }) => value), [{ n: 1 }, 2]);
  assert.equal(store.peekAll().length, 2);
  assert.deepEqual(store.peek(["no"]), { key: ["no"], value: null, versionstamp: null });
  store.peek<{ n: number }>(["a", 1]).value!.n = 9;
  assert.deepEqual(store.peek(["a", 1]).value, { n: 1 });
});

Deno.test("SimStore restores a snapshot, after which versionstamps come again (T12)", async () => {
  const store = new SimStore();
  const kv = store.open();
  await kv.set(["a"], 1);
  const snapshot = store.snapshot();
  const lost = await kv.set(["a"], 2);
  store.restore(snapshot);
  assert.equal((await kv.get(["a"])).value, 1);
  assert.equal((await kv.set(["b"], 1)).versionstamp, lost.versionstamp);
  assert.deepEqual(snapshot, { atMs: 0, size: 1 });
  assert.throws(() => store.restore({ ...snapshot }), TypeError);
  store.wipe();
  assert.equal(store.size, 0);
});

Deno.test("SimStore removes what has expired between 0 and 120 s late", async () => {
  const store = new SimStore();
  const kv = store.open();
  for (let i = 0; i < 200; i++) await kv.set(["t", i], i, { expireIn: 1_000 });
  const left = () => store.peekAll(["t"]).length;
  await store.time.advance(1_000);
  assert.ok(left() > 190);
  await store.time.advance(60_000);
  assert.ok(left() > 70 && left() < 130, `${left()}`);
  await store.time.advance(60_000);
  assert.equal(left(), 0);
});

Deno.test("SimStore reports and counts faults, to the handle as well as to the store", async () => {
  const ofStore: SimFaultReport[] = [];
  const ofHandle: SimFaultReport[] = [];
  const store = new SimStore({ onFault: (report) => ofStore.push(report) });
  const kv = store.open({ onFault: (report) => ofHandle.push(report) });
  await store.time.advance(5);
  kv.next({ kind: "busy" });
  await assert.rejects(kv.getMany([["a"], ["b"]]));
  assert.deepEqual(ofStore, [{ kind: "busy", atMs: 5, operation: "getMany", key: ["a"] }]);
  assert.deepEqual(ofHandle, ofStore);
  assert.deepEqual([...store.faultCounts], [["busy", 1]]);
});

Deno.test("SimStore refuses faults that are out of range", () => {
  assert.throws(() => new SimStore({ faults: { hang: 2 } }), RangeError);
  const store = new SimStore();
  assert.throws(() => store.faults = { hang: -1 }, RangeError);
  assert.throws(() => store.open({ faults: { hang: NaN } }), RangeError);
});

Deno.test("SimStore takes ten checks when its limits are those of denokv (T10)", async () => {
  const kv = new SimStore({ limits: "denokv" }).open();
  const checks = Array.from({ length: 11 }, (_, i) => ({ key: ["k", i], versionstamp: null }));
  assert.equal((await kv.atomic().check(...checks.slice(1)).commit()).ok, true);
  await assert.rejects(kv.atomic().check(...checks).commit(), {
    name: "TypeError",
    message: "Too many checks included in atomic write.",
  });
});

Deno.test("SimStore reads lists in small batches when it is told to, but for those with a limit", async () => {
  const store = new SimStore({
    listBatchMax: 2,
    faults: { tornList: 1, tornListPause: { minMs: 1, maxMs: 1 } },
  });
  const kv = store.open();
  for (let n = 0; n < 5; n++) await kv.set(["n", n], n);
  const read = async (options: Deno.KvListOptions) => {
    const before = store.faultCounts.get("tornList") ?? 0;
    const call = await outcomeOf(Array.fromAsync(kv.list({ prefix: ["n"] }, options)));
    await store.time.advance(100);
    assert.equal(call.value?.length, 5);
    return (store.faultCounts.get("tornList") ?? 0) - before;
  };
  assert.equal(await read({}), 2);
  assert.equal(await read({ batchSize: 500 }), 2);
  assert.equal(await read({ limit: 5 }), 0);
});

Deno.test("SimStore versionstamps grow with gaps when it is told to, and one by one otherwise", async () => {
  for (const versionGaps of [true, false]) {
    const kv = new SimStore({ versionGaps }).open();
    const stamps: number[] = [];
    for (let n = 0; n < 20; n++) {
      stamps.push(Number.parseInt((await kv.set(["n"], n)).versionstamp.slice(0, 16), 16));
    }
    const steps = new Set(stamps.slice(1).map((stamp, i) => stamp - stamps[i]!));
    assert.ok([...steps].every((step) => step >= 1));
    assert.equal(steps.size > 1, versionGaps);
  }
});

Deno.test("SimStore removes a value that nobody reads, and counts it", async () => {
  const store = new SimStore({ expiryLateMaxMs: 10 });
  const kv = store.open();
  await kv.set(["a"], 1, { expireIn: 100 });
  await kv.set(["b"], 1, { expireIn: 100 });
  await kv.set(["b"], 2);
  await store.time.advance(99);
  assert.deepEqual([store.size, store.expiredCount], [2, 0]);
  await store.time.advance(12);
  assert.deepEqual([store.size, store.expiredCount], [1, 1]);
});

Deno.test("SimStore refuses times and sizes that are none", () => {
  const refused = [{ expiryLateMaxMs: -1 }, { staleMaxMs: NaN }, { listBatchMax: 0 }];
  for (const options of refused) assert.throws(() => new SimStore(options), RangeError);
});
