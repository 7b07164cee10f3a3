import assert from "node:assert/strict";
import {
  CLUSTER_LANE,
  historyKey,
  laneKeys,
  nodeLane,
  PAUSES,
} from "../../../orchestration/recovery/lane_keys.ts";
import { checkStorageKey, storageOrderKey } from "../../../orchestration/recovery/storage_key.ts";

Deno.test("nodeLane is never the lane of the cluster, nor of another node", () => {
  const lanes = ["cluster", "node:a", "a", "host:8080", "__proto__"].map(nodeLane);
  assert.equal(new Set([...lanes, CLUSTER_LANE]).size, 6);
});

Deno.test("laneKeys keeps lanes apart, in keys that a storage takes", () => {
  const keys = laneKeys(nodeLane("host:8080"));
  assert.deepEqual(keys.ledger, ["lanes", "node:host:8080", "ledger"]);
  const other = laneKeys(CLUSTER_LANE);
  const all = [...Object.values(keys), ...Object.values(other), PAUSES].map(checkStorageKey);
  assert.equal(new Set(all.map(storageOrderKey)).size, 11);
});

Deno.test("historyKey puts entries in the order of their numbers", () => {
  const keys = laneKeys(CLUSTER_LANE);
  const numbers = [0, 9, 10, 99, 1_000_000, Number.MAX_SAFE_INTEGER];
  const texts = numbers.map((seq) => storageOrderKey(historyKey(keys, seq)));
  assert.deepEqual([...texts].sort(), texts);
  assert.deepEqual(historyKey(keys, 7).slice(0, 3), keys.history);
});
