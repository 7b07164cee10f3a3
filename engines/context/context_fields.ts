import { type Clock, systemClock } from "../../clock.ts";
import { isObject } from "../../enums/records/field.ts";
import type { RecordFault } from "../../enums/records/invalid_record_error.ts";
import type { JsonObject } from "../../enums/records/json_value.ts";
import { readUtcTime } from "../../enums/records/utc_time.ts";
import { showUnreadable, showValue } from "../../enums/show_value.ts";
import { unknownOptions } from "../option_names.ts";
import { addContextData, readContextData } from "./context_data.ts";
import { InvalidContextError } from "./context_errors.ts";
import { checkId, checkIdForm, checkOperationName, readIdRules } from "./context_id.ts";

/** How deep operations may be nested: a context of this depth has no children. */
export const MAX_OPERATION_DEPTH = 10;

const CONTEXT_VERSION = "1.0";

/** The values of a context's fields, checked. */
export interface ContextFields {
  /** Whose work it is. */
  readonly userId: string;
  /** The conversation. */
  readonly threadId: string;
  /** The run. */
  readonly runId: string;
  /** The request. */
  readonly requestId: string;
  /** The user's socket; null when there is none. */
  readonly websocketClientId: string | null;
  /** When the context was made, UTC ISO. */
  readonly createdAt: string;
  /** How deep the operation is nested. */
  readonly operationDepth: number;
  /** The request that it was made for; null when it has no parent. */
  readonly parentRequestId: string | null;
  /** What agents work with, frozen. */
  readonly agentContext: JsonObject;
  /** What is kept for the record, frozen. */
  readonly auditMetadata: JsonObject;
}

/** What a context is made of. */
export interface ContextParts {
  /** Its fields. */
  readonly fields: ContextFields;
  /** Tells it the time. */
  readonly clock: Clock;
}

const OPTIONS = [
  "userId",
  "threadId",
  "runId",
  "requestId",
  "websocketClientId",
  "agentContext",
  "auditMetadata",
  "clock",
  "idRules",
] as const;

/**
 * Reads what a constructor was given.
 *
 * @param options The options.
 * @returns The parts of a context that has no parent.
 * @throws {InvalidContextError} when something is wrong.
 * @throws {ContextIsolationError} when something in the data belongs to another user.
 */
export function partsFromOptions(options: unknown): ContextParts {
  const given = readOptions("options", options, OPTIONS);
  const ids = readIds([given.userId, given.threadId, given.runId], given.idRules);
  const clock = readClock(given.clock);
  const createdAt = timeOf(clock);
  const audit = readContextData("audit_metadata", given.auditMetadata ?? {}, ids.userId);
  const fields = {
    ...ids,
    requestId: readRequestId("request_id", given.requestId ?? crypto.randomUUID()),
    websocketClientId: readSocketId(given.websocketClientId),
    createdAt,
    operationDepth: 0,
    parentRequestId: null,
    agentContext: readContextData("agent_context", given.agentContext ?? {}, ids.userId),
    auditMetadata: withTrail(audit, createdAt, 0),
  };
  return { fields, clock };
}

/**
 * Makes the parts of a child: what the parent's data holds, which is frozen and so is not copied, with
 * what is added to it.
 *
 * @param parent The parent's parts.
 * @param operation What the child is for.
 * @param additions More data.
 * @returns The child's parts.
 * @throws {InvalidContextError} when something is wrong, or the parent is too deep.
 * @throws {ContextIsolationError} when something in the data belongs to another user.
 */
export function partsOfChild(
  { fields, clock }: ContextParts,
  operation: unknown,
  additions: unknown,
): ContextParts {
  const operationDepth = fields.operationDepth + 1;
  if (operationDepth > MAX_OPERATION_DEPTH) {
    const message = `Maximum operation depth (${MAX_OPERATION_DEPTH}) exceeded`;
    throw new InvalidContextError("operation_depth", message);
  }
  const name = checkOperationName(operation);
  const added = readOptions("additions", additions, ["agentContext", "auditMetadata"]);
  const createdAt = timeOf(clock);
  const { userId, agentContext, auditMetadata } = fields;
  const child = {
    ...fields,
    requestId: crypto.randomUUID(),
    createdAt,
    operationDepth,
    parentRequestId: fields.requestId,
    agentContext: Object.freeze({
      ...withMore("agent_context", agentContext, added.agentContext, userId),
      parent_operation: agentContext["operation_name"] ?? "root",
      operation_name: name,
      operation_depth: operationDepth,
    }),
    auditMetadata: withTrail(
      withMore("audit_metadata", auditMetadata, added.auditMetadata, userId),
      createdAt,
      operationDepth,
    ),
  };
  return { fields: child, clock };
}

