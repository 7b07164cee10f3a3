import type { BusinessImpact } from "../../enums/business_impact.ts";
import type { CorruptionDetail } from "./handoff.ts";
import type { StepResult } from "./step_result.ts";

/** What was found out about the coordination of a run, with wire keys. */
export interface CoordinationDetails {
  /** The run's id. */
  readonly workflow_id: string;
  /** The agents that ran, in the order in which they ended. */
  readonly executed_agents: readonly string[];
  /** What is wrong with the order. */
  readonly order_violations: readonly string[];
  /** What is wrong with the use of results. */
  readonly lineage_violations: readonly string[];
  /** What is wrong with the contexts. */
  readonly isolation_violations: readonly string[];
  /** SHA-256, in hex, of the hashes of all snapshots with their steps, and of the id. */
  readonly integrity_hash: string;
  /** What steps did to critical fields. */
  readonly corruption_details: readonly CorruptionDetail[];
  /** How much that matters. */
  readonly business_impact: BusinessImpact;
  /** When it was found out, UTC ISO. */
  readonly validation_timestamp: string;
}

/** Wire form of {@link CoordinationResult}: keys in snake_case. */
export interface CoordinationResultDict {
  /** See {@link CoordinationResult.coordinationValid}. */
  readonly coordination_valid: boolean;
  /** See {@link CoordinationResult.executionOrderCorrect}. */
  readonly execution_order_correct: boolean;
  /** See {@link CoordinationResult.dataHandoffsValid}. */
  readonly data_handoffs_valid: boolean;
  /** See {@link CoordinationResult.toolResultsPropagated}. */
  readonly tool_results_propagated: boolean;
  /** See {@link CoordinationResult.isolationMaintained}. */
  readonly isolation_maintained: boolean;
  /** See {@link CoordinationResult.details}. */
  readonly validation_details: CoordinationDetails;
}

/** How well the steps of a run worked together. It never changes. */
export class CoordinationResult {
  /** Whether each step ran once, after what it depends on. */
  readonly executionOrderCorrect: boolean;
  /** Whether no step changed or lost a critical field that is not its own. */
  readonly dataHandoffsValid: boolean;
  /** Whether each step used the results of its dependencies, and none that did not exist. */
  readonly toolResultsPropagated: boolean;
  /** Whether every step ran in the context of the run. */
  readonly isolationMaintained: boolean;
  /** What was found out. */
  readonly details: CoordinationDetails;

  /**
   * Makes a result.
   *
   * @param details What was found out.
   * @param dataHandoffsValid Whether the critical fields are as they should be.
   */
  constructor(details: CoordinationDetails, dataHandoffsValid: boolean) {
    this.executionOrderCorrect = details.order_violations.length === 0;
    this.dataHandoffsValid = dataHandoffsValid;
    this.toolResultsPropagated = details.lineage_violations.length === 0;
    this.isolationMaintained = details.isolation_violations.length === 0;
    this.details = Object.freeze(details);
    Object.freeze(this);
  }

  /** Whether everything is as it should be: all four of the others. */
  get coordinationValid(): boolean {
    return this.executionOrderCorrect && this.dataHandoffsValid && this.toolResultsPropagated &&
      this.isolationMaintained;
  }

  /**
   * Writes a failure onto the results of the run, as `coordination_validation` of their metadata.
   *
   * @param results The results.
   * @returns The same results when everything is as it should be; else ones that say what is not.
   */
  mark(results: readonly StepResult[]): StepResult[] {
    if (this.coordinationValid) return [...results];
    const coordination_validation = { status: "FAILED", details: this.details };
    return results.map((result) => result.withMetadata({ coordination_validation }));
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): CoordinationResultDict {
    return {
      coordination_valid: this.coordinationValid,
      execution_order_correct: this.executionOrderCorrect,
      data_handoffs_valid: this.dataHandoffsValid,
      tool_results_propagated: this.toolResultsPropagated,
      isolation_maintained: this.isolationMaintained,
      validation_details: this.details,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): CoordinationResultDict {
    return this.toDict();
  }
}
