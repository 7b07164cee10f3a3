import { showValue } from "../../enums/show_value.ts";
import { isObject } from "../../enums/records/field.ts";
import {
  childPath,
  copyJson,
  type JsonObject,
  type JsonValue,
  MAX_JSON_VALUES,
} from "../../enums/records/json_value.ts";
import type { RecordFault } from "../../enums/records/invalid_record_error.ts";
import { ContextIsolationError, InvalidContextError } from "./context_errors.ts";

/**
 * Most values of a context's data, nested ones and itself included: what it writes itself comes on top
 * and still is no more than can be read back.
 */
export const MAX_DATA_VALUES: number = MAX_JSON_VALUES - 100;

/** Most characters of all texts and keys of a context's data, without what it writes itself. */
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

/** Nobody else can have given them: they are reserved. */
const WRITTEN: ReadonlySet<string> = new Set([...LINEAGE_KEYS, ...TRAIL_KEYS]);

const PLAIN_KEY = /^[a-z0-9_]+$/;

const RESERVED: ReadonlySet<string> = new Set([...FIELD_KEYS, ...WRITTEN].map(fold));

/** Several users are named as one is: each of them must be the one. */
const USER_ID_KEYS: ReadonlySet<string> = new Set(["userid", "userids"]);

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
  return checkGiven(field, copyData(field, value), userId);
}

/**
 * Adds data that somebody gives to a user's context, as {@link readContextData} reads them.
 *
 * @param field Its name on the wire.
 * @param data What the context holds.
 * @param more What is added; it replaces what stands under the same key.
 * @param userId The user.
 * @returns All of it.
 * @throws {InvalidContextError} when what is added is not as it must be, or all is too large.
 * @throws {ContextIsolationError} when something that is added belongs to another user.
 */
export function addContextData(
  field: string,
  data: JsonObject,
  more: unknown,
  userId: string,
): JsonObject {
  const added = copyData(field, more);
  const all = { ...data, ...added };
  checkGiven(field, added, userId, all);
  return all;
}

/**
 * Finds keys that nobody but a context may write, however they are spelled.
 *
 * @param data The data.
 * @returns Those keys of it.
 */
export function reservedKeysOf(data: JsonObject): string[] {
  return Object.keys(data).filter((key) => RESERVED.has(fold(key)));
}

/**
 * Reads data that a context wrote, as {@link readContextData} does.
 *
 * @param field Its name on the wire.
 * @param value The data.
 * @param userId The user.
 * @param keys Which keys contexts write themselves.
 * @returns What somebody gave to it, and what it wrote itself, both copied.
 */
export function readWrittenData(
  field: string,
  value: unknown,
  userId: string,
  keys: readonly string[],
): { readonly data: JsonObject; readonly written: JsonObject } {
  const entries = Object.entries(copyData(field, value));
  const data = Object.fromEntries(entries.filter(([key]) => !keys.includes(key)));
  const written = Object.fromEntries(entries.filter(([key]) => keys.includes(key)));
  return { data: checkGiven(field, Object.freeze(data), userId), written };
}

/** @returns The data, which are right by themselves and not too large as a part of `all`. */
function checkGiven(
  field: string,
  data: JsonObject,
  userId: string,
  all: JsonObject = data,
): JsonObject {
  const reserved = reservedKeysOf(data);
  if (reserved.length > 0) {
    const listed = reserved.slice(0, MAX_LISTED).join(", ");
    throw new InvalidContextError(field, `${field} contains reserved keys: ${listed}`);
  }
  checkDataSize(field, all);
  checkUsers(data, { field, userId, keys: [] });
  return data;
}

/** Makes sure that data are no more than a context may hold; what contexts write is not counted. */
function checkDataSize(field: string, data: JsonObject): void {
  const size = { values: 1, characters: 0 };
  for (const entry of Object.entries(data)) if (!WRITTEN.has(entry[0])) measureEntry(entry, size);
  if (size.values > MAX_DATA_VALUES) {
    throw new InvalidContextError(field, `${field} must hold at most ${MAX_DATA_VALUES} values`);
  }
  if (size.characters > MAX_DATA_CHARACTERS) {
    const message = `${field} must hold at most ${MAX_DATA_CHARACTERS} characters`;
    throw new InvalidContextError(field, message);
  }
}

function copyData(field: string, value: unknown): JsonObject {
  if (!isObject(value)) {
    throw new InvalidContextError(field, `${field} must be an object, got ${showValue(value)}`);
  }
  const faults: RecordFault[] = [];
  const copy = copyJson(value, field, faults);
  if (copy !== undefined) return copy as JsonObject;
  const listed = faults.slice(0, MAX_LISTED).map(({ path, message }) => `${path} ${message}`);
  const rest = faults.length - listed.length;
  const more = rest > 0 ? [`and ${rest} more`] : [];
  throw new InvalidContextError(field, [...listed, ...more].join("; "));
}

interface Size {
  values: number;
  characters: number;
}

/** Copies are at most 64 levels deep, and so are all that walk through them. */
function measure(value: JsonValue, size: Size): void {
  size.values++;
  if (typeof value === "string") size.characters += value.length;
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) return value.forEach((item: JsonValue) => measure(item, size));
  for (const entry of Object.entries(value)) measureEntry(entry, size);
}

function measureEntry([key, value]: [string, JsonValue], size: Size): void {
  size.characters += key.length;
  measure(value, size);
}

/** Where a walk through data stands. */
interface Walk {
  readonly field: string;
  readonly userId: string;
  readonly keys: (string | number)[];
}

function checkUsers(value: JsonValue, walk: Walk): void {
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, item] of Object.entries(value)) {
    walk.keys.push(isList ? Number(key) : key);
    if (!isList && USER_ID_KEYS.has(fold(key))) checkUser(item, walk);
    checkUsers(item, walk);
    walk.keys.pop();
  }
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

/** One spelling for `user_id`, `userId`, `USER-ID` and `user.id`. */
function fold(key: string): string {
  if (PLAIN_KEY.test(key)) return key.replaceAll("_", ""); // as nearly all are
  return key.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
