import { SPLIT_BRAIN } from "./consensus_decision.ts";

/** What a quorum is counted against. */
export interface QuorumOptions {
  /** How many members there are: registered or expected, not those that happen to vote. */
  readonly members: number;
  /**
   * The share of members that must vote, in (0, 1].
   *
   * @default 0.5
   */
  readonly threshold?: number;
}

/** Forgives the rounding of a product: 0.56 × 25 is 14.000000000000002 in binary floating point. */
const ROUNDING = 1e-9;

/**
 * How many members must vote: a strict majority, or the threshold's share rounded up if that is more.
 *
 * @param options Members and threshold.
 * @returns The number of votes needed, at least 1.
 * @throws {RangeError} when the threshold is not in (0, 1] or members is not a whole number from 0.
 *
 * @example Half of four is not a majority
 * ```ts
 * import { requiredVotes } from "@baton/orchestration/coordination";
 *
 * if (requiredVotes({ members: 4 }) !== 3) throw new Error("not a majority");
 * ```
 */
export function requiredVotes(options: QuorumOptions): number {
  const { members, threshold = 0.5 } = options;
  if (!Number.isInteger(members) || members < 0) {
    throw new RangeError(`members must be a whole number from 0, got ${members}`);
  }
  checkThreshold(threshold);
  const strictMajority = Math.floor(members / 2) + 1;
  return Math.max(strictMajority, Math.ceil(threshold * members - ROUNDING));
}

/**
 * Refuses a quorum threshold that is not a share.
 *
 * @param threshold The share of members.
 * @throws {RangeError} when it is not in (0, 1].
 */
export function checkThreshold(threshold: number): void {
  if (typeof threshold !== "number" || !(threshold > 0 && threshold <= 1)) {
    throw new RangeError(`quorumThreshold must be above 0 and at most 1, got ${threshold}`);
  }
}

/**
 * The value that more than half of the votes name.
 *
 * @param votes The votes, compared letter for letter.
 * @returns The winning value; `"UNKNOWN"` when there is no vote; `"SPLIT_BRAIN"` when no value has a
 * strict majority.
 *
 * @example Two against two decide nothing
 * ```ts
 * import { majorityVote } from "@baton/orchestration/coordination";
 *
 * if (majorityVote(["OPEN", "OPEN", "CLOSED"]) !== "OPEN") throw new Error("no majority");
 * if (majorityVote(["OPEN", "CLOSED"]) !== "SPLIT_BRAIN") throw new Error("not split");
 * ```
 */
export function majorityVote(votes: Iterable<string>): string {
  return countVotes(votes).winner;
}

/** A counted vote. */
export interface VoteCount {
  /** The winner, `"UNKNOWN"` or `"SPLIT_BRAIN"`. */
  readonly winner: string;
  /** Share of the votes for the winner, 0 to 1; 0 when there is none. */
  readonly strength: number;
}

/** @returns The winner of {@link majorityVote} and its share of the votes. */
export function countVotes(votes: Iterable<string>): VoteCount {
  const counts = new Map<string, number>();
  let total = 0;
  let leading: string | undefined;
  let most = 0;
  for (const vote of votes) {
    const count = (counts.get(vote) ?? 0) + 1;
    counts.set(vote, count);
    total++;
    if (count > most) {
      leading = vote;
      most = count;
    }
  }
  if (leading === undefined) return { winner: "UNKNOWN", strength: 0 };
  return most > total / 2
    ? { winner: leading, strength: most / total }
    : { winner: SPLIT_BRAIN, strength: 0 };
}
