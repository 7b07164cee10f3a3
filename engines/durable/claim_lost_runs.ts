import { commitOnce } from "./commit_once.ts";
import type { ClaimLostOptions } from "./durable_runs_options.ts";
import type { RunStore, RunStoreEntry, RunStoreKey } from "./run_store.ts";
import {
  readOwner,
  readRun,
  runKeys,
  type RunOwner,
  type StoredRun,
  writeOwner,
} from "./stored_run.ts";

const PAGE = 500;
const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 1_000;

/** Who claims. */
export interface Claimant {
  /** Where runs are kept. */
  readonly store: RunStore;
  /** Which start of which process it is; undefined when that was not told. */
  readonly incarnation: string | undefined;
  /** Makes it the owner. */
  readonly newOwner: (term: number) => RunOwner;
}

/**
 * Makes a process the owner of runs whose owners have died, of each run at most one process.
 *
 * @param claimant The process.
 * @param options Who lives, and how many runs.
 * @returns The runs.
 */
export async function claimLostRuns(
  claimant: Claimant,
  { living, limit = LIMIT_DEFAULT }: ClaimLostOptions,
): Promise<readonly StoredRun[]> {
  const { store, incarnation } = claimant;
  if (incarnation === undefined) {
    throw new TypeError("Cannot claim runs: give DurableRuns the incarnation of this process");
  }
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMIT_MAX)) {
    throw new RangeError(`limit must be 1 to ${LIMIT_MAX}, got ${limit}`);
  }
  const claimed: StoredRun[] = [];
  let after: RunStoreKey | undefined;
  do {
    const page = await store.list(runKeys.owner(), { limit: PAGE, ...(after && { after }) });
    const alive = new Set(await living());
    // Who does not know of itself that it lives cannot tell who has died.
    if (!alive.has(incarnation)) break;
    for (const entry of page.filter((each) => isLost(each, alive))) {
      const run = await claim(claimant, entry);
      if (run !== null) claimed.push(run);
      if (claimed.length === limit) return claimed;
    }
    after = page.length === PAGE ? page.at(-1)!.key : undefined;
  } while (after !== undefined);
  return claimed;
}

function isLost(entry: RunStoreEntry, alive: ReadonlySet<string>): boolean {
  const { incarnation } = readOwner(entry);
  return incarnation !== null && !alive.has(incarnation);
}

/** @returns The run; null when another was faster, or it has ended meanwhile. */
async function claim(
  { store, newOwner }: Claimant,
  entry: RunStoreEntry,
): Promise<StoredRun | null> {
  const { key, version } = entry;
  // Who claims has not worked on it yet: the term counts those who did.
  const owner = newOwner(readOwner(entry).term);
  const change = { checks: [{ key, version }], sets: [{ key, value: writeOwner(owner) }] };
  const done = await commitOnce(store, { ...change, witness: key, nonce: owner.token });
  const run = done === null ? null : await store.get(runKeys.run(key[1]!));
  return run === null ? null : readRun(run);
}
