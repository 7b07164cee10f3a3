import type { ClaimedRuns } from "./claimed_runs.ts";
import { commitOnce } from "./commit_once.ts";
import { RunRefusedError, RunSupersededError } from "./run_errors.ts";
import type { RunFence, RunStore } from "./run_store.ts";
import {
  readOwner,
  readRun,
  runKeys,
  type RunOwner,
  type RunStanding,
  type StoredRun,
  writeOwner,
} from "./stored_run.ts";

/** How often a take-over is tried when others take over meanwhile. */
const TRIES_MAX = 5;

/** Who takes a run over. */
export interface Taker {
  /** Where runs are kept. */
  readonly store: RunStore;
  /** What it remembers of its claims. */
  readonly claims: ClaimedRuns;
  /** What entitles it to the run; undefined for nothing else. */
  readonly fence: RunFence | undefined;
  /** Makes it the owner. */
  readonly newOwner: (standing: RunStanding) => RunOwner;
}

/** A run that was taken over. */
export interface TakenRun {
  /** The run. */
  readonly run: StoredRun;
  /** Who has it now. */
  readonly owner: RunOwner;
  /** The version of the record that says so. */
  readonly ownerVersion: string;
}

/**
 * Takes a run over from whoever has it; one that this process claimed, only if it has it still.
 *
 * @param taker Who takes it over.
 * @param runId The run.
 * @returns The run.
 * @throws {RunRefusedError} when there is no such run, it has ended, or the fence does not hold.
 * @throws {RunSupersededError} when this process claimed it, and another has it since.
 */
export async function takeOverRun(taker: Taker, runId: string): Promise<TakenRun> {
  try {
    return await takeOver(taker, runId);
  } catch (error) {
    const isAnswer = error instanceof RunSupersededError ||
      (error instanceof RunRefusedError && error.reason !== "fenced");
    // Else it may have been taken over: the claim holds for the next attempt.
    if (isAnswer) taker.claims.forget(runId);
    throw error;
  }
}

async function takeOver(
  { store, claims, fence, newOwner }: Taker,
  runId: string,
): Promise<TakenRun> {
  const claim = claims.get(runId);
  const key = runKeys.owner(runId);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const run = await find(store, runId);
    const entry = run.status === "running" ? await store.get(key) : null;
    if (entry === null) throw new RunRefusedError(runId, "ended", "it has ended");
    const before = readOwner(entry);
    if (claim?.tokens.has(before.token) === false) throw new RunSupersededError(runId);
    const owner = newOwner({ ...before, term: before.term + 1 });
    claim?.tokens.add(owner.token);
    const ownerVersion = await commitOnce(store, {
      checks: [{ key, version: entry.version }],
      sets: [{ key, value: writeOwner(owner) }],
      ...(fence && { fence }),
      witness: key,
      nonce: owner.token,
    });
    if (ownerVersion !== null) return { run, owner, ownerVersion };
    claim?.tokens.delete(owner.token);
    if (fence?.isValid() === false) break;
  }
  throw new RunRefusedError(runId, "fenced", "the fence does not hold, or others were faster");
}

async function find(store: RunStore, runId: string): Promise<StoredRun> {
  const entry = await store.get(runKeys.run(runId));
  if (entry !== null) return readRun(entry);
  throw new RunRefusedError(runId, "not_found", "there is no such run");
}
