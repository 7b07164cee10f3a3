import assert from "node:assert/strict";
import type { SimFaultReport } from "../../testing/sim_faults.ts";
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
