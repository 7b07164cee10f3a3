import { LeaderElection } from "../../coordination/leader_election.ts";
import type { LeaderElectionOptions } from "../../coordination/leader_election_options.ts";
import { type SharedStore, sharedStore } from "../../coordination/shared_store.ts";
import type { TestStore } from "./test_store.ts";
import type { TrackingKv, TrackingKvOptions } from "./tracking_kv.ts";

/** Where the elections of these tests keep their records. */
export const TERM_KEY: Deno.KvKey = ["baton", "election", "e", "term"];
/** See {@link TERM_KEY}. */
export const LEASE_KEY: Deno.KvKey = ["baton", "election", "e", "lease"];
/** Below it is the fence of the term in force; see {@link TERM_KEY}. */
export const FENCES: Deno.KvKey = ["baton", "election", "e", "fence"];

/** Does what a process does that takes the election over, without waiting for the lease. */
export async function takeOver(test: TestStore, holderId: string): Promise<void> {
  const record = (await test.read(TERM_KEY))!;
  const next = { ...record, term: Number(record["term"]) + 1, holderId, incarnation: holderId };
  const operation = test.raw.atomic().set(TERM_KEY, next);
  for await (const { key } of test.raw.list({ prefix: FENCES })) operation.delete(key);
  await operation.commit();
}

/** A process that stands for election. */
export interface Candidate extends AsyncDisposable {
  readonly election: LeaderElection;
  readonly handle: TrackingKv;
  /** The port and the pulse that the election uses. */
  readonly shared: SharedStore;
}

/**
 * Starts one more process that stands for election "e", without spread unless it is asked for.
 *
 * Leases of 1,000 ms: renewed each 333, valid for 800, attempts of 166.
 */
export function candidate(
  test: TestStore,
  holderId: string,
  options: Partial<LeaderElectionOptions> = {},
  kvOptions: TrackingKvOptions = {},
): Candidate {
  const handle = test.handle(kvOptions);
  const { clock } = test;
  const { kv = handle.kv } = options;
  const random = () => 0.5;
  const election = new LeaderElection({
    kv,
    name: "e",
    holderId,
    leaseMs: 1_000,
    storePath: ":memory:",
    clock,
    random,
    ...options,
  });
  const { attemptTimeoutMs } = election.timing;
  const shared = sharedStore(kv, { clock, random, attemptTimeoutMs });
  const dispose = () => test.until(election[Symbol.asyncDispose]());
  return { election, handle, shared, [Symbol.asyncDispose]: dispose };
}
