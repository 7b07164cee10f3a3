import assert from "node:assert/strict";
import type { FaultClass } from "../../testing/fault_class.ts";
import { drawStore, PLAIN_STORE, type SimStoreTraits } from "../../testing/sim_store_traits.ts";

const CASES: readonly {
  readonly name: FaultClass;
  readonly client: "local" | "connect";
  readonly traits: Partial<SimStoreTraits>;
}[] = [
  { name: "crash", client: "local", traits: {} },
  { name: "ownWatch", client: "local", traits: { watch: "own" } },
  { name: "ownWatch", client: "connect", traits: {} },
  { name: "serverLimits", client: "connect", traits: { limits: "denokv" } },
  { name: "serverLimits", client: "local", traits: {} },
  { name: "tornList", client: "local", traits: { listBatchMax: 2 } },
  { name: "expiry", client: "local", traits: { expiryLateMaxMs: 100 } },
  { name: "versionGaps", client: "local", traits: { versionGaps: true } },
  { name: "staleRead", client: "connect", traits: { staleMaxMs: 800 } },
];

for (const { name, client, traits } of CASES) {
  Deno.test(`drawStore draws ${JSON.stringify(traits)} for ${name} of a ${client} store`, () => {
    const drawn = drawStore((wanted) => wanted === name, client, () => 0.5, 800);
    assert.deepEqual(drawn, { ...PLAIN_STORE, ...traits });
  });
}
