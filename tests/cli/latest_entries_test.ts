import assert from "node:assert/strict";
import { readLatest } from "../../cli/latest_entries.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import { entryOf, record } from "./recovery_samples.ts";

Deno.test("readLatest goes by when an entry was last repeated", async () => {
  const storage = new MemoryRecoveryStorage();
  const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;
  await record(
    storage,
    entryOf({ seq: 1, timestamp: at(1), repeats: 9, last_repeated_at: at(30) }),
  );
  await record(storage, entryOf({ seq: 2, timestamp: at(2) }));
  await record(storage, entryOf({ seq: 3, timestamp: at(20) }));
  const seqs = async (limit: number, since?: number) => {
    const sinceMs = since === undefined ? {} : { sinceMs: Date.parse(at(since)) };
    return (await readLatest(storage, ["cluster"], { limit, ...sinceMs })).map(({ seq }) => seq);
  };
  assert.deepEqual(await seqs(10), [2, 3, 1]);
  assert.deepEqual(await seqs(1), [1]);
  assert.deepEqual(await seqs(10, 20), [3, 1]);
  assert.deepEqual(await seqs(10, 25), [1]);
});
