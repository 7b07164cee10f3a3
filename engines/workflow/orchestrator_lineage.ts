import { mapOf, texts } from "../../enums/records/field.ts";
import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import type { CoordinatedStep } from "./coordination_checks.ts";
import type { CoordinationValidator } from "./coordination_validator.ts";
import type { StateSnapshot } from "./state_snapshot.ts";
import type { StepResult } from "./step_result.ts";
import type { WorkflowStep } from "./workflow_step.ts";

/** Critical fields that steps may write, by step. */
export type MayChange = Readonly<Record<string, readonly string[]>>;

/** What in a step's metadata says which critical fields are its own to write: texts. */
const MAY_CHANGE = "may_change";

/**
 * Reads which critical fields steps may write.
 *
 * @param given Lists of texts by step; undefined for none, and it may be anything.
 * @returns A copy.
 * @throws {InvalidRecordError} when it is something else.
 */
export function readMayChange(given: unknown): MayChange {
  const faults: RecordFault[] = [];
  const read = mapOf(texts)(given ?? {}, { path: "mayChange", isWire: false, faults });
  if (read === undefined) throw new InvalidRecordError("WorkflowOrchestrator", faults);
  return read;
}

/**
 * Follows what the steps of a run hand on: a state that begins with what the run was started with, and
 * gains the fields of each result. What stood before a step is copied before it begins.
 */
export class OrchestratorLineage {
  readonly #validator: CoordinationValidator;
  readonly #mayChange: MayChange;
  readonly #steps: CoordinatedStep[] = [];
  readonly #begun = new Map<string, { state: JsonObject; before: StateSnapshot }>();
  #state: JsonObject;
  /** What was last looked at: steps that hand on no fields leave it as it is. */
  #seen: { readonly state: JsonObject; readonly snapshot: StateSnapshot } | null = null;

  /**
   * Begins with what the run was started with.
   *
   * @param validator Takes the snapshots.
   * @param state What the run was started with.
   * @param mayChange What steps may write besides what their metadata say.
   */
  constructor(validator: CoordinationValidator, state: JsonValue, mayChange: MayChange = {}) {
    this.#validator = validator;
    this.#mayChange = mayChange;
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
    this.#begun.set(step.name, { state, before: this.#snapshotOf(state) });
  }

  /**
   * Notes how a step ended. One that did not begin saw the state as it is now.
   *
   * @param step The step.
   * @param result How it ended.
   * @param runFingerprint The context of the run, which counts where no agent was given one.
   */
  end(step: WorkflowStep, result: StepResult, runFingerprint: string): void {
    if (!this.#begun.has(step.name)) this.begin(step);
    const { state, before } = this.#begun.get(step.name)!;
    const fields = result.success ? fieldsOf(result.result) : {};
    const isChanged = Object.keys(fields).length > 0;
    const now = isChanged ? { ...this.#state, ...fields } : this.#state;
    // Others may have ended meanwhile; what they handed on is not this step's doing.
    const own = state === this.#state ? now : { ...state, ...fields };
    const after = isChanged ? this.#snapshotOf(own) : before;
    this.#begun.delete(step.name);
    this.#state = now;
    const more = Object.hasOwn(this.#mayChange, step.name) ? this.#mayChange[step.name]! : [];
    const mayChange = [...textsOf(step.metadata[MAY_CHANGE]), ...more];
    const contextFingerprint = fingerprintOf(result) ?? (result.success ? "" : runFingerprint);
    this.#steps.push({ result, contextFingerprint, before, after, mayChange });
  }

  #snapshotOf(state: JsonObject): StateSnapshot {
    if (this.#seen?.state !== state) {
      this.#seen = { state, snapshot: this.#validator.takeSnapshot(state) };
    }
    return this.#seen.snapshot;
  }
}

/** @returns The context that the agent was given, as its engine wrote it down; null without one. */
function fingerprintOf({ metadata }: StepResult): string | null {
  const fingerprint = metadata["context_fingerprint"];
  return typeof fingerprint === "string" ? fingerprint : null;
}

function fieldsOf(value: JsonValue): JsonObject {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? value as JsonObject : {};
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
