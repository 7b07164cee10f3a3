import { BallotRefusal } from "../../enums/ballot_refusal.ts";
import { BallotStatus } from "../../enums/ballot_status.ts";
import { BallotCertificate } from "./ballot_certificate.ts";
import type { BallotContext } from "./ballot_context.ts";
import { BallotRefusedError } from "./ballot_errors.ts";
import { parseBallot, parseVote, type StoredBallot } from "./ballot_records.ts";
import { type BallotTally, isSameTally } from "./ballot_tally.ts";
import type { VoteRecord } from "./vote_record.ts";

/** What a recount found. */
export interface BallotRecount {
  /** The votes, counted one by one now. */
  readonly counted: BallotTally;
  /** What the outcome says, counted by the store as the votes were cast. */
  readonly recorded: BallotTally;
  /** Whether the two are the same. */
  readonly isEqual: boolean;
}

/**
 * Reads every vote of a decided ballot. Votes of an open one would not do: a list is consistent
 * within 500 entries only, but no vote is added once a ballot is sealed.
 *
 * @param context The node.
 * @param ballotId The ballot.
 * @param operation What it is for, for the message.
 * @returns The ballot with all its votes.
 * @throws {BallotRefusedError} when it is not decided, or there is none.
 * @throws {CorruptRecordError} when a record cannot be read.
 * @throws {StoreUnavailableError} when the store does not answer in time.
 */
export async function certify(
  context: BallotContext,
  ballotId: string,
  operation: string,
): Promise<BallotCertificate> {
  const { store, keys, timeoutMs } = context;
  const stored = await readDecided(context, ballotId, operation);
  const votes: VoteRecord[] = [];
  for (const entry of await store.list(keys.votes(stored.roll), { timeoutMs })) {
    votes.push(parseVote(entry)!);
  }
  // A ballot that was removed meanwhile may have lost some of them.
  await readDecided(context, ballotId, operation);
  return new BallotCertificate({
    ballot: stored.ballot,
    sealedStamp: stored.sealedStamp!,
    decidedStamp: stored.versionstamp,
    votes,
  });
}

/** @returns How the votes of a certificate compare with its outcome. */
export function recountOf(certificate: BallotCertificate): BallotRecount {
  const counted = certificate.count();
  const recorded = certificate.ballot.outcome!.tally;
  return { counted, recorded, isEqual: isSameTally(counted, recorded) };
}

async function readDecided(
  { store, keys, timeoutMs }: BallotContext,
  ballotId: string,
  operation: string,
): Promise<StoredBallot> {
  const stored = parseBallot(await store.get(keys.ballot(ballotId), { timeoutMs }));
  const reason = stored === null ? BallotRefusal.UNKNOWN_BALLOT : BallotRefusal.NOT_DECIDED;
  if (stored?.ballot.status === BallotStatus.DECIDED) return stored;
  throw new BallotRefusedError(ballotId, reason, operation);
}
