import assert from "node:assert/strict";
import { listLanes, readRecoveryOverview } from "../../cli/recovery_overview.ts";
import { laneKeys } from "../../orchestration/recovery/lane_keys.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import { addPause } from "../../orchestration/recovery/recovery_pause.ts";
import { entryOf, ledgerOf, record, storageWith } from "./recovery_samples.ts";

Deno.test("listLanes finds each lane once, whatever it stores", async () => {
  const storage = await storageWith({
    "node:b": ledgerOf(1),
    cluster: ledgerOf(1),
    "node:a": ledgerOf(1),
  });
  for (let seq = 0; seq < 5; seq++) await record(storage, entryOf({ seq }));
  await storage.commit({ sets: [{ key: [...laneKeys("node:c").requests, "x"], value: {} }] });
  assert.deepEqual(await listLanes(storage), ["cluster", "node:a", "node:b", "node:c"]);
  assert.deepEqual(await listLanes(new MemoryRecoveryStorage()), []);
});

Deno.test("readRecoveryOverview puts the cluster first, then nodes by their last deed", async () => {
  const many = Object.fromEntries(
    Array.from(
      { length: 22 },
      (_, at) => [`node:${String(at).padStart(2, "0")}`, ledgerOf(at + 1)],
    ),
  );
  const storage = await storageWith({ ...many, cluster: ledgerOf(0) });
  await addPause(storage, { reason: "r", actor: "a" }, 0);
  const { lanes, lanesHidden, pauses } = await readRecoveryOverview(storage, 100);
  assert.deepEqual(lanes.slice(0, 3).map(({ name }) => name), ["cluster", "node:21", "node:20"]);
  assert.deepEqual([lanes.length, lanesHidden, pauses.length], [21, 2, 1]);
});

Deno.test("readRecoveryOverview hides nodes that are gone and did nothing for a day", async () => {
  const DAY_MS = 86_400_000;
  const storage = await storageWith({
    cluster: ledgerOf(1),
    "node:gone": ledgerOf(DAY_MS),
    "node:here": ledgerOf(1),
    "node:late": ledgerOf(2 * DAY_MS),
  });
  const { lanes, lanesHidden } = await readRecoveryOverview(storage, 2.5 * DAY_MS, ["here"]);
  assert.deepEqual(lanes.map(({ name }) => name), ["cluster", "node:late", "node:here"]);
  assert.equal(lanesHidden, 1);
});

Deno.test("readRecoveryOverview tells what cannot be read", async () => {
  const keys = laneKeys("cluster");
  const storage = new MemoryRecoveryStorage();
  await storage.commit({
    sets: [keys.ledger, [...keys.chains, "c"], [...keys.pending, "p"], [...keys.requests, "r"]]
      .map((key) => ({ key, value: "?" })),
  });
  const { lanes } = await readRecoveryOverview(storage, 0);
  assert.deepEqual(lanes[0]?.unreadable.toSorted(), [
    "lanes / cluster / chains / c",
    "lanes / cluster / ledger",
    "lanes / cluster / pending / p",
    "lanes / cluster / requests / r",
  ]);
  assert.equal(lanes[0]?.ledger, null);
});
