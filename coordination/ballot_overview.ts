import { BallotStatus } from "../enums/ballot_status.ts";
import type { Ballot, BallotDict } from "./ballots/ballot.ts";
import { BallotKeys } from "./ballots/ballot_keys.ts";
import {
  lastPart,
  parseBallot,
  parseCounter,
  type StoredBallot,
} from "./ballots/ballot_records.ts";
import type { LenientReader } from "./lenient_reader.ts";

/** A ballot that is not decided yet. */
export interface PendingBallot {
  /** The ballot. */
  readonly ballot: Ballot;
  /** How many have voted so far, abstainers included; null when the counter cannot be read. */
  readonly voters: number | null;
}

/** The ballots of a cluster as its store shows them. Not all of it is read at the same moment. */
export interface BallotOverview {
  /** How many are not decided; null when the counter cannot be read. */
  readonly openCount: number | null;
  /** The first twenty of those, by id. */
  readonly open: readonly PendingBallot[];
  /** The five that were decided last, the latest first; of the first 5,000 by id. */
  readonly decided: readonly Ballot[];
}

/** Wire form of a {@link BallotOverview}: keys in snake_case. */
export interface BallotOverviewDict {
  /** See {@link BallotOverview.openCount}. */
  readonly open_count: number | null;
  /** See {@link BallotOverview.open}: each ballot with the number of its voters. */
  readonly open: readonly (BallotDict & { readonly voters: number | null })[];
  /** See {@link BallotOverview.decided}. */
  readonly decided: readonly BallotDict[];
}

const OPEN_MAX = 20;
const DECIDED_MAX = 5;
/** They are listed by id, so the last ones can be found among so many only. */
const DECIDED_LISTED_MAX = 5_000;

/**
 * Reads the ballots of a cluster. Writes nothing, and carries none of them on.
 *
 * @param reader Reads, and keeps what cannot be read.
 * @param cluster The cluster's name.
 * @returns What stands there.
 * @throws {StoreUnavailableError} when the store does not answer in time.
 */
export async function readBallotOverview(
  reader: LenientReader,
  cluster: string,
): Promise<BallotOverview> {
  const keys = new BallotKeys(cluster);
  const [openCount = null] = await reader.getMany([keys.openCount], parseCounter);
  const open = await readOpen(reader, keys);
  const decided = await readDecided(reader, keys);
  return { openCount, open, decided };
}

async function readOpen(reader: LenientReader, keys: BallotKeys): Promise<PendingBallot[]> {
  const stored = await readNamed(reader, keys, await reader.list(keys.open, OPEN_MAX));
  const pending = stored.filter(({ ballot }) => ballot.status !== BallotStatus.DECIDED);
  const counters = pending.map(({ roll }) => keys.counter(roll, "voters"));
  const voters = await reader.getMany(counters, parseCounter);
  return pending.map(({ ballot }, at) => ({ ballot, voters: voters[at] ?? null }));
}

/** An entry of the index is written in the commit that decides, so its versionstamp says when. */
async function readDecided(reader: LenientReader, keys: BallotKeys): Promise<Ballot[]> {
  const entries = await reader.list(keys.decided, DECIDED_LISTED_MAX);
  const latest = entries
    .toSorted((a, b) => a.versionstamp < b.versionstamp ? 1 : -1)
    .slice(0, DECIDED_MAX);
  return (await readNamed(reader, keys, latest)).map(({ ballot }) => ballot);
}

/** @returns The ballots that entries of an index name; one may have been removed meanwhile. */
async function readNamed(
  reader: LenientReader,
  keys: BallotKeys,
  entries: readonly Deno.KvEntry<unknown>[],
): Promise<StoredBallot[]> {
  const wanted = entries.map(({ key }) => keys.ballot(lastPart(key)));
  return (await reader.getMany(wanted, parseBallot)).filter((stored) => stored !== null);
}

/**
 * Puts it into wire form.
 *
 * @param overview What was read.
 * @returns The same in snake_case.
 */
export function ballotOverviewToDict(overview: BallotOverview): BallotOverviewDict {
  const { openCount, open, decided } = overview;
  return {
    open_count: openCount,
    open: open.map(({ ballot, voters }) => ({ ...ballot.toDict(), voters })),
    decided: decided.map((ballot) => ballot.toDict()),
  };
}
