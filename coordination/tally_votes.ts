import { canonical } from "../enums/canonical.ts";
import { CircuitState } from "../enums/circuit_state.ts";
import { ConsensusReason } from "../enums/consensus_reason.ts";
import { FallbackMode } from "../enums/fallback_mode.ts";
import { type CircuitVerdict, SPLIT_BRAIN } from "./consensus_decision.ts";
import { countVotes, requiredVotes } from "./quorum.ts";

/** How one member votes. Keys are wire keys. */
export interface Vote {
  /** A `CircuitState`, in any letter case. */
  readonly circuit_breaker_state: string;
  /** A `FallbackMode`, in any letter case. */
  readonly fallback_mode: string;
}

/** Options of {@link tallyVotes}. */
export interface TallyOptions {
  /** How many members there are, whether they vote or not. */
  readonly members: number;
  /**
   * The share of members that must vote, in (0, 1].
   *
   * @default 0.5
   */
  readonly threshold?: number;
  /**
   * The mode that was agreed on before: it holds while the votes are split.
   *
   * @default "SAFE"
   */
  readonly previousMode?: FallbackMode;
}

/** What {@link tallyVotes} found. */
export interface VoteTally {
  /** The circuit state of a strict majority, `"UNKNOWN"` without votes, else `"SPLIT_BRAIN"`. */
  readonly circuitState: CircuitVerdict;
  /** The mode of a strict majority; `"SAFE"` without votes, the previous mode on a split. */
  readonly fallbackMode: FallbackMode;
  /** Whether enough members voted. */
  readonly quorumMet: boolean;
  /** How many had to. */
  readonly requiredVotes: number;
  /** How many did. */
  readonly votingInstances: number;
  /** How many votes were null: members that have nothing to say. */
  readonly abstentions: number;
  /** How many votes could not be read; they count as abstentions. */
  readonly malformedVotes: number;
  /** Share of the votes for the winning circuit state, 0 to 1; 0 on a split. */
  readonly consensusStrength: number;
  /** Why the result is not to be applied; null when it is. */
  readonly reason: ConsensusReason | null;
}

/**
 * Counts the votes of a cluster against its membership.
 *
 * Circuit state and fallback mode are counted apart. A vote that cannot be read counts for neither,
 * and is counted as malformed.
 *
 * @param votes The votes of the members that are alive; null for a member that abstains.
 * @param options The membership and the quorum.
 * @returns The result, and why it is not to be applied if it is not.
 * @throws {RangeError} when threshold or members are out of range.
 *
 * @example Two of three agree
 * ```ts
 * import { tallyVotes } from "@baton/orchestration/coordination";
 *
 * const tally = tallyVotes([
 *   { circuit_breaker_state: "CLOSED", fallback_mode: "PRIMARY" },
 *   { circuit_breaker_state: "closed", fallback_mode: "primary" },
 * ], { members: 3 });
 * if (!tally.quorumMet || tally.circuitState !== "CLOSED") throw new Error("no agreement");
 * ```
 */
export function tallyVotes(votes: Iterable<unknown>, options: TallyOptions): VoteTally {
  const required = requiredVotes(options);
  const circuits: CircuitState[] = [];
  const modes: FallbackMode[] = [];
  let abstentions = 0;
  let malformedVotes = 0;
  for (const vote of votes) {
    const parsed = parseVote(vote);
    if (parsed === null) abstentions++;
    else if (parsed === undefined) malformedVotes++;
    else {
      circuits.push(parsed.circuit);
      modes.push(parsed.mode);
    }
  }
  const circuit = countVotes(circuits);
  const mode = countVotes(modes).winner;
  const votingInstances = circuits.length;
  const quorumMet = votingInstances >= required;
  const split = circuit.winner === SPLIT_BRAIN || mode === SPLIT_BRAIN;
  return {
    circuitState: circuit.winner as CircuitVerdict,
    fallbackMode: canonical(FallbackMode, mode) ??
      (votingInstances > 0 && options.previousMode || FallbackMode.SAFE),
    quorumMet,
    requiredVotes: required,
    votingInstances,
    abstentions,
    malformedVotes,
    consensusStrength: circuit.strength,
    reason: reasonOf(votingInstances, quorumMet, split),
  };
}

function reasonOf(votes: number, quorumMet: boolean, split: boolean): ConsensusReason | null {
  if (votes === 0) return ConsensusReason.NO_VOTES;
  if (!quorumMet) return ConsensusReason.NO_QUORUM;
  return split ? ConsensusReason.SPLIT : null;
}

/** @returns The vote; null for an abstention, undefined when it cannot be read. */
function parseVote(
  vote: unknown,
): { readonly circuit: CircuitState; readonly mode: FallbackMode } | null | undefined {
  if (vote === null) return null;
  if (typeof vote !== "object") return undefined;
  const fields = vote as Partial<Record<keyof Vote, unknown>>;
  const circuit = canonical(CircuitState, fields.circuit_breaker_state);
  const mode = canonical(FallbackMode, fields.fallback_mode);
  return circuit && mode ? { circuit, mode } : undefined;
}
