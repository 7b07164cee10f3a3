import { showValue } from "../../enums/show_value.ts";
import { isObject } from "../../enums/records/field.ts";
import {
  childPath,
  copyJson,
  type JsonObject,
  type JsonValue,
} from "../../enums/records/json_value.ts";
import type { RecordFault } from "../../enums/records/invalid_record_error.ts";
import { ContextIsolationError, InvalidContextError } from "./context_errors.ts";

/** Most characters of all texts and keys that are given to a context at once. */
export const MAX_DATA_CHARACTERS = 4_000_000;

/** Keys of the fields of a context, which data must not contradict. */
const FIELD_KEYS: readonly string[] = [
  "user_id",
  "thread_id",
  "run_id",
  "request_id",
  "created_at",
  "db_session",
  "websocket_client_id",
];

/** Keys of a child's `agent_context` that say what it was made for. */
export const LINEAGE_KEYS: readonly string[] = [
  "parent_operation",
  "operation_name",
  "operation_depth",
];

/** Keys of `audit_metadata` that a context writes itself. */
export const TRAIL_KEYS: readonly string[] = [
  "context_created_at",
  "context_version",
  "isolation_verified",
  "operation_depth",
];

const RESERVED: ReadonlySet<string> = new Set(
  [...FIELD_KEYS, ...LINEAGE_KEYS, ...TRAIL_KEYS].map(fold),
);

const USER_ID_KEY = /^user[-_ ]?id$/i;

const MAX_LISTED = 5;

/**
 * Reads data that somebody gives to a user's context.
 *
 * @param field Its name on the wire.
 * @param value The data.
 * @param userId The user.
 * @returns A copy, frozen to its depths.
 * @throws {InvalidContextError} when it is no plain JSON data, is too large, or has reserved keys,
 * however they are spelled.
 * @throws {ContextIsolationError} when something in it belongs to another user.
 */
export function readContextData(field: string, value: unknown, userId: string): JsonObject {
  return refuseReserved(field, readOwnData(field, value, userId));
}

function refuseReserved(field: string, data: JsonObject): JsonObject {
  const reserved = Object.keys(data).filter((key) => RESERVED.has(fold(key)));
  if (reserved.length === 0) return data;
  const listed = reserved.slice(0, MAX_LISTED).join(", ");
  throw new InvalidContextError(field, `${field} contains reserved keys: ${listed}`);
}

/** Data that a context wrote. */
export interface WrittenData {
  /** What somebody gave to it. */
  readonly data: JsonObject;
  /** What it wrote itself. */
  readonly written: JsonObject;
}

/**
 * Reads data that a context wrote, as {@link readContextData} does.
 *
 * @param field Its name on the wire.
 * @param value The data.
 * @param userId The user.
 * @param keys Which keys contexts write themselves.
 * @returns Both parts, copied and frozen to their depths.
 */
export function readWrittenData(
  field: string,
  value: unknown,
  userId: string,
  keys: readonly string[],
): WrittenData {
  const entries = Object.entries(readOwnData(field, value, userId));
  const data = Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
  const written = Object.fromEntries(entries.filter(([key]) => keys.includes(key)));
  return { data: refuseReserved(field, Object.freeze(data)), written };
}

function readOwnData(field: string, value: unknown, userId: string): JsonObject {
  if (!isObject(value)) {
    throw new InvalidContextError(field, `${field} must be an object, got ${showValue(value)}`);
  }
  const faults: RecordFault[] = [];
  const copy = copyJson(value, field, faults);
  if (copy === undefined) {
    const listed = faults.slice(0, MAX_LISTED).map(({ path, message }) => `${path} ${message}`);
    const rest = faults.length - listed.length;
    const more = rest > 0 ? [`and ${rest} more`] : [];
    throw new InvalidContextError(field, [...listed, ...more].join("; "));
  }
  checkNested(copy, { field, userId, keys: [], characters: 0 });
  return copy as JsonObject;
}

/** Where a check stands, and what it has seen. */
interface Walk {
  readonly field: string;
  readonly userId: string;
  readonly keys: (string | number)[];
  characters: number;
}

/** Copies are at most 64 levels deep. */
function checkNested(value: JsonValue, walk: Walk): void {
  if (typeof value === "string") return countCharacters(value, walk);
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    walk.keys.push(isList ? Number(key) : key);
    if (!isList) checkEntry(key, item, walk);
    checkNested(item, walk);
    walk.keys.pop();
  }
}

function checkEntry(key: string, item: JsonValue, walk: Walk): void {
  countCharacters(key, walk);
  // At the top, the key is a reserved one.
  if (walk.keys.length > 1 && USER_ID_KEY.test(key)) checkUser(item, walk);
}

/** What is neither text nor number, such as null, or a schema that describes the key, names nobody. */
function checkUser(value: JsonValue, walk: Walk): void {
  if (Array.isArray(value)) return value.forEach((item: JsonValue) => checkUser(item, walk));
  if (typeof value !== "string" && typeof value !== "number") return;
  if (String(value) === walk.userId) return;
  const path = walk.keys.reduce<string>((place, key) => childPath(place, key), walk.field);
  const message = `Cross-user contamination: ${path} names another user`;
  throw new ContextIsolationError(walk.userId, path, message);
}

function countCharacters(text: string, walk: Walk): void {
  walk.characters += text.length;
  if (walk.characters <= MAX_DATA_CHARACTERS) return;
  const message = `${walk.field} must hold at most ${MAX_DATA_CHARACTERS} characters`;
  throw new InvalidContextError(walk.field, message);
}

/** One spelling for `user_id`, `userId` and `USER-ID`. */
function fold(key: string): string {
  return key.toLowerCase().replace(/[-_ ]/g, "");
}
