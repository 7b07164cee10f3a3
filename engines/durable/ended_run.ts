import type { RunStoreChange } from "./run_store.ts";
import { runKeys, type RunStatus, type StoredRun, writeRun } from "./stored_run.ts";

/** Most characters of why a run ended; all of them take one byte. */
export const RUN_ERROR_MAX_LENGTH = 200;

/**
 * Makes the record of a run that has ended.
 *
 * @param run The run.
 * @param status How it ended.
 * @param endedAt When, UTC ISO.
 * @param error Why, when its steps do not say it.
 * @returns The record.
 */
export function endedRun(
  run: StoredRun,
  status: Exclude<RunStatus, "running">,
  endedAt: string,
  error: string | null = null,
): StoredRun {
  return { ...run, status, endedAt, error };
}

/**
 * Says what is changed when a run ends.
 *
 * @param run The run, as it ended.
 * @param nonce Makes this write of it known.
 * @returns The change; who makes it checks that it may.
 */
export function changeOfEnd(run: StoredRun, nonce: string): RunStoreChange {
  const { runId, userId, endedAt } = run;
  return {
    sets: [
      { key: runKeys.run(runId), value: writeRun(run, nonce) },
      { key: runKeys.ended(endedAt!, runId), value: { user_id: userId } },
    ],
    deletes: [runKeys.owner(runId), runKeys.open(userId, runId)],
  };
}
