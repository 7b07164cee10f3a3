import assert from "node:assert/strict";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { removeEndedRuns } from "../../../engines/durable/remove_ended_runs.ts";
import { runKeys } from "../../../engines/durable/stored_run.ts";

const DAYS = ["01", "02", "03", "04"].map((day) => `2026-01-${day}T00:00:00.000Z`);

/** A store with a run that ended on each of four days, and one that is open. */
async function storeOfFour(): Promise<MemoryRunStore> {
  const store = new MemoryRunStore();
  for (const [index, endedAt] of DAYS.entries()) {
    const runId = `r-${index}`;
    const keys = [
      runKeys.run(runId),
      runKeys.result(runId, "a"),
      runKeys.begun(runId, "a"),
      runKeys.ended(endedAt, runId),
    ];
    await store.commit({ sets: keys.map((key) => ({ key, value: 0 })) });
  }
  await store.commit({ sets: [{ key: runKeys.run("open"), value: 0 }] });
  return store;
}

async function left(store: MemoryRunStore): Promise<string[]> {
  return (await store.list(["run"], { limit: 10 })).map(({ key }) => key[1]!);
}

Deno.test("removeEndedRuns takes away what ended then or earlier, and all that is below it", async () => {
  const store = await storeOfFour();
  assert.equal(await removeEndedRuns(store, DAYS[1]!, 10), 2);
  assert.deepEqual(await left(store), ["open", "r-2", "r-3"]);
  for (const kind of ["result", "begun", "ended"]) {
    assert.equal((await store.list([kind], { limit: 10 })).length, 2);
  }
});

Deno.test("removeEndedRuns takes away the oldest first, as many as it may", async () => {
  const store = await storeOfFour();
  assert.equal(await removeEndedRuns(store, DAYS[3]!, 3), 3);
  assert.deepEqual(await left(store), ["open", "r-3"]);
  assert.equal(await removeEndedRuns(store, DAYS[3]!, 3), 1);
  assert.equal(await removeEndedRuns(store, DAYS[3]!, 3), 0);
});

Deno.test("removeEndedRuns counts each run in one of two processes", async () => {
  const store = await storeOfFour();
  const counts = await Promise.all([1, 2].map(() => removeEndedRuns(store, DAYS[3]!, 10)));
  assert.equal(counts[0]! + counts[1]!, 4);
  assert.deepEqual(await left(store), ["open"]);
});
