import { AgentExecutionStrategy } from "../../enums/agent_execution_strategy.ts";
import {
  filledText,
  flag,
  jsonObject,
  member,
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
import { reservedKeysOf } from "../context/context_data.ts";
import { excessBytes } from "../durable/run_store_change.ts";
import type { StepResult } from "./step_result.ts";

/** The results of a run so far, by the names of their steps. */
export type StepResults = ReadonlyMap<string, StepResult>;

/**
 * Says whether a step is to run, once all that it depends on has ended well. It answers at once, by
 * the results alone, and does nothing else. The results are a copy.
 */
export type StepCondition = (results: StepResults) => boolean;

/** What a step of a workflow is made of. */
export interface WorkflowStepOptions {
  /**
   * What it is called, once in its workflow: 1 to 200 characters that can be seen, 500 bytes in UTF-8
   * at most, no blanks at its ends.
   */
  readonly name: string;
  /** The agent that does it; what holds for the name holds for it. @default the step's name */
  readonly agent?: string;
  /** What kind of work it is, such as `insights`. @default the step's name */
  readonly stepType?: string;
  /** The steps that must have ended well before it begins, by name. @default none */
  readonly dependsOn?: readonly string[];
  /**
   * What the agent is told of the step, with wire keys: what JSON can carry in 60,000 bytes, without
   * the keys that a context writes itself. `may_change` lists the critical fields that are the step's
   * to write. @default none
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Says whether it is to run. @default it runs */
  readonly when?: StepCondition | null;
  /** How long the agent may take, in ms; null for what the engine allows. @default null */
  readonly timeoutMs?: number | null;
  /** Whether it runs at the end, whatever happened before, as a report does. @default false */
  readonly always?: boolean;
  /**
   * When it may begin, once its dependencies allow it:
   *
   * - `parallel`: at once, beside others.
   * - `sequential`: alone. It begins when nothing else runs, and nothing begins while it runs; as long
   *   as it is ready and waits, nothing that is listed behind it begins.
   * - `conditional`: when every step that is listed before it has ended. It depends on all of them, as
   *   if `dependsOn` named them; on those that run at the end only if it is one of these itself.
   *
   * @default "parallel"
   */
  readonly strategy?: AgentExecutionStrategy;
}

/** A step of a workflow, checked. It never changes. */
export interface WorkflowStep {
  /** What it is called. */
  readonly name: string;
  /** The agent that does it. */
  readonly agent: string;
  /** What kind of work it is. */
  readonly stepType: string;
  /** The steps that it waits for, by name; in a workflow with those that its strategy implies. */
  readonly dependsOn: readonly string[];
  /** What the agent is told of the step, with wire keys. */
  readonly metadata: JsonObject;
  /** Says whether it is to run; null when it always is. */
  readonly when: StepCondition | null;
  /** How long the agent may take, in ms; null for what the engine allows. */
  readonly timeoutMs: number | null;
  /** Whether it runs at the end, whatever happened before. */
  readonly always: boolean;
  /** When it may begin, once its dependencies allow it. */
  readonly strategy: AgentExecutionStrategy;
}

/** The longest time a timer can wait, in ms. */
const TIMEOUT_MS_MAX = 2_147_483_647;

const condition: Read<StepCondition> = (value, { path, faults }) => {
  if (typeof value === "function") return value as StepCondition;
  faults.push({ path, message: `must be a function, got ${showValue(value)}` });
  return undefined;
};

const NAME_MAX_CHARS = 200;
/** What leaves room for the id of a run in the key of a stored result. */
const NAME_MAX_BYTES = 500;

/** What cannot be seen or stored: control and format characters, halves of surrogate pairs. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

const utf8 = new TextEncoder();

/** Reads a name that every store of runs can hold. */
export const storableName: Read<string> = (value, at) => {
  const name = filledText(value, at);
  if (name === undefined) return undefined;
  const message = faultOfName(name);
  if (message === null) return name;
  at.faults.push({ path: at.path, message });
  return undefined;
};

function faultOfName(name: string): string | null {
  const bytes = utf8.encode(name).length;
  if (name.length > NAME_MAX_CHARS || bytes > NAME_MAX_BYTES) {
    return `must have at most ${NAME_MAX_CHARS} characters and ${NAME_MAX_BYTES} bytes, got ${name.length} and ${bytes}`;
  }
  if (UNSEEN.test(name) || name !== name.trim()) {
    return `must not have outer blanks or unseen characters, got ${showValue(name)}`;
  }
  return name === "__proto__" ? "is a name that is not safe to use" : null;
}

/** Reads what a context takes, and a store has room for. */
const stepMetadata: Read<JsonObject> = (value, at) => {
  const metadata = jsonObject(value, at);
  if (metadata === undefined) return undefined;
  const { path, faults } = at;
  const reserved = reservedKeysOf(metadata);
  if (reserved.length > 0) {
    faults.push({ path, message: `must not have keys of a context: ${reserved.join(", ")}` });
  }
  const excess = excessBytes(metadata);
  if (excess > 0) faults.push({ path, message: `is ${excess} bytes too large to be recorded` });
  return metadata;
};

const SHAPE = new RecordShape("WorkflowStep", {
  name: required(storableName),
  agent: nullable(storableName),
  stepType: nullable(filledText),
  dependsOn: optional(texts, Object.freeze([])),
  metadata: optional(stepMetadata, Object.freeze({})),
  when: nullable(condition),
  timeoutMs: nullable(numberWithin({ above: 0, max: TIMEOUT_MS_MAX })),
  always: optional(flag, false),
  strategy: optional(member(AgentExecutionStrategy), AgentExecutionStrategy.PARALLEL),
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
