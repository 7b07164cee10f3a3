import {
  filledText,
  flag,
  jsonObject,
  nullable,
  numberWithin,
  optional,
  type Read,
  required,
  texts,
} from "../../enums/records/field.ts";
import type { JsonObject } from "../../enums/records/json_value.ts";
import { RecordShape } from "../../enums/records/record_shape.ts";
import { showValue } from "../../enums/show_value.ts";
import type { StepResult } from "./step_result.ts";

/** The results of a run so far, by the names of their steps. */
export type StepResults = ReadonlyMap<string, StepResult>;

/**
 * Says whether a step is to run, once all that it depends on has ended well. It answers at once, by
 * the results alone, and does nothing else.
 */
export type StepCondition = (results: StepResults) => boolean;

/** What a step of a workflow is made of. */
export interface WorkflowStepOptions {
  /** What it is called; once in its workflow, not blank. */
  readonly name: string;
  /** The agent that does it. @default the step's name */
  readonly agent?: string;
  /** What kind of work it is, such as `insights`. @default the step's name */
  readonly stepType?: string;
  /** The steps that must have ended well before it begins, by name. @default none */
  readonly dependsOn?: readonly string[];
  /** What the agent is told of the step, with wire keys: what JSON can carry. @default none */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Says whether it is to run. @default it runs */
  readonly when?: StepCondition | null;
  /** How long the agent may take, in ms; null for what the engine allows. @default null */
  readonly timeoutMs?: number | null;
  /** Whether it runs at the end, whatever happened before, as a report does. @default false */
  readonly always?: boolean;
}

/** A step of a workflow, checked. It never changes. */
export interface WorkflowStep {
  /** What it is called. */
  readonly name: string;
  /** The agent that does it. */
  readonly agent: string;
  /** What kind of work it is. */
  readonly stepType: string;
  /** The steps that it waits for, by name. */
  readonly dependsOn: readonly string[];
  /** What the agent is told of the step, with wire keys. */
  readonly metadata: JsonObject;
  /** Says whether it is to run; null when it always is. */
  readonly when: StepCondition | null;
  /** How long the agent may take, in ms; null for what the engine allows. */
  readonly timeoutMs: number | null;
  /** Whether it runs at the end, whatever happened before. */
  readonly always: boolean;
}

/** The longest time a timer can wait, in ms. */
const TIMEOUT_MS_MAX = 2_147_483_647;

const condition: Read<StepCondition> = (value, { path, faults }) => {
  if (typeof value === "function") return value as StepCondition;
  faults.push({ path, message: `must be a function, got ${showValue(value)}` });
  return undefined;
};

const SHAPE = new RecordShape("WorkflowStep", {
  name: required(filledText),
  agent: nullable(filledText),
  stepType: nullable(filledText),
  dependsOn: optional(texts, Object.freeze([])),
  metadata: optional(jsonObject, Object.freeze({})),
  when: nullable(condition),
  timeoutMs: nullable(numberWithin({ above: 0, max: TIMEOUT_MS_MAX })),
  always: optional(flag, false),
}, [{
  field: "when",
  message: "must be absent where always is true",
  isBroken: ({ when, always }) => always === true && typeof when === "function",
}]);

/**
 * Reads one step, by itself.
 *
 * @param options What it is made of.
 * @returns The step, frozen.
 * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
 */
export function readWorkflowStep(options: unknown): WorkflowStep {
  const values = SHAPE.fromOptions(options);
  return Object.freeze({
    ...values,
    agent: values.agent ?? values.name,
    stepType: values.stepType ?? values.name,
  });
}
