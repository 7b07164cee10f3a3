import assert from "node:assert/strict";
import { turnEventLoop } from "../../testing/sim_time.ts";
import type { SimKv } from "../../testing/sim_kv.ts";
import { SimStore } from "../../testing/sim_store.ts";

/** Follows a key; tells what was seen so far. */
function follow(kv: SimKv, key: Deno.KvKey = ["k"], raw = false) {
  const seen: unknown[] = [];
  const state = { seen, end: "open" };
  (async () => {
    for await (const [entry] of kv.watch([key], { raw })) seen.push(entry.value);
    state.end = "closed";
  })().catch((error) => state.end = error.name);
  return state;
}

const set = (store: SimStore, value: unknown) => store.open({ faults: {} }).set(["k"], value);

Deno.test("SimKvWatch tells changes of every process at once", async () => {
  const store = new SimStore();
  const { seen } = follow(store.open());
  await turnEventLoop();
  await set(store, 1);
  await turnEventLoop();
  assert.deepEqual(seen, [null, 1]);
});

Deno.test("SimKvWatch of a local file sees writes of its own process only (T8)", async () => {
  const store = new SimStore();
  const kv = store.open({ watch: "own" });
  const { seen } = follow(kv);
  await turnEventLoop();
  await set(store, "theirs");
  await turnEventLoop();
  assert.deepEqual(seen, [null]);
  await kv.set(["k"], "mine");
  await turnEventLoop();
  assert.deepEqual(seen, [null, "mine"]);
  await set(store, "theirs again");
  assert.equal(store.faultCounts.get("unseenWrite"), 1, "once for each watch");
});

Deno.test("SimKvWatch is silent from the beginning when that befalls it", async () => {
  const store = new SimStore({ faults: { silentWatch: 1 } });
  const watch = follow(store.open());
  await turnEventLoop();
  await set(store, 1);
  await store.time.advance(60_000);
  assert.deepEqual(watch, { seen: [], end: "open" });
  assert.equal(store.faultCounts.get("silentWatch"), 1);
});

Deno.test("SimKvWatch says nothing any more once it has stalled", async () => {
  const store = new SimStore();
  const kv = store.open();
  const watch = follow(kv);
  await turnEventLoop();
  await set(store, 1);
  await turnEventLoop();
  kv.faults = { stalledWatch: 1 };
  await set(store, 2);
  await turnEventLoop();
  kv.faults = {};
  await set(store, 3);
  await store.time.advance(60_000);
  assert.deepEqual(watch, { seen: [null, 1], end: "open" });
  assert.equal(store.faultCounts.get("stalledWatch"), 1);
  kv.close();
  await turnEventLoop();
  assert.equal(watch.end, "closed");
});

Deno.test("SimKvWatch tells late what happened while it was cut off", async () => {
  const store = new SimStore();
  const kv = store.open();
  const { seen } = follow(kv);
  await turnEventLoop();
  kv.cut = "both";
  await set(store, 1);
  await set(store, 2);
  await store.time.advance(1_000);
  assert.deepEqual(seen, [null]);
  kv.cut = "none";
  await turnEventLoop();
  assert.deepEqual(seen, [null, 2]);
});

Deno.test("SimKvWatch loses what is on the way when it is cut off, and tells it later", async () => {
  const store = new SimStore();
  const kv = store.open({ faults: { latency: { minMs: 100, maxMs: 100 } } });
  const { seen } = follow(kv);
  await store.time.advance(100);
  await set(store, 1);
  await store.time.advance(20);
  kv.cut = "replies";
  await store.time.advance(200);
  assert.deepEqual(seen, [null]);
  kv.cut = "none";
  await store.time.advance(100);
  assert.deepEqual(seen, [null, 1]);
});

Deno.test("SimKvWatch tells late, and leaves out states in between, when messages take long", async () => {
  const store = new SimStore();
  const { seen } = follow(store.open({ faults: { latency: { minMs: 100, maxMs: 100 } } }));
  await turnEventLoop();
  assert.deepEqual(seen, []);
  await store.time.advance(50);
  for (const value of [1, 2, 3]) await set(store, value);
  await store.time.advance(50);
  await store.time.advance(50);
  assert.equal(seen[0], null);
  assert.equal(seen.at(-1), 3);
  assert.ok(seen.length < 4);
});

Deno.test("SimKvWatch tells a restore and a wipe", async () => {
  const store = new SimStore();
  await set(store, 1);
  const snapshot = store.snapshot();
  await set(store, 2);
  const { seen } = follow(store.open());
  await turnEventLoop();
  store.restore(snapshot);
  await turnEventLoop();
  store.wipe();
  await turnEventLoop();
  assert.deepEqual(seen, [2, 1, null]);
});

Deno.test("SimKvWatch tells equal states only when it is raw", async () => {
  const store = new SimStore();
  const kv = store.open();
  const [plain, raw] = [follow(kv), follow(kv, ["k"], true)];
  await turnEventLoop();
  await kv.delete(["k"]);
  await turnEventLoop();
  assert.deepEqual([plain.seen, raw.seen], [[null], [null, null]]);
});

const ENDS: readonly { readonly end: "close" | "kill" | "crash"; readonly wanted: string }[] = [
  { end: "close", wanted: "closed" },
  { end: "kill", wanted: "BadResource" },
  { end: "crash", wanted: "open" },
];

for (const { end, wanted } of ENDS) {
  Deno.test(`SimKvWatch is ${wanted} after ${end}, and tells nothing more`, async () => {
    const store = new SimStore();
    const kv = store.open();
    const watch = follow(kv);
    await turnEventLoop();
    kv[end]();
    await set(store, 1);
    await store.time.advance(1_000);
    assert.deepEqual(watch, { seen: [null], end: wanted });
  });
}
