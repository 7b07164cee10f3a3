import assert from "node:assert/strict";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";

// What every store does is in tests/contract/run_store_contract.ts.

Deno.test("MemoryRunStore keeps to itself what it keeps", async () => {
  const [one, other] = [new MemoryRunStore(), new MemoryRunStore()];
  await one.commit({ sets: [{ key: ["a"], value: 1 }] });
  assert.equal(await other.get(["a"]), null);
});

Deno.test("MemoryRunStore gives all that one change writes one version", async () => {
  const store = new MemoryRunStore();
  const sets = [{ key: ["a"], value: 1 }, { key: ["b"], value: 2 }];
  const version = await store.commit({ sets });
  assert.equal((await store.get(["a"]))?.version, version);
  assert.equal((await store.get(["b"]))?.version, version);
});
