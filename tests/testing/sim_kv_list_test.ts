import assert from "node:assert/strict";
import { SimStore } from "../../testing/sim_store.ts";
import { outcomeOf } from "./sim_kv_outcome.ts";

async function filled(count: number): Promise<SimStore> {
  const store = new SimStore();
  const kv = store.open({ faults: {} });
  for (let i = 0; i < count; i++) await kv.set(["n", i], 0);
  return store;
}

Deno.test("SimKvList pauses between batches when it is torn, so that writes come between (T9)", async () => {
  const store = await filled(4);
  const kv = store.open({ faults: { tornList: 1, tornListPause: { minMs: 10, maxMs: 10 } } });
  const call = await outcomeOf(Array.fromAsync(kv.list({ prefix: ["n"] }, { batchSize: 2 })));
  assert.equal(call.text, "pending");
  const writer = store.open();
  await writer.atomic().set(["n", 1], 1).set(["n", 3], 1).commit();
  await store.time.advance(100);
  assert.deepEqual(call.value!.map(({ value }) => value), [0, 0, 0, 1]);
  assert.equal(store.faultCounts.get("tornList"), 2);
});

Deno.test("SimKvList is consistent within a batch, whatever the latency", async () => {
  const store = await filled(40);
  const kv = store.open({ faults: { tornList: 1, latency: { minMs: 1, maxMs: 50 } } });
  const call = await outcomeOf(Array.fromAsync(kv.list({ prefix: ["n"] })));
  const writer = store.open();
  for (let round = 1; round < 60; round++) {
    const operation = writer.atomic();
    for (let i = 0; i < 40; i++) operation.set(["n", i], round);
    await operation.commit();
    await store.time.advance(1);
  }
  assert.equal(new Set(call.value!.map(({ value }) => value)).size, 1);
});

Deno.test("SimKvList reads in batches of 100 by default, of 500 at most for a limit", async () => {
  const store = await filled(600);
  const countReads = async (options: Deno.KvListOptions) => {
    const kv = store.open();
    kv.next({ kind: "slow", byMs: 1 }, { times: 100 });
    const before = store.faultCounts.get("slow") ?? 0;
    const call = await outcomeOf(Array.fromAsync(kv.list({ prefix: ["n"] }, options)));
    await store.time.advance(1_000);
    assert.equal(call.text, "done");
    return store.faultCounts.get("slow")! - before;
  };
  assert.equal(await countReads({}), 7);
  assert.equal(await countReads({ limit: 600 }), 2);
  assert.equal(await countReads({ limit: 200 }), 1);
  assert.equal(await countReads({ batchSize: 1_000 }), 1);
});

Deno.test("SimKvList fails at the batch that fails", async () => {
  const store = await filled(4);
  const kv = store.open();
  const list = kv.list({ prefix: ["n"] }, { batchSize: 2 });
  await list.next();
  await list.next();
  kv.next({ kind: "busy" });
  await assert.rejects(list.next(), { message: "database is locked" });
});
