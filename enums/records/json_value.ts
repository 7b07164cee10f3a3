import { isArray, showUnreadable } from "../show_value.ts";
import type { RecordFault } from "./invalid_record_error.ts";

/** A value that JSON can carry, which nobody can change. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object, which nobody can change. */
export interface JsonObject {
  /** Its values by key. */
  readonly [key: string]: JsonValue;
}

/** How deep values may be nested. */
export const MAX_JSON_DEPTH = 64;

/** How many values one field may hold, nested ones included. */
export const MAX_JSON_VALUES = 100_000;

/** How many characters all texts and keys of one field may have together. */
export const MAX_JSON_CHARACTERS = 8_000_000;

/** Where a copy stands. */
interface Copying {
  readonly root: string;
  readonly faults: RecordFault[];
  readonly keys: (string | number)[];
  readonly ancestors: object[];
  count: number;
  characters: number;
}

/**
 * Copies a value that JSON can carry, and freezes the copy to its depths.
 *
 * @param value Anything.
 * @param path How a fault names its place.
 * @param faults Gets what is wrong, each with its place.
 * @returns The copy; undefined when it, or a part of it, is not such a value.
 */
export function copyJson(
  value: unknown,
  path: string,
  faults: RecordFault[],
): JsonValue | undefined {
  const before = faults.length;
  const at = { root: path, faults, keys: [], ancestors: [], count: 0, characters: 0 };
  const copy = copyValue(value, at);
  return faults.length === before ? copy : undefined;
}

function copyValue(value: unknown, at: Copying): JsonValue {
  if (++at.count > MAX_JSON_VALUES) {
    const message = `holds more than ${MAX_JSON_VALUES} values`;
    if (at.count === MAX_JSON_VALUES + 1) at.faults.push({ path: at.root, message });
    return null;
  }
  if (typeof value === "string") return countCharacters(value, at);
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : refuse(value, at);
  return typeof value === "object" ? copyNested(value, at) : refuse(value, at);
}

/** @returns The text; what has too many is a fault once, not for every text behind it. */
function countCharacters(text: string, at: Copying): string {
  const before = at.characters;
  at.characters += text.length;
  if (before <= MAX_JSON_CHARACTERS && at.characters > MAX_JSON_CHARACTERS) {
    const message = `holds more than ${MAX_JSON_CHARACTERS} characters`;
    at.faults.push({ path: at.root, message });
  }
  return text;
}

function copyNested(value: object, at: Copying): JsonValue {
  if (at.ancestors.includes(value)) return note(at, "must not contain itself");
  if (at.ancestors.length === MAX_JSON_DEPTH) {
    return note(at, `must not be nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
  const depth = at.keys.length;
  at.ancestors.push(value);
  try {
    if (isArray(value)) return copyArray(value, at);
    return isPlainObject(value) ? copyObject(value, at) : refuse(value, at);
  } catch (error) {
    // A getter or a proxy; the keys say where it stands.
    return note(at, showUnreadable(error));
  } finally {
    at.keys.length = depth;
    at.ancestors.pop();
  }
}

function copyArray(value: readonly unknown[], at: Copying): JsonValue {
  // A sparse array may claim to be far longer than what it holds.
  const { length } = value; // read once: a proxy may answer otherwise the next time
  if (length > MAX_JSON_VALUES) return note(at, `holds more than ${MAX_JSON_VALUES} values`);
  return Object.freeze(Array.from({ length }, (_, i) => {
    at.keys.push(i);
    const copy = copyValue(value[i], at);
    at.keys.pop();
    return copy;
  }));
}

function copyObject(value: object, at: Copying): JsonObject {
  const copy: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) {
    at.keys.push(key);
    countCharacters(key, at);
    if (key === "__proto__") note(at, "is a key that is not safe to use");
    else copy[key] = copyValue(Reflect.get(value, key), at);
    at.keys.pop();
  }
  return Object.freeze(copy);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function refuse(value: unknown, at: Copying): null {
  return note(at, `must be a value that JSON can carry, got ${kindOf(value)}`);
}

function note(at: Copying, message: string): null {
  const path = at.keys.reduce<string>((place, key) => childPath(place, key), at.root);
  at.faults.push({ path, message });
  return null;
}

function kindOf(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return typeof value;
  const { constructor } = value;
  return typeof constructor === "function" ? `a ${constructor.name}` : "an object of a class";
}

/** @returns The path of what stands under a key of something, or at an index of it. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
