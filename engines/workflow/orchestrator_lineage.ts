import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import type { CoordinatedStep } from "./coordination_checks.ts";
import type { CoordinationValidator } from "./coordination_validator.ts";
import type { StateSnapshot } from "./state_snapshot.ts";
import type { StepResult } from "./step_result.ts";
import type { WorkflowStep } from "./workflow_step.ts";

/** The fields of a step's metadata that say which critical fields are its own to write: texts. */
const MAY_CHANGE = "may_change";

/**
 * Follows what the steps of a run hand on: a state that begins with what the run was started with, and
 * gains the fields of each result. What stood before a step is copied before it begins.
 */
export class OrchestratorLineage {
  readonly #validator: CoordinationValidator;
  readonly #steps: CoordinatedStep[] = [];
  readonly #begun = new Map<string, { state: JsonObject; before: StateSnapshot }>();
  #state: JsonObject;

  /**
   * Begins with what the run was started with.
   *
   * @param validator Takes the snapshots.
   * @param state What the run was started with.
   */
  constructor(validator: CoordinationValidator, state: JsonValue) {
    this.#validator = validator;
    this.#state = fieldsOf(state);
  }

  /** The steps that ended, in that order. */
  get steps(): readonly CoordinatedStep[] {
    return this.#steps;
  }

  /**
   * Looks at the state before a step begins.
   *
   * @param step The step.
   */
  begin(step: WorkflowStep): void {
    const state = this.#state;
    this.#begun.set(step.name, { state, before: this.#validator.takeSnapshot(state) });
  }

  /**
   * Notes how a step ended. One that did not begin saw the state as it is now.
   *
   * @param step The step.
   * @param result How it ended.
   * @param contextFingerprint The context that it ran in.
   */
  end(step: WorkflowStep, result: StepResult, contextFingerprint: string): void {
    if (!this.#begun.has(step.name)) this.begin(step);
    const { state, before } = this.#begun.get(step.name)!;
    const fields = result.success ? fieldsOf(result.result) : {};
    const after = this.#after(state, fields, before);
    this.#begun.delete(step.name);
    this.#state = { ...this.#state, ...fields };
    const mayChange = textsOf(step.metadata[MAY_CHANGE]);
    this.#steps.push({ result, contextFingerprint, before, after, mayChange });
  }

  #after(state: JsonObject, fields: JsonObject, before: StateSnapshot): StateSnapshot {
    if (Object.keys(fields).length === 0) return before;
    return this.#validator.takeSnapshot({ ...state, ...fields });
  }
}

function fieldsOf(value: JsonValue): JsonObject {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value as JsonObject : {};
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
