import type { ConsensusDecision } from "./consensus_decision.ts";
import type { CoordinatorCounters } from "./coordinator_counters.ts";
import type { FallbackModeKeeper } from "./self_report.ts";

/** Brings a node's fallback mode to what the cluster decided. */
export class DecisionApplier {
  readonly #keeper: FallbackModeKeeper | undefined;
  readonly #counters: CoordinatorCounters;
  #lastTerm = 0;

  /**
   * @param keeper Keeps the mode; undefined when the node has none to keep.
   * @param counters Counts changes and faults.
   */
  constructor(keeper: FallbackModeKeeper | undefined, counters: CoordinatorCounters) {
    this.#keeper = keeper;
    this.#counters = counters;
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
    const keeper = this.#keeper;
    if (!keeper) return true;
    try {
      if (keeper.mode.toUpperCase() === decision.fallbackMode) return true;
      const isApplied = await keeper.setMode(decision.fallbackMode);
      if (isApplied) this.#counters.count("decisionsApplied");
      else this.#counters.noteError(`the fallback manager refused ${decision.fallbackMode}`);
      return isApplied;
    } catch (error) {
      this.#counters.count("observerFaults", error);
      return false;
    }
  }
}
