import { requiredVotes } from "../quorum.ts";

/** What a choice needs to pass. */
export type BallotPolicy =
  | {
    /** More than half of the electors. */
    readonly kind: "majority";
  }
  | {
    /** At least a share of the electors. */
    readonly kind: "threshold";
    /** The share, above 0.5 (so that two choices cannot both pass) and at most 1. */
    readonly share: number;
  }
  | {
    /** Every elector. One other vote, or an abstention, ends the ballot without a choice. */
    readonly kind: "unanimous";
  }
  | {
    /** More than half of the weight of all electors, or a share of it. */
    readonly kind: "weighted";
    /**
     * The share, above 0.5 and at most 1.
     *
     * @default more than half
     */
    readonly share?: number;
  }
  | {
    /** More than half of the electors, but one vote for `choice` by who may veto decides for it. */
    readonly kind: "veto";
    /** What a veto decides for. */
    readonly choice: string;
  };

/** Wire form of a {@link BallotPolicy}: what a kind does not have is null. */
export interface BallotPolicyDict {
  /** Which policy it is. */
  readonly kind: BallotPolicy["kind"];
  /** Of `threshold` and `weighted`. */
  readonly share: number | null;
  /** Of `veto`. */
  readonly choice: string | null;
}

/** Who may vote on a ballot, in numbers: pinned when it opens. */
export interface Electorate {
  /** How many electors there are. */
  readonly electors: number;
  /** The weight of all of them together; their number where they have no unlike weights. */
  readonly weight: number;
  /** How many of them may veto. */
  readonly vetoHolders: number;
}

const SHARE_MIN = 0.5;

/**
 * Refuses a policy that could let two choices pass, or none ever.
 *
 * @param policy What somebody asked for.
 * @param choices What the ballot offers.
 * @returns A frozen copy.
 * @throws {TypeError} when it is no policy, or its choice is not offered.
 * @throws {RangeError} when its share is out of range.
 */
export function checkPolicy(policy: BallotPolicy, choices: readonly string[]): BallotPolicy {
  switch (policy?.kind) {
    case "majority":
    case "unanimous":
      return Object.freeze({ kind: policy.kind });
    case "threshold":
      return Object.freeze({ kind: policy.kind, share: checkShare(policy.share) });
    case "weighted":
      return policy.share === undefined
        ? Object.freeze({ kind: policy.kind })
        : Object.freeze({ kind: policy.kind, share: checkShare(policy.share) });
    case "veto":
      if (!choices.includes(policy.choice)) {
        throw new TypeError(
          `policy.choice must be one of the choices, got ${JSON.stringify(policy.choice)}`,
        );
      }
      return Object.freeze({ kind: policy.kind, choice: policy.choice });
    default:
      throw new TypeError(
        "policy.kind must be majority, threshold, unanimous, weighted or veto, " +
          `got ${JSON.stringify((policy as BallotPolicy | undefined)?.kind)}`,
      );
  }
}

/** @returns The weight that a choice must have to pass; two choices never have it both. */
export function requiredWeight(policy: BallotPolicy, electorate: Electorate): number {
  if (policy.kind === "unanimous") return electorate.weight;
  const share = "share" in policy ? policy.share : undefined;
  return requiredVotes({ members: electorate.weight, ...(share && { threshold: share }) });
}

/** @returns The wire form. */
export function policyToDict(policy: BallotPolicy): BallotPolicyDict {
  return {
    kind: policy.kind,
    share: "share" in policy ? policy.share ?? null : null,
    choice: "choice" in policy ? policy.choice : null,
  };
}

/**
 * Reads the wire form.
 *
 * @param dict What was read.
 * @param choices What the ballot offers.
 * @returns The policy.
 * @throws {TypeError} when it is none.
 * @throws {RangeError} when its share is out of range.
 */
export function policyFromDict(dict: unknown, choices: readonly string[]): BallotPolicy {
  const { kind, share, choice } = (dict ?? {}) as Partial<BallotPolicyDict>;
  const present = { kind, ...(share !== null && { share }), ...(choice !== null && { choice }) };
  return checkPolicy(present as BallotPolicy, choices);
}

function checkShare(share: number): number {
  if (typeof share !== "number" || !(share > SHARE_MIN && share <= 1)) {
    throw new RangeError(`policy.share must be above ${SHARE_MIN} and at most 1, got ${share}`);
  }
  return share;
}
