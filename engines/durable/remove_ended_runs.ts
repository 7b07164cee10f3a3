import type { RunStore, RunStoreEntry } from "./run_store.ts";
import { RESULTS_MAX, runKeys } from "./stored_run.ts";

/** As many removals as go into one change, beside those of the run itself. */
const REMOVALS_MAX = 400;

/**
 * Takes away runs that ended long ago, the oldest first.
 *
 * @param store Where they are.
 * @param before Those that ended then or earlier, UTC ISO.
 * @param limit How many at most.
 * @returns How many were taken away here.
 */
export async function removeEndedRuns(
  store: RunStore,
  before: string,
  limit: number,
): Promise<number> {
  const entries = await store.list(["ended"], { limit });
  let removed = 0;
  for (const entry of entries.filter(({ key }) => key[1]! <= before)) {
    if (await remove(store, entry)) removed++;
  }
  return removed;
}

async function remove(store: RunStore, { key, version }: RunStoreEntry): Promise<boolean> {
  const runId = key[2]!;
  const lists = [runKeys.result(runId), runKeys.begun(runId)].map((prefix) =>
    store.list(prefix, { limit: RESULTS_MAX })
  );
  const below = (await Promise.all(lists)).flat().map((entry) => entry.key);
  // More than one change can hold: the run itself goes with the last of them.
  const last = below.splice(0, REMOVALS_MAX);
  for (let i = 0; i < below.length; i += REMOVALS_MAX) {
    await store.commit({ deletes: below.slice(i, i + REMOVALS_MAX) });
  }
  const deletes = [key, runKeys.run(runId), ...last];
  return await store.commit({ checks: [{ key, version }], deletes }) !== null;
}
