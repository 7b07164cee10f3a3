import { BallotStatus } from "../../enums/ballot_status.ts";
import { VoteRefusal } from "../../enums/vote_refusal.ts";
import { StoreUnavailableError } from "../errors.ts";
import type { CommitOutcome } from "../write_batch.ts";
import type { BallotCarrier } from "./ballot_carrier.ts";
import type { BallotContext } from "./ballot_context.ts";
import { VoteRefusedError } from "./ballot_errors.ts";
import type { Elector } from "./ballot_proposal.ts";
import {
  encodeVote,
  parseBallot,
  parseElector,
  parseVote,
  type StoredBallot,
} from "./ballot_records.ts";
import { addends } from "./ballot_tally.ts";
import { VoteRecord } from "./vote_record.ts";

/** A ballot with this node's place in it. */
export interface VotingPlace {
  /** The ballot. */
  readonly stored: StoredBallot;
  /** What this node may do; null when it is no elector. */
  readonly elector: Required<Elector> | null;
  /** How it voted; null when it has not. */
  readonly vote: VoteRecord | null;
}

/** A refused commit is looked into and tried again this often; one is enough unless stores restart. */
const ATTEMPTS_MAX = 3;
/** More places than this are not remembered: their votes cost one more read. */
const REMEMBERED_MAX = 1_000;

/** Casts the votes of one node. */
export class VoteCaster {
  readonly #context: BallotContext;
  readonly #carrier: BallotCarrier;
  readonly #remembered = new Map<string, VotingPlace>();

  /**
   * @param context The node.
   * @param carrier Counts deadlines, and closes a ballot whose deadline has passed.
   */
  constructor(context: BallotContext, carrier: BallotCarrier) {
    this.#context = context;
    this.#carrier = carrier;
  }

  /**
   * Reads a ballot and this node's place in it, and remembers an open one in which it has yet to
   * vote. That is safe: a vote checks the versionstamp of the ballot that it was cast for.
   *
   * @param ballotId The ballot.
   * @param roll Its roll, if it is known: one read is enough then, or when the roll has its id.
   * @returns The place; null when there is no such ballot.
   * @throws {StoreUnavailableError} when there is no answer in time.
   * @throws {CorruptRecordError} when a foreign value stands there.
   */
  async find(ballotId: string, roll?: string): Promise<VotingPlace | null> {
    const { store, keys, instanceId, timeoutMs } = this.#context;
    const read = (roll: string) =>
      store.getMany(
        [keys.ballot(ballotId), keys.elector(roll, instanceId), keys.vote(roll, instanceId)],
        { timeoutMs },
      );
    const guess = roll ?? ballotId;
    const [ballot, ...others] = await read(guess);
    const stored = parseBallot(ballot!);
    if (stored === null) return null;
    this.#carrier.note(stored);
    const [elector, vote] = stored.roll === guess ? others : (await read(stored.roll)).slice(1);
    const place = { stored, elector: parseElector(elector!), vote: parseVote(vote!) };
    const isVotable = place.elector !== null && place.vote === null &&
      stored.ballot.status === BallotStatus.OPEN;
    if (isVotable && this.#remembered.size < REMEMBERED_MAX) this.#remembered.set(ballotId, place);
    return place;
  }

  /** Forgets ballots that are not open any more. */
  keepOnly(openIds: ReadonlySet<string>): void {
    for (const id of this.#remembered.keys()) if (!openIds.has(id)) this.#remembered.delete(id);
  }

  /**
   * Votes. From the deadline on, as this node counts it, no vote is sent: the ballot is closed
   * first, and the vote refused.
   *
   * @param ballotId The ballot.
   * @param choice For what; null to abstain.
   * @returns The ballot that the vote is counted in.
   * @throws {VoteRefusedError} when it is not counted and will not be.
   * @throws {StoreUnavailableError} when it is not known whether it is counted.
   * @throws {CorruptRecordError} when a foreign value stands there.
   */
  async cast(ballotId: string, choice: string | null): Promise<StoredBallot> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const place = this.#remembered.get(ballotId) ?? await this.find(ballotId);
      this.#remembered.delete(ballotId);
      const refusal = refusalOf(place, choice);
      if (place === null || refusal !== null) throw this.#refused(ballotId, refusal!);
      if (place.vote !== null) return place.stored;
      const leftMs = this.#carrier.leftMs(place.stored);
      if (leftMs <= 0) {
        await this.#carrier.carryOn(place.stored);
        continue;
      }
      const outcome = await this.#commit(place, choice, leftMs);
      if (outcome.kind === "unknown") throw new StoreUnavailableError("vote", outcome.error);
      if (outcome.kind === "committed") {
        this.#context.counters.add("votes");
        return place.stored;
      }
    }
    throw new StoreUnavailableError("vote", new Error("the ballot changed at every attempt"));
  }

  async #commit(
    { stored, elector }: VotingPlace,
    choice: string | null,
    leftMs: number,
  ): Promise<CommitOutcome> {
    const { store, keys, instanceId, timeoutMs } = this.#context;
    const { ballot, roll, versionstamp } = stored;
    const { weight, mayVeto } = elector!;
    const nonce = crypto.randomUUID();
    const key = keys.vote(roll, instanceId);
    const votedAt = new Date(store.clock.now()).toISOString();
    const vote = new VoteRecord({ instanceId, choice, weight, mayVeto, votedAt, versionstamp });
    return await store.commit({
      checks: [{ key: keys.ballot(ballot.ballotId), versionstamp }, { key, versionstamp: null }],
      sets: [{ key, value: encodeVote(vote, nonce) }],
      sums: addends(vote, ballot.choices, ballot.policy)
        .map(([name, amount]) => ({ key: keys.counter(roll, name), amount: BigInt(amount) })),
      witness: { key, nonce },
    }, { timeoutMs: Math.min(timeoutMs, leftMs) });
  }

  #refused(ballotId: string, reason: VoteRefusal): VoteRefusedError {
    this.#context.counters.addRefused(reason);
    return new VoteRefusedError(ballotId, reason);
  }
}

/** A vote that is counted stays so, whatever has become of the ballot since. */
function refusalOf(place: VotingPlace | null, choice: string | null): VoteRefusal | null {
  if (place === null) return VoteRefusal.UNKNOWN_BALLOT;
  const { stored: { ballot }, elector, vote } = place;
  if (choice !== null && !ballot.choices.includes(choice)) return VoteRefusal.UNKNOWN_CHOICE;
  if (elector === null) return VoteRefusal.NOT_AN_ELECTOR;
  if (vote !== null) return vote.choice === choice ? null : VoteRefusal.ALREADY_VOTED;
  if (ballot.status === BallotStatus.SEALED) return VoteRefusal.SEALED;
  return ballot.status === BallotStatus.DECIDED ? VoteRefusal.DECIDED : null;
}
