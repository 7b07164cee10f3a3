import { checkIdentifier } from "../identifiers.ts";
import { checkRange } from "../lease_timing.ts";
import type { Ballot } from "./ballot.ts";
import { type BallotPolicy, checkPolicy, type Electorate } from "./ballot_policy.ts";

/** A member that may vote on a ballot. */
export interface Elector {
  /** The member's id. */
  readonly instanceId: string;
  /**
   * What its vote weighs: a whole number from 1 to a million. Only policy `weighted` has weights.
   *
   * @default 1
   */
  readonly weight?: number;
  /**
   * Whether it may veto. Only policy `veto` has vetoes.
   *
   * @default true for all when no elector says true
   */
  readonly mayVeto?: boolean;
}

/** Options of `Ballots.propose`. */
export interface ProposeOptions {
  /** For how long votes are awaited at most, in ms: 100 to 30 days. */
  readonly deadlineMs: number;
  /**
   * What a choice needs to pass.
   *
   * @default more than half of the electors
   */
  readonly policy?: BallotPolicy;
  /**
   * Who may vote: 1 to 10,000 ids, or electors.
   *
   * @default the members that are not dead
   */
  readonly electors?: readonly (string | Elector)[];
  /**
   * The ballot's id. Proposing the same question again under it gives the standing ballot; electors,
   * where they are named, are part of the question.
   *
   * @default a random one
   */
  readonly ballotId?: string;
  /** Ends the attempt. A ballot that is being written may open nevertheless. */
  readonly signal?: AbortSignal;
}

/** What a ballot asks: two of the same are one question. */
export type BallotQuestion = Pick<Ballot, "topic" | "choices" | "policy" | "deadlineMs">;

/** Everybody who may vote, in the order of their ids. */
export interface ElectorRoll extends Electorate {
  /** One entry a member. */
  readonly entries: readonly Required<Elector>[];
}

const CHOICES_MIN = 2;
const CHOICES_MAX = 32;
const DEADLINE_MIN_MS = 100;
const DEADLINE_MAX_MS = 30 * 86_400_000;
const ELECTORS_MAX = 10_000;
const WEIGHT_MAX = 1_000_000;

/**
 * Refuses what is no question.
 *
 * @param topic What is asked.
 * @param choices What may be voted for.
 * @param options Deadline and policy.
 * @returns The question.
 * @throws {TypeError} when a text is empty or holds control characters, a choice comes twice, or the
 * policy is none.
 * @throws {RangeError} when a text is too long, or a number out of range.
 */
export function checkQuestion(
  topic: string,
  choices: readonly string[],
  options: Pick<ProposeOptions, "deadlineMs" | "policy">,
): BallotQuestion {
  checkIdentifier("topic", topic);
  if (!Array.isArray(choices)) throw new TypeError("choices must be a list of texts");
  for (const choice of choices) checkIdentifier("a choice", choice);
  if (choices.length < CHOICES_MIN || choices.length > CHOICES_MAX) {
    throw new RangeError(
      `choices must be ${CHOICES_MIN} to ${CHOICES_MAX} texts, got ${choices.length}`,
    );
  }
  if (new Set(choices).size < choices.length) {
    throw new TypeError("choices must be unlike each other");
  }
  const { deadlineMs, policy = { kind: "majority" } } = options;
  checkRange("deadlineMs", deadlineMs, DEADLINE_MIN_MS, DEADLINE_MAX_MS);
  return { topic, choices: [...choices], policy: checkPolicy(policy, choices), deadlineMs };
}

/**
 * Refuses what is no list of electors.
 *
 * @param electors Who may vote.
 * @param policy Whether there are weights and vetoes.
 * @returns The electors with everything said, and their numbers.
 * @throws {TypeError} when an id is none or comes twice, or the policy has no weights or no vetoes.
 * @throws {RangeError} when a weight, or their number, is out of range.
 */
export function checkElectors(
  electors: readonly (string | Elector)[],
  policy: BallotPolicy,
): ElectorRoll {
  if (!Array.isArray(electors)) {
    throw new TypeError(`electors must be a list of ids or electors, got ${typeof electors}`);
  }
  if (electors.length < 1 || electors.length > ELECTORS_MAX) {
    throw new RangeError(`electors must be 1 to ${ELECTORS_MAX}, got ${electors.length}`);
  }
  const given = Array.from(electors, asElector);
  const somebodyMayVeto = given.some(({ mayVeto }) => mayVeto === true);
  if (somebodyMayVeto && policy.kind !== "veto") {
    throw new TypeError(`electors may veto only by policy "veto", got "${policy.kind}"`);
  }
  const entries = given.map(({ instanceId, weight = 1, mayVeto }) => ({
    instanceId: checkIdentifier("an elector's instanceId", instanceId),
    weight: checkWeight(weight, policy),
    mayVeto: policy.kind === "veto" && (somebodyMayVeto ? mayVeto === true : true),
  })).sort((a, b) => a.instanceId < b.instanceId ? -1 : 1);
  const twice = entries.find(({ instanceId }, at) => entries[at + 1]?.instanceId === instanceId);
  if (twice) {
    throw new TypeError(`electors must be unlike each other, got "${twice.instanceId}" twice`);
  }
  return {
    entries,
    electors: entries.length,
    weight: entries.reduce((sum, { weight }) => sum + weight, 0),
    vetoHolders: entries.filter(({ mayVeto }) => mayVeto).length,
  };
}

/** @returns Whether two ballots ask the same. */
export function isSameQuestion(a: BallotQuestion, b: BallotQuestion): boolean {
  const text = ({ topic, choices, policy, deadlineMs }: BallotQuestion) =>
    JSON.stringify([topic, choices, policy, deadlineMs]);
  return text(a) === text(b);
}

/** @returns Whether two lists name the same electors, in whatever order, with the same rights. */
export function isSameRoll(
  a: readonly Required<Elector>[],
  b: readonly Required<Elector>[],
): boolean {
  const ofA = new Map(a.map((elector) => [elector.instanceId, elector]));
  return a.length === b.length && b.every(({ instanceId, weight, mayVeto }) => {
    const same = ofA.get(instanceId);
    return same?.weight === weight && same.mayVeto === mayVeto;
  });
}

function asElector(given: string | Elector): Elector {
  if (typeof given === "string") return { instanceId: given };
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`an elector must be an id or an object, got ${String(given)}`);
  }
  const { mayVeto } = given;
  if (mayVeto !== undefined && typeof mayVeto !== "boolean") {
    throw new TypeError(`an elector's mayVeto must be true or false, got ${String(mayVeto)}`);
  }
  return given;
}

function checkWeight(weight: number, policy: BallotPolicy): number {
  if (!Number.isInteger(weight) || weight < 1 || weight > WEIGHT_MAX) {
    throw new RangeError(
      `an elector's weight must be a whole number from 1 to ${WEIGHT_MAX}, got ${weight}`,
    );
  }
  if (weight !== 1 && policy.kind !== "weighted") {
    throw new TypeError(`electors have weights only by policy "weighted", got "${policy.kind}"`);
  }
  return weight;
}
