import { KvRunStore } from "../../engines/durable/kv_run_store.ts";
import { MemoryRunStore } from "../../engines/durable/memory_run_store.ts";
import { testRunStoreContract } from "./run_store_contract.ts";

testRunStoreContract({
  name: "in memory",
  use: async (run) => {
    const store = new MemoryRunStore();
    await run({ store, rival: store, lead: leadInMemory });
  },
});

testRunStoreContract({
  name: "in Deno KV",
  use: async (run) => {
    using kv = await Deno.openKv(":memory:");
    const prefix = ["p".repeat(100)];
    const [store, rival] = [new KvRunStore({ kv, prefix }), new KvRunStore({ kv, prefix })];
    await run({ store, rival, lead: () => leadIn(kv) });
  },
});

/** Memory has no store in which a term could end: it ends by what is known here. */
function leadInMemory() {
  let isValid = true;
  const fence = { check: { key: ["term"], versionstamp: null }, isValid: () => isValid };
  const lose = () => {
    isValid = false;
    return Promise.resolve();
  };
  return Promise.resolve({ fence, lose });
}

/** A term as an election has it: a key that others remove. */
async function leadIn(kv: Deno.Kv) {
  const key = ["term", crypto.randomUUID()];
  await kv.set(key, 1);
  const { versionstamp } = await kv.get(key);
  const fence = { check: { key, versionstamp }, isValid: () => true };
  return { fence, lose: () => kv.delete(key) };
}
