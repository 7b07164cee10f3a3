import { redactText } from "./redact_text.ts";
import { isSecretKey, REDACTED } from "./secret_key.ts";

/** How much of a value is shown. */
export interface RedactLimits {
  /** Characters of one text. */
  readonly textMaxChars: number;
  /**
   * Levels of objects and lists.
   *
   * @default 6
   */
  readonly depthMax?: number;
  /**
   * Characters of all keys and texts together; other values count as eight.
   *
   * @default 16_384
   */
  readonly totalMaxChars?: number;
}

/** Items that are shown of a list. */
const LIST_MAX_ITEMS = 10;

const KEYS_MAX = 100;
const KEY_MAX_CHARS = 128;
const VALUE_CHARS = 8;

/** What stands in the place of what is left out. */
const CUT = "[cut]";
const UNREADABLE = "[unreadable]";
const GETTER = "[getter]";

interface Copying {
  readonly textMaxChars: number;
  readonly depthMax: number;
  readonly ancestors: object[];
  leftChars: number;
}

/**
 * Copies a value as plain data that may be shown: secrets are replaced, long texts and lists cut,
 * depth and size bounded. It takes anything, never throws, and runs no getter and no `toJSON`: a
 * value of a class shows its own fields only. Done twice, it changes nothing more.
 *
 * Secrets are known by their keys alone. A secret in a list or inside a text is not found, but for
 * obvious ones in the message of an error.
 *
 * @param value Anything.
 * @param limits How much of it is shown.
 * @returns A copy that JSON can carry.
 */
export function redact(value: unknown, limits: RedactLimits): unknown {
  return copyValue(value, {
    textMaxChars: limits.textMaxChars,
    depthMax: limits.depthMax ?? 6,
    ancestors: [],
    leftChars: limits.totalMaxChars ?? 16_384,
  });
}

/**
 * Cuts a text.
 *
 * @param text The text.
 * @param maxChars How long it may be, the sign that it was cut included.
 * @returns The text, or its beginning with "…".
 */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const end = text.charCodeAt(maxChars - 2);
  // Not between the halves of one character.
  const isHalf = end >= 0xd800 && end <= 0xdbff;
  return `${text.slice(0, maxChars - (isHalf ? 2 : 1))}…`;
}

function copyValue(value: unknown, at: Copying): unknown {
  at.leftChars -= VALUE_CHARS;
  if (at.leftChars < 0) return CUT;
  switch (typeof value) {
    case "string":
      return copyText(value, at);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "bigint":
      return copyText(String(value), at);
    case "object":
      return value === null ? null : copyNested(value, at);
    default:
      return value === undefined ? null : `[${typeof value}]`;
  }
}

function copyText(text: string, at: Copying): string {
  const shown = cutText(text, at.textMaxChars);
  at.leftChars -= shown.length;
  return at.leftChars < 0 ? CUT : shown;
}

function copyNested(value: object, at: Copying): unknown {
  if (at.ancestors.includes(value)) return "[circular]";
  if (at.ancestors.length >= at.depthMax) return CUT;
  at.ancestors.push(value);
  try {
    return copyObject(value, at);
  } catch {
    // A proxy that was revoked, or whose traps throw.
    return UNREADABLE;
  } finally {
    at.ancestors.pop();
  }
}

function copyObject(value: object, at: Copying): unknown {
  if (Array.isArray(value)) return copyList(firstItems(value), at);
  if (value instanceof Set) return copyList(take(setValues.call(value), LIST_MAX_ITEMS), at);
  if (value instanceof Map) {
    return copyEntries(take(mapEntries.call(value), KEYS_MAX).map(withTextKey), at);
  }
  if (value instanceof Date) return Number.isNaN(+value) ? null : dateText.call(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const fields = ownFields(value);
  return copyEntries(value instanceof Error ? [...errorFields(value), ...fields] : fields, at);
}

// A subclass may say something else of itself.
const setValues = Set.prototype.values;
const mapEntries = Map.prototype.entries;
const dateText = Date.prototype.toISOString;

function take<T>(items: IteratorObject<T, unknown>, count: number): T[] {
  return items.take(count).toArray();
}

function firstItems(list: readonly unknown[]): unknown[] {
  const length = Math.min(list.length, LIST_MAX_ITEMS);
  return Array.from({ length }, (_, index) => readField(list, String(index)));
}

function copyList(items: readonly unknown[], at: Copying): unknown[] {
  return items.map((item) => copyValue(item, at));
}

function copyEntries(
  entries: readonly (readonly [string, unknown])[],
  at: Copying,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    // As a key of its own it would set the prototype of whoever merges it.
    if (key === "__proto__") continue;
    if (at.leftChars < 0) break;
    const shownKey = cutText(key, KEY_MAX_CHARS);
    at.leftChars -= shownKey.length;
    copy[shownKey] = isSecretKey(key) ? REDACTED : copyValue(value, at);
  }
  return copy;
}

function ownFields(value: object): [string, unknown][] {
  const keys = Object.keys(value).slice(0, KEYS_MAX);
  return keys.map((key) => [key, readField(value, key)]);
}

/** Their name and message are no enumerable fields; their stack and cause are not for users. */
function errorFields(error: Error): [string, unknown][] {
  const message = readField(error, "message");
  return [
    ["name", readField(error, "name") ?? "Error"],
    ["message", typeof message === "string" ? redactText(message) : message],
  ];
}

function readField(value: object, key: string): unknown {
  const field = Object.getOwnPropertyDescriptor(value, key);
  if (field === undefined) return null;
  return "value" in field ? field.value : GETTER;
}

function withTextKey([key, value]: [unknown, unknown]): [string, unknown] {
  if (typeof key === "symbol") return [key.description ?? "", value];
  const isObject = (typeof key === "object" && key !== null) || typeof key === "function";
  return [isObject ? "[object]" : String(key), value];
}