function withMore(field: string, data: JsonObject, more: unknown, userId: string): JsonObject {
  return more === undefined || more === null ? data : addContextData(field, data, more, userId);
}

/**
 * Adds to metadata what a context writes of itself.
 *
 * @param audit The metadata.
 * @param createdAt When the context was made.
 * @param depth How deep its operation is nested.
 * @returns All of it, frozen.
 */
export function withTrail(audit: JsonObject, createdAt: string, depth: number): JsonObject {
  return Object.freeze({
    ...audit,
    context_created_at: createdAt,
    context_version: CONTEXT_VERSION,
    isolation_verified: true, // whatever was not, threw
    operation_depth: depth,
  });
}

/**
 * Takes options out of an object, as {@link readValues} does, and refuses others: a misspelled one
 * would be ignored without a word.
 *
 * @param field What the object is called.
 * @param source The object.
 * @param keys Which options there are.
 * @returns The options by their keys.
 * @throws {InvalidContextError} when it is no object, cannot be read, or holds others.
 */
export function readOptions<K extends string>(
  field: string,
  source: unknown,
  keys: readonly K[],
): Readonly<Record<K, unknown>> {
  const values = readValues(field, source, keys);
  for (const { path, message } of listUnknown(field, source as object, keys)) {
    throw new InvalidContextError(field, `${field}.${path} ${message}`);
  }
  return values;
}

function listUnknown(field: string, source: object, keys: readonly string[]): RecordFault[] {
  try {
    return unknownOptions(source, keys);
  } catch (error) {
    throw new InvalidContextError(field, `${field} ${showUnreadable(error)}`);
  }
}

/**
 * Takes values out of an object, each once, so that a getter cannot answer the checks one thing and
 * the context another.
 *
 * @param field What the object is called.
 * @param source The object.
 * @param keys Which values.
 * @returns The values by their keys.
 * @throws {InvalidContextError} when it is no object, or cannot be read.
 */
export function readValues<K extends string>(
  field: string,
  source: unknown,
  keys: readonly K[],
): Readonly<Record<K, unknown>> {
  if (!isObject(source)) {
    throw new InvalidContextError(field, `${field} must be an object, got ${showValue(source)}`);
  }
  const values = {} as Record<K, unknown>;
  for (const key of keys) {
    try {
      values[key] = Reflect.get(source, key);
    } catch (error) {
      throw new InvalidContextError(field, `${field}.${key} ${showUnreadable(error)}`);
    }
  }
  return values;
}

/**
 * Reads the ids of user, thread and run, in this order.
 *
 * @param ids The ids.
 * @param rules Which placeholders are accepted.
 * @returns The ids, checked.
 */
export function readIds(
  ids: readonly [userId: unknown, threadId: unknown, runId: unknown],
  rules: unknown,
): Pick<ContextFields, "userId" | "threadId" | "runId"> {
  const [userId, threadId, runId] = ids;
  const idRules = readIdRules(rules);
  return {
    userId: checkId("user_id", userId, idRules),
    threadId: checkId("thread_id", threadId, idRules),
    runId: checkId("run_id", runId, idRules),
  };
}

/**
 * Reads the id of a request. It has no colon, because it stands behind one in scoped keys.
 *
 * @param field Its name on the wire.
 * @param value The id.
 * @returns The id.
 */
export function readRequestId(field: string, value: unknown): string {
  const id = checkIdForm(field, value);
  if (!id.includes(":")) return id;
  throw new InvalidContextError(field, `Field '${field}' must not contain ":"`);
}

/**
 * Reads the id of a socket.
 *
 * @param value The id, if any.
 * @returns The id; null when there is none.
 */
export function readSocketId(value: unknown): string | null {
  return value === undefined || value === null ? null : checkIdForm("websocket_client_id", value);
}

/**
 * Reads a clock.
 *
 * @param clock The clock, if any.
 * @returns It, or the system's.
 * @throws {InvalidContextError} when it is none.
 */
export function readClock(clock: unknown): Clock {
  if (clock === undefined || clock === null) return systemClock;
  const { now, after } = readValues("clock", clock, ["now", "after"]);
  if (typeof now === "function" && typeof after === "function") return clock as Clock;
  throw new InvalidContextError("clock", "clock must have the methods of a Clock");
}

function timeOf(clock: Clock): string {
  const ms: unknown = clock.now();
  const time = typeof ms === "number" ? readUtcTime(new Date(ms)) : undefined;
  if (time !== undefined) return time;
  throw new InvalidContextError("clock", `clock.now() must be a time in ms, got ${showValue(ms)}`);
}
