import type { ClaimedRuns } from "./claimed_runs.ts";
import { commitOnce } from "./commit_once.ts";
import type { ClaimLostOptions, LostRuns } from "./durable_runs_options.ts";
import { changeOfEnd, endedRun } from "./ended_run.ts";
import { CorruptRunError } from "./run_errors.ts";
import type { RunStore, RunStoreEntry, RunStoreKey } from "./run_store.ts";
import {
  readOwner,
  readRun,
  RESULTS_MAX,
  runKeys,
  type RunOwner,
  type RunStanding,
  type StoredRun,
  writeOwner,
} from "./stored_run.ts";

const PAGE = 500;
const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 1_000;
const CORRUPT_MAX = 100;

/** Who claims. */
export interface Claimant {
  /** Where runs are kept. */
  readonly store: RunStore;
  /** What it remembers of its claims. */
  readonly claims: ClaimedRuns;
  /** Which start of which process it is; undefined when that was not told. */
  readonly incarnation: string | undefined;
  /** How often a run is claimed before it is given up. */
  readonly claimsMax: number;
  /** Makes it the owner. */
  readonly newOwner: (standing: RunStanding) => RunOwner;
}

/**
 * Makes a process the owner of runs whose owners have died, of each run at most one process, and ends
 * those that were claimed too often. What cannot be read is passed over.
 *
 * @param claimant The process.
 * @param options Who lives, and how many runs.
 * @returns The runs.
 */
export async function claimLostRuns(
  claimant: Claimant,
  { living, limit = LIMIT_DEFAULT }: ClaimLostOptions,
): Promise<LostRuns> {
  const { incarnation, claims } = claimant;
  if (incarnation === undefined) {
    throw new TypeError("Cannot claim runs: give DurableRuns the incarnation of this process");
  }
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMIT_MAX)) {
    throw new RangeError(`limit must be 1 to ${LIMIT_MAX}, got ${limit}`);
  }
  const search = new Search(claimant, incarnation, limit);
  try {
    await search.run(living);
    return search.found;
  } catch (error) {
    // Nobody is told of them now: the next call tells.
    for (const runId of search.asked) claims.leave(runId);
    claims.givenUp.push(...search.found.givenUp);
    throw error;
  }
}

/** One way through the owners of all runs. */
class Search {
  /** The runs whose claims may have been made. */
  readonly asked: string[] = [];
  readonly found: {
    readonly claimed: StoredRun[];
    readonly givenUp: StoredRun[];
    readonly corrupt: CorruptRunError[];
    corruptCount: number;
  };
  readonly #claimant: Claimant;
  readonly #incarnation: string;
  readonly #limit: number;

  constructor(claimant: Claimant, incarnation: string, limit: number) {
    this.#claimant = claimant;
    this.#incarnation = incarnation;
    this.#limit = limit;
    const givenUp = claimant.claims.givenUp.splice(0, limit);
    this.found = { claimed: [], givenUp, corrupt: [], corruptCount: 0 };
  }

  async run(living: ClaimLostOptions["living"]): Promise<void> {
    const { store } = this.#claimant;
    let after: RunStoreKey | undefined;
    do {
      const page = await store.list(runKeys.owner(), { limit: PAGE, ...(after && { after }) });
      const alive = new Set(await living());
      // Who does not know of itself that it lives cannot tell who has died.
      if (!alive.has(this.#incarnation)) return;
      for (const entry of page) {
        if (this.#isFull) return;
        await this.#orNote(() => this.#look(entry, alive));
      }
      after = page.length === PAGE ? page.at(-1)!.key : undefined;
    } while (after !== undefined);
  }

  get #isFull(): boolean {
    return this.found.claimed.length + this.found.givenUp.length >= this.#limit;
  }

  /** A run that cannot be read keeps nobody from the others. */
  async #orNote(look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (!(error instanceof CorruptRunError)) throw error;
      if (++this.found.corruptCount <= CORRUPT_MAX) this.found.corrupt.push(error);
    }
  }

  async #look(entry: RunStoreEntry, alive: ReadonlySet<string>): Promise<void> {
    const { claims, claimsMax } = this.#claimant;
    const runId = entry.key[1]!;
    const owner = readOwner(entry);
    const isLost = owner.incarnation !== null && !alive.has(owner.incarnation);
    const isLeft = !isLost && claims.get(runId)?.isLeft === true;
    if (!isLost && !isLeft) return;
    // Before anything is changed: what cannot be read is nobody's to claim.
    const run = await this.#read(runId, entry);
    if (run === null) return;
    if (isLeft) {
      if (claims.pickUp(runId, owner.token)) this.#hand(run);
      return;
    }
    const standing = await this.#standingOf(runId, owner);
    if (standing.claims >= claimsMax) await this.#giveUp(run, standing, entry);
    else await this.#claim(run, standing, entry);
  }

  /** Who died after it had recorded something did not die of what those before it died of. */
  async #standingOf(runId: string, { term, claims, recorded }: RunOwner): Promise<RunStanding> {
    const { store } = this.#claimant;
    const { length } = await store.list(runKeys.result(runId), { limit: RESULTS_MAX });
    return { term, claims: length > recorded ? 0 : claims, recorded: length };
  }

  /** @returns The run; null when it has ended and was removed meanwhile. */
  async #read(runId: string, { key, version }: RunStoreEntry): Promise<StoredRun | null> {
    const { store } = this.#claimant;
    const found = await store.get(runKeys.run(runId));
    if (found !== null) return readRun(found);
    if ((await store.get(key))?.version !== version) return null;
    throw new CorruptRunError(runKeys.run(runId), new TypeError("an owner of no run"));
  }

  async #claim(
    run: StoredRun,
    before: RunStanding,
    { key, version }: RunStoreEntry,
  ): Promise<void> {
    const { store, claims, newOwner } = this.#claimant;
    // Who claims has not worked on it yet: the term counts those who did.
    const owner = newOwner({ ...before, claims: before.claims + 1 });
    const change = { checks: [{ key, version }], sets: [{ key, value: writeOwner(owner) }] };
    claims.add(run.runId, owner.token);
    this.asked.push(run.runId);
    const done = await commitOnce(store, { ...change, witness: key, nonce: owner.token });
    if (done === null) {
      this.asked.pop();
      claims.drop(run.runId, owner.token);
    } else this.found.claimed.push(run);
  }

  #hand(run: StoredRun): void {
    this.asked.push(run.runId);
    this.found.claimed.push(run);
  }

  async #giveUp(
    run: StoredRun,
    before: RunStanding,
    { key, version }: RunStoreEntry,
  ): Promise<void> {
    const { store, newOwner } = this.#claimant;
    const { takenAt, token } = newOwner(before);
    const error = `It was given up: ${
      before.claims + 1
    } of its owners have died, and recorded nothing`;
    const ended = endedRun(run, "failed", takenAt, error);
    const change = { ...changeOfEnd(ended, token), checks: [{ key, version }] };
    const done = await commitOnce(store, {
      ...change,
      witness: runKeys.run(run.runId),
      nonce: token,
    });
    if (done !== null) this.found.givenUp.push(ended);
  }
}
