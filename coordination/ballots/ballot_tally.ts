import type { RecordFields } from "../record_fields.ts";
import type { BallotPolicy } from "./ballot_policy.ts";

/** What was voted so far, in numbers. */
export interface BallotTally {
  /** The weight given to each choice, in the order of the ballot's choices. */
  readonly weights: readonly number[];
  /** The weight of those who abstained. */
  readonly abstained: number;
  /** How many took part, abstainers included. */
  readonly voters: number;
  /** How many of those who may veto took part; 0 unless the policy is `veto`. */
  readonly holdersVoted: number;
  /** How many of those vetoed. */
  readonly vetoes: number;
}

/** Wire form of a {@link BallotTally}: keys in snake_case. */
export interface BallotTallyDict {
  /** See {@link BallotTally.weights}. */
  readonly weights: readonly number[];
  /** See {@link BallotTally.abstained}. */
  readonly abstained: number;
  /** See {@link BallotTally.voters}. */
  readonly voters: number;
  /** See {@link BallotTally.holdersVoted}. */
  readonly holders_voted: number;
  /** See {@link BallotTally.vetoes}. */
  readonly vetoes: number;
}

/** One vote, as far as counting it goes. */
export interface CountedVote {
  /** What was voted for; null for an abstention. */
  readonly choice: string | null;
  /** What it weighs. */
  readonly weight: number;
  /** Whether the voter may veto. */
  readonly mayVeto: boolean;
}

/** A counter that a vote adds to: a choice's position, or one of the others by name. */
export type CounterName = number | "abstained" | "voters" | "holdersVoted" | "vetoes";

/** @returns Which counters a vote adds to, and how much. */
export function addends(
  vote: CountedVote,
  choices: readonly string[],
  policy: BallotPolicy,
): readonly (readonly [CounterName, number])[] {
  const { choice, weight, mayVeto } = vote;
  const given = choice === null ? "abstained" : choices.indexOf(choice);
  const added: (readonly [CounterName, number])[] = [[given, weight], ["voters", 1]];
  if (policy.kind === "veto" && mayVeto) {
    added.push(["holdersVoted", 1]);
    if (choice === policy.choice) added.push(["vetoes", 1]);
  }
  return added;
}

/** @returns The names of all counters of a ballot with so many choices. */
export function counterNames(choices: number): readonly CounterName[] {
  return [...Array(choices).keys(), "abstained", "voters", "holdersVoted", "vetoes"];
}

/** @returns The tally that counters add up to; those that were never added to are absent. */
export function tallyOf(counters: ReadonlyMap<CounterName, number>, choices: number): BallotTally {
  const count = (name: CounterName) => counters.get(name) ?? 0;
  return {
    weights: Array.from({ length: choices }, (_, position) => count(position)),
    abstained: count("abstained"),
    voters: count("voters"),
    holdersVoted: count("holdersVoted"),
    vetoes: count("vetoes"),
  };
}

/**
 * Counts votes one by one, as the store's counters did when they were cast.
 *
 * @param votes The votes.
 * @param choices What the ballot offers.
 * @param policy What passes.
 * @returns Their tally.
 */
export function countBallot(
  votes: Iterable<CountedVote>,
  choices: readonly string[],
  policy: BallotPolicy,
): BallotTally {
  const counters = new Map<CounterName, number>();
  for (const vote of votes) {
    for (const [name, amount] of addends(vote, choices, policy)) {
      counters.set(name, (counters.get(name) ?? 0) + amount);
    }
  }
  return tallyOf(counters, choices.length);
}

/** @returns The weight of all who took part. */
export function castWeight(tally: BallotTally): number {
  return tally.weights.reduce((sum, weight) => sum + weight, tally.abstained);
}

/** @returns Whether two tallies are the same, number by number. */
export function isSameTally(a: BallotTally, b: BallotTally): boolean {
  return JSON.stringify(tallyToDict(a)) === JSON.stringify(tallyToDict(b));
}

/** @returns The wire form. */
export function tallyToDict(tally: BallotTally): BallotTallyDict {
  return {
    weights: [...tally.weights],
    abstained: tally.abstained,
    voters: tally.voters,
    holders_voted: tally.holdersVoted,
    vetoes: tally.vetoes,
  };
}

/**
 * Reads the wire form.
 *
 * @param fields The tally's fields.
 * @returns The tally.
 * @throws {CorruptRecordError} when it is none.
 */
export function tallyFromFields(fields: RecordFields): BallotTally {
  const count = (name: string) => fields.integer(name, 0, Number.MAX_SAFE_INTEGER);
  const weights = fields.raw("weights");
  if (!Array.isArray(weights) || !weights.every((one) => Number.isSafeInteger(one) && one >= 0)) {
    throw fields.fault(`"weights" is not a list of whole numbers`);
  }
  return {
    weights: [...weights],
    abstained: count("abstained"),
    voters: count("voters"),
    holdersVoted: count("holders_voted"),
    vetoes: count("vetoes"),
  };
}
