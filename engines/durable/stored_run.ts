import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import {
  count,
  filledText,
  jsonObject,
  nullable,
  optional,
  required,
  time,
} from "../../enums/records/field.ts";
import type { Read } from "../../enums/records/field.ts";
import { copyJson } from "../../enums/records/json_value.ts";
import { RecordShape } from "../../enums/records/record_shape.ts";
import { StepResult, type StepResultDict } from "../workflow/step_result.ts";
import { CorruptRunError } from "./run_errors.ts";
import type { RunStoreEntry, RunStoreKey } from "./run_store.ts";

/** How a run ended; `running` when it has not. */
export type RunStatus = "running" | "completed" | "failed" | "cancelled";

/** What is stored of a run as a whole. */
export interface StoredRun {
  /** The run. */
  readonly runId: string;
  /** Whose it is. */
  readonly userId: string;
  /** The conversation. */
  readonly threadId: string;
  /** The name of its workflow. */
  readonly workflow: string;
  /** What tells its workflow from another of the same name; null when that was not told. */
  readonly fingerprint: string | null;
  /** What its agents work on. */
  readonly state: JsonValue;
  /** Its context in wire form, for `UserExecutionContext.fromDict`. */
  readonly context: JsonObject;
  /** How it ended. */
  readonly status: RunStatus;
  /** When it was started, UTC ISO: for people. */
  readonly createdAt: string;
  /** When it ended, UTC ISO; null when it has not. */
  readonly endedAt: string | null;
  /** Why it ended, when it was given up and not by its steps; else null. */
  readonly error: string | null;
}

/** Who works on a run. */
export interface RunOwner {
  /** Nobody else has it. */
  readonly token: string;
  /** How many have worked on it, this one included. */
  readonly term: number;
  /** How often it was claimed in a row from owners that had died and recorded nothing. */
  readonly claims: number;
  /** How many results there were when it was claimed last. */
  readonly recorded: number;
  /** Since when, UTC ISO: for people. */
  readonly takenAt: string;
  /** Which start of which process; null when that was not told. */
  readonly incarnation: string | null;
}

/** What one owner of a run leaves to the next. */
export type RunStanding = Pick<RunOwner, "term" | "claims" | "recorded">;

const STATUSES: readonly string[] = ["running", "completed", "failed", "cancelled"];

const json: Read<JsonValue> = (value, at) => copyJson(value, at.path, at.faults);

const status: Read<RunStatus> = (value, { path, faults }) => {
  if (typeof value === "string" && STATUSES.includes(value)) return value as RunStatus;
  faults.push({ path, message: `must be one of ${STATUSES.join(", ")}` });
  return undefined;
};

const RUN = new RecordShape("StoredRun", {
  runId: required(filledText),
  userId: required(filledText),
  threadId: required(filledText),
  workflow: required(filledText),
  fingerprint: nullable(filledText),
  state: nullable(json),
  context: required(jsonObject),
  status: required(status),
  createdAt: required(time),
  endedAt: nullable(time),
  error: nullable(filledText),
});

const OWNER = new RecordShape("RunOwner", {
  token: required(filledText),
  term: required(count),
  claims: optional(count, 0),
  recorded: optional(count, 0),
  takenAt: required(time),
  incarnation: nullable(filledText),
});

/** How many results of a run are read: more than a workflow has steps. */
export const RESULTS_MAX = 1_000;

/** As long as every nonce, for the size of what will be written. */
export const ANY_NONCE = "00000000-0000-0000-0000-000000000000";

/** Where the parts of runs stand. */
export const runKeys = {
  /** @returns Where the run as a whole stands. */
  run: (runId: string): RunStoreKey => ["run", runId],
  /** @returns Where it stands who works on it; nothing once it has ended. */
  owner: (...runId: [] | [string]): RunStoreKey => ["owner", ...runId],
  /** @returns Where a result stands. */
  result: (runId: string, ...step: [] | [string]): RunStoreKey => ["result", runId, ...step],
  /** @returns Where it stands how often a step was begun. */
  begun: (runId: string, ...step: [] | [string]): RunStoreKey => ["begun", runId, ...step],
  /** @returns Where it stands that a run has not ended. */
  open: (userId: string, ...runId: [] | [string]): RunStoreKey => ["open", userId, ...runId],
  /** @returns Where it stands that a run has ended. */
  ended: (endedAt: string, runId: string): RunStoreKey => ["ended", endedAt, runId],
} as const;

/** @returns The wire form of a run, with what makes this write of it known. */
export function writeRun(run: StoredRun, nonce: string): JsonObject {
  return {
    run_id: run.runId,
    user_id: run.userId,
    thread_id: run.threadId,
    workflow: run.workflow,
    fingerprint: run.fingerprint,
    state: run.state,
    context: run.context,
    status: run.status,
    created_at: run.createdAt,
    ended_at: run.endedAt,
    error: run.error,
    nonce,
  };
}

/** @returns The run that stands there. */
export function readRun({ key, value }: RunStoreEntry): StoredRun {
  return guard(key, () => RUN.fromDict(value));
}

/** @returns The wire form of who works on a run. Its token makes this write of it known. */
export function writeOwner({ token, takenAt, ...rest }: RunOwner): JsonObject {
  return { token, taken_at: takenAt, ...rest, nonce: token };
}

/** @returns Who works on a run. */
export function readOwner({ key, value }: RunStoreEntry): RunOwner {
  return guard(key, () => OWNER.fromDict(value));
}

/** @returns The wire form of a result, with what makes this write of it known. */
export function writeResult(
  result: StepResult,
  nonce: string,
): { readonly result: StepResultDict; readonly nonce: string } {
  return { result: result.toDict(), nonce };
}

/** @returns The result that stands there. */
export function readResult({ key, value }: RunStoreEntry): StepResult {
  return guard(key, () => StepResult.fromDict((value as { readonly result: unknown }).result));
}

/** @returns The wire form of how often a step was begun, with what makes this write of it known. */
export function writeBegun(times: number, nonce: string): JsonObject {
  return { times, nonce };
}

/** @returns How often a step was begun. */
export function readBegun({ key, value }: RunStoreEntry): number {
  return guard(key, () => {
    const { times } = value as { readonly times: unknown };
    if (typeof times === "number" && Number.isSafeInteger(times)) return times;
    throw new TypeError("expected a whole number of times");
  });
}

/** @returns Whether it was this write that made what stands there. */
export function isWrittenBy(entry: RunStoreEntry | null, nonce: string): boolean {
  const value = entry?.value;
  return typeof value === "object" && value !== null && Reflect.get(value, "nonce") === nonce;
}

function guard<T>(key: RunStoreKey, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CorruptRunError(key, error);
  }
}
