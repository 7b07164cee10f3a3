import { type Clock, systemClock } from "../../clock.ts";
import { checkOptionNames } from "../option_names.ts";
import { BusinessImpact } from "../../enums/business_impact.ts";
import { sha256 } from "../context/sha256.ts";
import { canonicalJson } from "./canonical_json.ts";
import {
  type CoordinationCheck,
  executedSteps,
  isolationViolations,
  lineageViolations,
  orderViolations,
} from "./coordination_checks.ts";
import { type CoordinationDetails, CoordinationResult } from "./coordination_result.ts";
import { compareHandoff, impactOf, isCorruption } from "./handoff.ts";
import {
  CRITICAL_FIELDS,
  type CriticalFields,
  type StateSnapshot,
  takeSnapshot,
} from "./state_snapshot.ts";

/** How many violations a summary shows. */
const RECENT_MAX = 5;

/** How a validator works. */
export interface CoordinationValidatorOptions {
  /** Which fields of a run's state are critical. @default CRITICAL_FIELDS */
  readonly criticalFields?: CriticalFields;
  /** How many violations are kept, at least 1; the oldest go first. @default 100 */
  readonly historyMaxEntries?: number;
  /** Where the times of validations come from. @default systemClock */
  readonly clock?: Clock;
}

const OPTION_NAMES: Readonly<Record<keyof CoordinationValidatorOptions, true>> = {
  criticalFields: true,
  historyMaxEntries: true,
  clock: true,
};

/** What a validator has seen, with wire keys. */
export interface CoordinationSummary {
  /** How many runs it judged. */
  readonly total_validations: number;
  /** How many of them were not as they should be. */
  readonly integrity_violations: number;
  /** The share of the others, 0 to 1; 0 when there were none at all. */
  readonly validation_success_rate: number;
  /** What was found out about the last five that were not, the latest last. */
  readonly recent_violations: readonly CoordinationDetails[];
  /** How many runs changed a field about money. */
  readonly critical_business_impact_violations: number;
}

/**
 * Judges how well the steps of runs worked together: their order, the use of each other's results,
 * the critical fields that they hand on, and the context they ran in. It believes the lineage that
 * results state, and guesses nothing from their words.
 *
 * Not guaranteed: that what a result states of its inputs is true. What it finds out may quote data of
 * the user, so that each user needs a validator of their own.
 *
 * @example A step that lost the customer
 * ```ts
 * import { CoordinationValidator, defineWorkflow, StepResult } from "@baton/orchestration/engines";
 *
 * const validator = new CoordinationValidator();
 * const state: Record<string, unknown> = { customer_id: "c-1" };
 * const before = validator.takeSnapshot(state);
 * delete state["customer_id"];
 * const judged = validator.validate({
 *   workflowId: "run-1",
 *   definition: defineWorkflow({ name: "costs", steps: [{ name: "data" }] }),
 *   contextFingerprint: "ann:run-1",
 *   steps: [{
 *     result: new StepResult({
 *       agentName: "data",
 *       status: "completed",
 *       startedAt: "2026-01-01T10:00:00Z",
 *     }),
 *     contextFingerprint: "ann:run-1",
 *     before,
 *     after: validator.takeSnapshot(state),
 *   }],
 * });
 * if (judged.dataHandoffsValid || !judged.executionOrderCorrect) throw new Error("unexpected");
 * if (judged.details.business_impact !== "MEDIUM") throw new Error("unexpected");
 * ```
 */
export class CoordinationValidator {
  readonly #critical: CriticalFields;
  readonly #historyMax: number;
  readonly #clock: Clock;
  readonly #violations: CoordinationDetails[] = [];
  #total = 0;
  #failed = 0;
  #criticalRuns = 0;

  /**
   * Makes a validator.
   *
   * @param options How it works.
   * @throws {RangeError} when the history would keep less than one violation.
   */
  constructor(options: CoordinationValidatorOptions = {}) {
    checkOptionNames("CoordinationValidator", options, OPTION_NAMES);
    const { criticalFields = CRITICAL_FIELDS, historyMaxEntries = 100, clock = systemClock } =
      options;
    if (!Number.isSafeInteger(historyMaxEntries) || historyMaxEntries < 1) {
      throw new RangeError(
        `Cannot make a CoordinationValidator: historyMaxEntries must be a whole number of at least 1, got ${historyMaxEntries}`,
      );
    }
    this.#critical = {
      revenue: [...criticalFields.revenue],
      data: [...criticalFields.data],
    };
    this.#historyMax = historyMaxEntries;
    this.#clock = clock;
  }

  /**
   * Copies the critical fields of a state: take one before a step begins and one when it has ended.
   *
   * @param state The state; it is not kept.
   * @returns The snapshot.
   * @throws {InvalidRecordError} when it is no object, or JSON cannot carry one of the fields.
   */
  takeSnapshot(state: unknown): StateSnapshot {
    return takeSnapshot(state, this.#critical);
  }

  /**
   * Judges a run that has ended.
   *
   * @param check The run.
   * @returns What was found out. It is counted, and kept when something is wrong.
   */
  validate(check: CoordinationCheck): CoordinationResult {
    const details = this.#examine(check);
    const dataHandoffsValid = !details.corruption_details.some(isCorruption);
    const result = new CoordinationResult(details, dataHandoffsValid);
    this.#count(result);
    return result;
  }

  /**
   * Counts what it has seen.
   *
   * @returns The figures since it was made, and what was found out last.
   */
  getSummary(): CoordinationSummary {
    const passed = this.#total - this.#failed;
    return {
      total_validations: this.#total,
      integrity_violations: this.#failed,
      validation_success_rate: this.#total === 0 ? 0 : passed / this.#total,
      recent_violations: this.#violations.slice(-RECENT_MAX),
      critical_business_impact_violations: this.#criticalRuns,
    };
  }

  /** What was found out about runs that were not as they should be, the latest last; bounded. */
  get history(): readonly CoordinationDetails[] {
    return [...this.#violations];
  }

  #examine(check: CoordinationCheck): CoordinationDetails {
    const executed = executedSteps(check);
    const corruption = executed.flatMap((step) =>
      compareHandoff({ ...step, agentName: step.result.agentName }) ?? []
    );
    const states = executed.map(({ result, before, after }) => [
      result.stepName,
      before.hash,
      after.hash,
    ]);
    return {
      workflow_id: check.workflowId,
      executed_agents: executed.map(({ result }) => result.agentName),
      order_violations: orderViolations(check),
      lineage_violations: lineageViolations(check),
      isolation_violations: isolationViolations(check),
      integrity_hash: sha256(canonicalJson([check.workflowId, ...states])),
      corruption_details: corruption,
      business_impact: impactOf(corruption, this.#critical),
      validation_timestamp: new Date(this.#clock.now()).toISOString(),
    };
  }

  #count({ coordinationValid, details }: CoordinationResult): void {
    this.#total += 1;
    if (coordinationValid) return;
    this.#failed += 1;
    if (details.business_impact === BusinessImpact.CRITICAL) this.#criticalRuns += 1;
    this.#violations.push(details);
    if (this.#violations.length > this.#historyMax) this.#violations.shift();
  }
}
