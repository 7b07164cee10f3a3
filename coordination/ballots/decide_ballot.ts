import { BallotReason } from "../../enums/ballot_reason.ts";
import { type BallotPolicy, type Electorate, requiredWeight } from "./ballot_policy.ts";
import { type BallotTally, castWeight } from "./ballot_tally.ts";

/** Where a ballot stands when it is asked whether it can be decided. */
export interface BallotStanding {
  /** What it offers. */
  readonly choices: readonly string[];
  /** Who may vote. */
  readonly electorate: Electorate;
  /** What was voted so far. */
  readonly tally: BallotTally;
  /** Whether no more votes can come: then it is decided one way or the other. */
  readonly isClosed: boolean;
}

/** How a ballot ends. */
export type BallotVerdict =
  | {
    /** The choice that passed. */
    readonly choice: string;
    /** Nothing stood in the way. */
    readonly reason: null;
  }
  | {
    /** Nothing passed. */
    readonly choice: null;
    /** Why. */
    readonly reason: BallotReason;
  };

/**
 * Decides a ballot, as early as no vote that is still out could change the verdict: neither the
 * choice nor the reason.
 *
 * @param policy What passes.
 * @param standing Where the ballot stands.
 * @returns The verdict; null while it depends on votes that may still come.
 *
 * @example Two of three are enough
 * ```ts
 * import { decideBallot } from "./decide_ballot.ts";
 *
 * const verdict = decideBallot({ kind: "majority" }, {
 *   choices: ["yes", "no"],
 *   electorate: { electors: 3, weight: 3, vetoHolders: 0 },
 *   tally: { weights: [2, 0], abstained: 0, voters: 2, holdersVoted: 0, vetoes: 0 },
 *   isClosed: false,
 * });
 * if (verdict?.choice !== "yes") throw new Error("not decided");
 * ```
 */
export function decideBallot(
  policy: BallotPolicy,
  standing: BallotStanding,
): BallotVerdict | null {
  switch (policy.kind) {
    case "majority":
    case "threshold":
    case "weighted":
      return decideByWeight(standing, requiredWeight(policy, standing.electorate));
    case "unanimous":
      return decideUnanimous(standing);
    case "veto":
      return decideVeto(standing, policy.choice, requiredWeight(policy, standing.electorate));
    default:
      return policy satisfies never;
  }
}

function decideByWeight(standing: BallotStanding, required: number): BallotVerdict | null {
  const { choices, electorate, tally, isClosed } = standing;
  const winner = tally.weights.findIndex((weight) => weight >= required);
  if (winner >= 0) return { choice: choices[winner]!, reason: null };
  const cast = castWeight(tally);
  const out = isClosed ? 0 : electorate.weight - cast;
  const [best = 0, second = 0] = tally.weights.toSorted((a, b) => b - a);
  if (cast < required) return out > 0 ? null : none(BallotReason.NO_QUORUM);
  if (out === 0 && best === second && best > 0) return none(BallotReason.TIE);
  const canPass = best + out >= required;
  const canTie = second + out >= best;
  return out > 0 && (canPass || canTie) ? null : none(BallotReason.NO_MAJORITY);
}

function decideUnanimous(standing: BallotStanding): BallotVerdict | null {
  const { choices, electorate, tally, isClosed } = standing;
  const named = tally.weights.filter((weight) => weight > 0).length;
  if (named > 1 || tally.abstained > 0) return none(BallotReason.NO_MAJORITY);
  const winner = tally.weights.indexOf(electorate.weight);
  if (winner >= 0) return { choice: choices[winner]!, reason: null };
  return isClosed ? none(BallotReason.NO_QUORUM) : null;
}

/** While somebody who may veto has not voted, only what the veto would decide for is certain. */
function decideVeto(
  standing: BallotStanding,
  vetoed: string,
  required: number,
): BallotVerdict | null {
  const { tally, electorate, isClosed } = standing;
  if (tally.vetoes > 0) return { choice: vetoed, reason: null };
  const verdict = decideByWeight(standing, required);
  const mayBeVetoed = !isClosed && tally.holdersVoted < electorate.vetoHolders;
  return mayBeVetoed && verdict?.choice !== vetoed ? null : verdict;
}

function none(reason: BallotReason): BallotVerdict {
  return { choice: null, reason };
}
