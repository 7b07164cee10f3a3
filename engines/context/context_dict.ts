import type { JsonObject } from "../../enums/records/json_value.ts";
import { readUtcTime } from "../../enums/records/utc_time.ts";
import { showValue } from "../../enums/show_value.ts";
import { LINEAGE_KEYS, readContextData, readWrittenData, TRAIL_KEYS } from "./context_data.ts";
import { InvalidContextError } from "./context_errors.ts";
import {
  type ContextFields,
  type ContextParts,
  MAX_OPERATION_DEPTH,
  readClock,
  readIds,
  readOptions,
  readRequestId,
  readSocketId,
  readValues,
  withTrail,
} from "./context_fields.ts";
import { checkIdForm, checkOperationName } from "./context_id.ts";

/** Wire form of a user context. */
export interface UserExecutionContextDict {
  /** Whose work it is. */
  readonly user_id: string;
  /** The conversation. */
  readonly thread_id: string;
  /** The run. */
  readonly run_id: string;
  /** The request. */
  readonly request_id: string;
  /** When the context was made, UTC ISO. */
  readonly created_at: string;
  /** How deep the operation is nested, 0 to 10. */
  readonly operation_depth: number;
  /** The request that it was made for; null when it has no parent. */
  readonly parent_request_id: string | null;
  /** Whether a dependency called `db_session` is set. */
  readonly has_db_session: boolean;
  /** The user's socket; null when there is none. */
  readonly websocket_client_id: string | null;
  /** What agents work with. */
  readonly agent_context: JsonObject;
  /** What is kept for the record. */
  readonly audit_metadata: JsonObject;
  /** The same as `websocket_client_id`, for readers of older forms. */
  readonly websocket_connection_id: string | null;
  /** Both kinds of data together; where they share a key, `audit_metadata` has it. */
  readonly metadata: JsonObject;
  /** Which implementation wrote it: `baton`. */
  readonly implementation: string;
  /** Whether an older form stands behind it: never. */
  readonly compatibility_layer_active: boolean;
}

/**
 * Writes a context.
 *
 * @param fields Its fields.
 * @param hasDbSession Whether a dependency called `db_session` is set.
 * @returns The wire form.
 */
export function dictOf(fields: ContextFields, hasDbSession: boolean): UserExecutionContextDict {
  return {
    user_id: fields.userId,
    thread_id: fields.threadId,
    run_id: fields.runId,
    request_id: fields.requestId,
    created_at: fields.createdAt,
    operation_depth: fields.operationDepth,
    parent_request_id: fields.parentRequestId,
    has_db_session: hasDbSession,
    websocket_client_id: fields.websocketClientId,
    agent_context: fields.agentContext,
    audit_metadata: fields.auditMetadata,
    websocket_connection_id: fields.websocketClientId,
    metadata: Object.freeze({ ...fields.agentContext, ...fields.auditMetadata }),
    implementation: "baton",
    compatibility_layer_active: false,
  };
}

const KEYS = [
  "user_id",
  "thread_id",
  "run_id",
  "request_id",
  "created_at",
  "operation_depth",
  "parent_request_id",
  "websocket_client_id",
  "agent_context",
  "audit_metadata",
] as const;

/**
 * Reads a wire form. Keys that follow from others are not looked at.
 *
 * @param dict The wire form.
 * @param options How contexts are read back.
 * @returns The parts of a context.
 * @throws {InvalidContextError} when something is wrong.
 * @throws {ContextIsolationError} when something in the data belongs to another user.
 */
export function partsFromDict(dict: unknown, options: unknown): ContextParts {
  const given = readValues("dict", dict, KEYS);
  const { clock, idRules } = readOptions("options", options, ["clock", "idRules"]);
  const ids = readIds([given.user_id, given.thread_id, given.run_id], idRules);
  const createdAt = readTime(given.created_at);
  const depth = readDepth(given.operation_depth ?? 0);
  const fields = {
    ...ids,
    requestId: readRequestId("request_id", given.request_id),
    websocketClientId: readSocketId(given.websocket_client_id),
    createdAt,
    operationDepth: depth,
    parentRequestId: readParent(given.parent_request_id ?? null, depth),
    agentContext: readAgentContext(given.agent_context ?? {}, ids.userId, depth),
    auditMetadata: readAudit(given.audit_metadata ?? {}, ids.userId, createdAt, depth),
  };
  return { fields, clock: readClock(clock) };
}

function readTime(value: unknown): string {
  const time = typeof value === "string" ? readUtcTime(value) : undefined;
  if (time !== undefined) return time;
  const message = `Field 'created_at' must be a time in ISO 8601, got ${showValue(value)}`;
  throw new InvalidContextError("created_at", message);
}

function readDepth(value: unknown): number {
  const fits = typeof value === "number" && Number.isInteger(value) &&
    value >= 0 && value <= MAX_OPERATION_DEPTH;
  if (fits) return value + 0;
  throw new InvalidContextError(
    "operation_depth",
    `Field 'operation_depth' must be a whole number of 0 to ${MAX_OPERATION_DEPTH}, got ${
      showValue(value)
    }`,
  );
}

function readParent(value: unknown, depth: number): string | null {
  if (depth > 0) return readRequestId("parent_request_id", value);
  if (value === null) return null;
  const message = "Field 'parent_request_id' must be null where 'operation_depth' is 0";
  throw new InvalidContextError("parent_request_id", message);
}

function readAgentContext(value: unknown, userId: string, depth: number): JsonObject {
  if (depth === 0) return readContextData("agent_context", value, userId);
  const { data, written } = readWrittenData("agent_context", value, userId, LINEAGE_KEYS);
  return Object.freeze({
    ...data,
    parent_operation: checkIdForm("parent_operation", written["parent_operation"]),
    operation_name: checkOperationName(written["operation_name"]),
    operation_depth: depth,
  });
}

function readAudit(value: unknown, userId: string, createdAt: string, depth: number): JsonObject {
  const { data } = readWrittenData("audit_metadata", value, userId, TRAIL_KEYS);
  return withTrail(data, createdAt, depth);
}
