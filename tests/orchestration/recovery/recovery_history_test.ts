import assert from "node:assert/strict";
import { historyKey, laneKeys } from "../../../orchestration/recovery/lane_keys.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import { readHistory } from "../../../orchestration/recovery/recovery_history.ts";
import { NOW_MS } from "./recovery_fixtures.ts";

async function storageWith(lanes: Record<string, readonly unknown[]>) {
  const storage = new MemoryRecoveryStorage();
  for (const [lane, values] of Object.entries(lanes)) {
    const sets = values.map((value, seq) => ({ key: historyKey(laneKeys(lane), seq), value }));
    await storage.commit({ sets });
  }
  return storage;
}

const at = (seconds: number, seq: number) => ({
  seq,
  timestamp: new Date(NOW_MS + seconds * 1_000).toISOString(),
});

const LANES = { cluster: [at(0, 0), at(10, 1), at(10, 2)], "node:a": [at(5, 0), at(20, 1)] };

Deno.test("readHistory reads the latest entries of all lanes as one, oldest first", async () => {
  const storage = await storageWith(LANES);
  const read = async (options?: object) =>
    (await readHistory(storage, Object.keys(LANES), options)).map(({ timestamp, seq }) =>
      `${(Date.parse(timestamp) - NOW_MS) / 1_000}/${seq}`
    );
  const all = ["0/0", "5/0", "10/1", "10/2", "20/1"];
  const cases: [name: string, options: object | undefined, wanted: string[]][] = [
    ["the default", undefined, all],
    ["three", { limit: 3 }, all.slice(2)],
    ["half of one more", { limit: 1.9 }, all.slice(4)],
    ["as many as there are", { limit: Infinity }, all],
    ["none", { limit: 0 }, []],
    ["less than none", { limit: -1 }, []],
    ["less than none at all", { limit: -Infinity }, []],
    ["no number", { limit: NaN }, []],
    ["a text", { limit: "3" }, []],
    ["since then", { sinceMs: NOW_MS + 10_000 }, all.slice(2)],
    ["the latest since then", { sinceMs: NOW_MS + 1, limit: 2 }, all.slice(3)],
  ];
  for (const [name, options, wanted] of cases) assert.deepEqual(await read(options), wanted, name);
});

Deno.test("readHistory reads fifty when nobody says how many", async () => {
  const storage = await storageWith({ cluster: Array.from({ length: 60 }, (_, i) => at(i, i)) });
  const read = await readHistory(storage, ["cluster"]);
  assert.deepEqual([read.length, read[0]!.seq, read.at(-1)!.seq], [50, 10, 59]);
});

Deno.test("readHistory leaves out what is no entry", async () => {
  const broken = [null, 5, "x", [], {}, { timestamp: "soon" }, at(0, 6)];
  const read = await readHistory(await storageWith({ cluster: broken }), ["cluster"]);
  assert.deepEqual(read, [at(0, 6)]);
});
