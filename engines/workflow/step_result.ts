import { StepStatus } from "../../enums/step_status.ts";
import {
  filledText,
  jsonObject,
  member,
  nullable,
  numberWithin,
  optional,
  type Read,
  required,
  text,
  texts,
  time,
} from "../../enums/records/field.ts";
import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import { RecordShape } from "../../enums/records/record_shape.ts";
import { JudgedData, readPlain } from "../engine/plain_data.ts";

/** Wire form of {@link StepResult}: keys in snake_case, null for what is absent. */
export interface StepResultDict {
  /** See {@link StepResult.stepName}. */
  readonly step_name: string;
  /** See {@link StepResult.agentName}. */
  readonly agent_name: string;
  /** See {@link StepResult.status}. */
  readonly status: StepStatus;
  /** See {@link StepResult.success}. */
  readonly success: boolean;
  /** See {@link StepResult.result}. */
  readonly result: JsonValue;
  /** See {@link StepResult.error}. */
  readonly error: string | null;
  /** See {@link StepResult.metadata}. */
  readonly metadata: JsonObject;
  /** See {@link StepResult.startedAt}. */
  readonly started_at: string;
  /** See {@link StepResult.executionTimeMs}. */
  readonly execution_time_ms: number;
  /** See {@link StepResult.inputsUsed}. */
  readonly inputs_used: readonly string[];
}

/** What a {@link StepResult} is made of. The agent's name, the status and the start must be given. */
export interface StepResultOptions {
  /** See {@link StepResult.agentName}. */
  readonly agentName: string;
  /** See {@link StepResult.stepName}. @default the agent's name */
  readonly stepName?: string;
  /** See {@link StepResult.status}. */
  readonly status: StepStatus;
  /** See {@link StepResult.result}: any value that JSON can carry. @default null */
  readonly result?: unknown;
  /** See {@link StepResult.error}. */
  readonly error?: string | null;
  /** See {@link StepResult.metadata}. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** See {@link StepResult.startedAt}. */
  readonly startedAt: Date | string;
  /** See {@link StepResult.executionTimeMs}. */
  readonly executionTimeMs?: number;
  /** See {@link StepResult.inputsUsed}. */
  readonly inputsUsed?: readonly string[];
}

const json: Read<JsonValue> = (value, at) => readPlain(value, at.path, at.faults);

const SHAPE = new RecordShape("StepResult", {
  stepName: nullable(filledText),
  agentName: required(filledText),
  status: required(member(StepStatus)),
  result: nullable(json),
  error: nullable(text),
  metadata: optional(jsonObject, Object.freeze({})),
  startedAt: required(time),
  executionTimeMs: optional(numberWithin({ min: 0 }), 0),
  inputsUsed: optional(texts, Object.freeze([])),
}, [{
  field: "error",
  message: "must be absent when the status is completed",
  isBroken: ({ status, error }) =>
    status === StepStatus.COMPLETED && error !== null && error !== undefined,
}, {
  field: "error",
  message: "is missing: a step that did not complete says why",
  isBroken: ({ status, error }) =>
    status !== undefined && status !== StepStatus.COMPLETED && error === null,
}]);

/**
 * How a step of a workflow, or one call of an agent, ended. It never changes, and holds copies.
 *
 * @example A step that went well
 * ```ts
 * import { StepResult } from "@baton/orchestration/engines";
 *
 * const result = new StepResult({
 *   agentName: "triage",
 *   status: "completed",
 *   result: { data_sufficiency: "partial" },
 *   startedAt: "2026-01-01T10:00:00Z",
 *   executionTimeMs: 12,
 * });
 * if (!result.success || result.stepName !== "triage") throw new Error("unexpected");
 * ```
 */
export class StepResult {
  /** The step; not blank. It is also the id of this result within its run. */
  readonly stepName: string;
  /** The agent; not blank. */
  readonly agentName: string;
  /** How it ended. */
  readonly status: StepStatus;
  /** What the agent returned, frozen. @default null */
  readonly result: JsonValue;
  /** Why it did not complete; null when it did, and only then. */
  readonly error: string | null;
  /** What else is known of it, with wire keys, frozen. @default none */
  readonly metadata: JsonObject;
  /** When it began, UTC ISO: for people only. */
  readonly startedAt: string;
  /** How long it took, in ms. @default 0 */
  readonly executionTimeMs: number;
  /** The steps whose results it used, by name: its lineage. @default none */
  readonly inputsUsed: readonly string[];
  readonly #isGenuine = true;

  /**
   * Makes a result, copies what it is given and checks it.
   *
   * @param options The values; those that are left out take their defaults.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once:
   * a result that JSON cannot carry, an error beside `completed`, no error beside another status.
   */
  constructor(options: StepResultOptions) {
    const values = SHAPE.fromOptions(options);
    this.stepName = values.stepName ?? values.agentName;
    this.agentName = values.agentName;
    this.status = values.status;
    this.result = values.result;
    this.error = values.error;
    this.metadata = values.metadata;
    this.startedAt = values.startedAt;
    this.executionTimeMs = values.executionTimeMs;
    this.inputsUsed = values.inputsUsed;
    Object.freeze(this);
  }

  /**
   * Recognises a genuine result by what cannot be imitated.
   *
   * @param value Anything.
   * @returns Whether this class made it. Never throws, and asks the value nothing.
   */
  static is(value: unknown): value is StepResult {
    return typeof value === "object" && value !== null && #isGenuine in value;
  }

  /**
   * Reads the wire form. `success` is not read but worked out again.
   *
   * @param dict What was read. Unknown keys are ignored; absent ones take their defaults.
   * @returns The result.
   * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
   */
  static fromDict(dict: unknown): StepResult {
    return new StepResult(SHAPE.fromDict(dict) as StepResultOptions);
  }

  /** Whether it went well: true for `completed` alone. */
  get success(): boolean {
    return this.status === StepStatus.COMPLETED;
  }

  /**
   * Adds to what is known of it.
   *
   * @param more What to add, with wire keys; it replaces what stands under the same key.
   * @returns A result that has it; this one stays as it is.
   * @throws {InvalidRecordError} when JSON cannot carry it.
   */
  withMetadata(more: Readonly<Record<string, unknown>>): StepResult {
    const result = new JudgedData(this.result);
    return new StepResult({ ...this, result, metadata: { ...this.metadata, ...more } });
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): StepResultDict {
    return {
      step_name: this.stepName,
      agent_name: this.agentName,
      status: this.status,
      success: this.success,
      result: this.result,
      error: this.error,
      metadata: this.metadata,
      started_at: this.startedAt,
      execution_time_ms: this.executionTimeMs,
      inputs_used: this.inputsUsed,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): StepResultDict {
    return this.toDict();
  }
}
