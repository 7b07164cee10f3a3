import { CircuitState } from "../enums/circuit_state.ts";
import type { ConsensusReason } from "../enums/consensus_reason.ts";
import { FallbackMode } from "../enums/fallback_mode.ts";

/** The verdict of a vote that no value won by a strict majority. */
export const SPLIT_BRAIN = "SPLIT_BRAIN";

/** Outcome of the vote on circuit states: a state, or `SPLIT_BRAIN` when none has a majority. */
export type CircuitVerdict = CircuitState | typeof SPLIT_BRAIN;

/** Wire form of {@link ConsensusDecision}: keys in snake_case. */
export interface ConsensusDecisionDict {
  /** See {@link ConsensusDecision.circuitState}. */
  readonly circuit_state: CircuitVerdict;
  /** See {@link ConsensusDecision.fallbackMode}. */
  readonly fallback_mode: FallbackMode;
  /** See {@link ConsensusDecision.leaderInstance}. */
  readonly leader_instance: string | null;
  /** See {@link ConsensusDecision.quorumMet}. */
  readonly quorum_met: boolean;
  /** See {@link ConsensusDecision.votingInstances}. */
  readonly voting_instances: number;
  /** See {@link ConsensusDecision.registeredInstances}. */
  readonly registered_instances: number;
  /** See {@link ConsensusDecision.consensusStrength}. */
  readonly consensus_strength: number;
  /** See {@link ConsensusDecision.term}. */
  readonly term: number;
  /** See {@link ConsensusDecision.reason}. */
  readonly reason: ConsensusReason | null;
}

/** What {@link ConsensusDecision} is made of. */
export type ConsensusDecisionFields = Omit<ConsensusDecision, "toDict" | "toJSON">;

/** What the cluster agreed on, or why it did not. */
export class ConsensusDecision {
  /** The circuit state that a strict majority of the votes names. */
  readonly circuitState: CircuitVerdict;
  /** The mode that a strict majority names; on a split the mode that was agreed on before. */
  readonly fallbackMode: FallbackMode;
  /** The leader that decided; null when there is none. */
  readonly leaderInstance: string | null;
  /** Whether enough of the registered members voted. */
  readonly quorumMet: boolean;
  /** How many live members voted. */
  readonly votingInstances: number;
  /** How many members the quorum is counted against: registered, or expected if that is more. */
  readonly registeredInstances: number;
  /** Share of the votes that named the winning circuit state, 0 to 1; 0 on a split. */
  readonly consensusStrength: number;
  /** The term in which it was decided; 0 when there is no leader. */
  readonly term: number;
  /** Why it is not to be applied; null when it is. */
  readonly reason: ConsensusReason | null;

  /**
   * Makes a decision.
   *
   * @param fields The values.
   */
  constructor(fields: ConsensusDecisionFields) {
    this.circuitState = fields.circuitState;
    this.fallbackMode = fields.fallbackMode;
    this.leaderInstance = fields.leaderInstance;
    this.quorumMet = fields.quorumMet;
    this.votingInstances = fields.votingInstances;
    this.registeredInstances = fields.registeredInstances;
    this.consensusStrength = fields.consensusStrength;
    this.term = fields.term;
    this.reason = fields.reason;
    Object.freeze(this);
  }

  /**
   * The decision of a node that has nothing to go by.
   *
   * @param reason Why.
   * @returns A decision that nobody applies: circuit UNKNOWN, mode SAFE, quorum not met.
   */
  static undecided(reason: ConsensusReason): ConsensusDecision {
    return new ConsensusDecision({
      circuitState: CircuitState.UNKNOWN,
      fallbackMode: FallbackMode.SAFE,
      leaderInstance: null,
      quorumMet: false,
      votingInstances: 0,
      registeredInstances: 0,
      consensusStrength: 0,
      term: 0,
      reason,
    });
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): ConsensusDecisionDict {
    return {
      circuit_state: this.circuitState,
      fallback_mode: this.fallbackMode,
      leader_instance: this.leaderInstance,
      quorum_met: this.quorumMet,
      voting_instances: this.votingInstances,
      registered_instances: this.registeredInstances,
      consensus_strength: this.consensusStrength,
      term: this.term,
      reason: this.reason,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form, for `JSON.stringify`.
   */
  toJSON(): ConsensusDecisionDict {
    return this.toDict();
  }
}
