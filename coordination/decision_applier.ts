import type { Clock } from "../clock.ts";
import type { ConsensusDecision } from "./consensus_decision.ts";
import type { CoordinatorCounters } from "./coordinator_counters.ts";
import { withDeadline } from "./deadline.ts";
import type { FallbackModeKeeper } from "./self_report.ts";

/** Options of {@link DecisionApplier}. */
export interface DecisionApplierOptions {
  /** Keeps the mode; undefined when the node has none to keep. */
  readonly keeper: FallbackModeKeeper | undefined;
  /** How long the keeper may take to change it, in ms. */
  readonly timeoutMs: number;
  /** Times the keeper. */
  readonly clock: Clock;
  /** Counts changes and faults. */
  readonly counters: CoordinatorCounters;
}

/** Brings a node's fallback mode to what the cluster decided. */
export class DecisionApplier {
  readonly #options: DecisionApplierOptions;
  #lastTerm = 0;
  #lastApplied: string | undefined;
  #ownMode: string | undefined;

  /** @param options Whose mode it is. */
  constructor(options: DecisionApplierOptions) {
    this.#options = options;
  }

  /**
   * The mode that the node chose for itself: as the keeper tells, or else the keeper's mode, unless
   * that is what was applied last. A node that voted with the mode it was brought to could never vote
   * its way back.
   *
   * @returns The mode; undefined without a keeper.
   */
  ownMode(): string | undefined {
    const { keeper } = this.#options;
    if (keeper?.ownMode !== undefined) return keeper.ownMode;
    const mode = keeper?.mode;
    if (mode?.toUpperCase() !== this.#lastApplied) this.#ownMode = mode;
    return this.#ownMode ?? mode;
  }

  /**
   * @param decision What was decided.
   * @returns Whether the node is in the decided mode afterwards. A decision with a reason, or of an
   * earlier term than one applied before, is not applied.
   */
  async apply(decision: ConsensusDecision): Promise<boolean> {
    if (!decision.quorumMet || decision.reason !== null) return false;
    if (decision.term < this.#lastTerm) return false;
    this.#lastTerm = decision.term;
    const { keeper, counters, clock, timeoutMs } = this.#options;
    if (!keeper) return true;
    const appliedBefore = this.#lastApplied;
    try {
      this.ownMode();
      this.#lastApplied = decision.fallbackMode;
      if (keeper.mode.toUpperCase() === decision.fallbackMode) return true;
      const asked = keeper.setMode(decision.fallbackMode);
      const isApplied = await withDeadline(asked, timeoutMs, clock);
      if (isApplied) {
        counters.count("decisionsApplied");
        return true;
      }
      this.#lastApplied = appliedBefore;
      counters.noteError(`the fallback manager refused ${decision.fallbackMode}`);
      return false;
    } catch (error) {
      counters.count("observerFaults", error);
      return false;
    }
  }
}
