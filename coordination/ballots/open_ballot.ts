import { encodeRecord } from "../election_records.ts";
import { StoreUnavailableError } from "../errors.ts";
import type { KvWrite, WriteBatch } from "../write_batch.ts";
import type { Ballot } from "./ballot.ts";
import type { BallotContext } from "./ballot_context.ts";
import { inBatches } from "./ballot_keys.ts";
import type { ElectorRoll } from "./ballot_proposal.ts";
import {
  encodeBallot,
  encodeElector,
  encodeRoll,
  encodeStray,
  type StoredBallot,
} from "./ballot_records.ts";

/** What {@link openBallot} needs. */
export interface OpeningBallot {
  /** What is to stand in the store. */
  readonly ballot: Ballot;
  /** Who may vote on it. */
  readonly electors: ElectorRoll;
  /** Names this attempt; no other attempt may have the same name. */
  readonly roll: string;
  /** Ends the attempt between two commits. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Writes the electors of a ballot, and last the ballot itself: it exists from that commit on.
 *
 * Electors that do not fit one commit are written before it. Until the ballot stands, an entry says
 * that they belong to none; each commit checks and rewrites it, so that whoever clears the entry
 * away stops a proposer that is still at work.
 *
 * @param context The node.
 * @param opening The ballot.
 * @returns The ballot as it stands; null when one stands there already, or the roll was cleared away.
 * @throws {StoreUnavailableError} when an outcome is not known: then the ballot may stand or not.
 */
export async function openBallot(
  context: BallotContext,
  opening: OpeningBallot,
): Promise<StoredBallot | null> {
  const { keys } = context;
  const { ballot, roll, signal } = opening;
  const electors = opening.electors.entries.map((elector): KvWrite => ({
    key: keys.elector(roll, elector.instanceId),
    value: encodeElector(elector),
  }));
  const batches = inBatches(electors, ({ key }) => key);
  const last = batches.pop()!;
  const strayKey = [...keys.strays, roll];
  let strayStamp: string | null = null;
  for (const sets of batches) {
    signal?.throwIfAborted();
    const nonce = crypto.randomUUID();
    strayStamp = await commit(context, {
      checks: [{ key: strayKey, versionstamp: strayStamp }],
      sets: [...sets, { key: strayKey, value: encodeStray(nonce, false) }],
      witness: { key: strayKey, nonce },
    });
    if (strayStamp === null) return null;
  }
  signal?.throwIfAborted();
  const key = keys.ballot(ballot.ballotId);
  const nonce = crypto.randomUUID();
  const stored = { ballot, roll, sealedStamp: null };
  const versionstamp = await commit(context, {
    checks: [{ key, versionstamp: null }, { key: strayKey, versionstamp: strayStamp }],
    sets: [
      ...last,
      { key, value: encodeBallot(stored, nonce) },
      { key: [...keys.open, ballot.ballotId], value: encodeRoll(roll) },
      { key: keys.bell, value: encodeRecord({ nonce }) },
    ],
    deletes: [strayKey],
    sums: [{ key: keys.openCount, amount: 1n }],
    witness: { key, nonce },
  });
  return versionstamp === null ? null : { ...stored, versionstamp };
}

/** @returns The versionstamp; null when the batch was refused. */
async function commit(context: BallotContext, batch: WriteBatch): Promise<string | null> {
  const { store, timeoutMs } = context;
  const outcome = await store.commit(batch, { timeoutMs });
  if (outcome.kind === "unknown") {
    throw new StoreUnavailableError("open the ballot", outcome.error);
  }
  return outcome.kind === "committed" ? outcome.versionstamp : null;
}
