import { encodeKey } from "./kv_key.ts";
import type { KvRange } from "./kv_table.ts";

const AFTER_PREFIX = "\xff";
const FIRST_BELOW = "\0";

/** What a list reads, with what its cursors are relative to. */
export interface KvSelection extends KvRange {
  /** What all keys of the range have in common. */
  readonly common: string;
}

/**
 * Checks a selector's shape, and copies it.
 *
 * @param selector The selector.
 * @returns The copy.
 * @throws {TypeError} when it is neither a prefix, with a start or an end, nor a start and an end.
 */
export function copySelector(selector: Deno.KvListSelector): Deno.KvListSelector {
  const { prefix, start, end } = { ...selector } as {
    prefix?: Deno.KvKey;
    start?: Deno.KvKey;
    end?: Deno.KvKey;
  };
  if (prefix) {
    if (start && end) {
      throw new TypeError(
        "Selector can not specify both 'start' and 'end' key when specifying 'prefix'",
      );
    }
    if (start) return { prefix: [...prefix], start: [...start] };
    return end ? { prefix: [...prefix], end: [...end] } : { prefix: [...prefix] };
  }
  if (start && end) return { start: [...start], end: [...end] };
  throw new TypeError("Selector must specify either 'prefix' or both 'start' and 'end' key");
}

/**
 * Finds out which keys a selector selects.
 *
 * @param selector The selector.
 * @returns The range.
 * @throws {TypeError} when start and end are out of order, or not below the prefix.
 */
export function selectRange(selector: Deno.KvListSelector): KvSelection {
  const range = rangeOf(selector);
  if (range.start > range.end) throw new TypeError("Start key is greater than end key");
  return { ...range, common: commonPrefix(range.start, range.end) };
}

/**
 * Leaves out what was read already.
 *
 * @param selection What is listed.
 * @param cursor Where the last batch ended: empty after the key that is the start of all others, and
 * undefined for the beginning.
 * @param reverse Whether it is listed from the end.
 * @returns What is left.
 * @throws {TypeError} when the cursor is none, or is of another place.
 */
export function resumeRange(
  selection: KvSelection,
  cursor: string | undefined,
  reverse: boolean,
): KvRange {
  if (cursor === undefined) return selection;
  const last = selection.common + decodeCursor(cursor);
  const range = reverse
    ? { start: selection.start, end: last }
    : { start: last + FIRST_BELOW, end: selection.end };
  if (range.start < selection.start || range.end > selection.end) {
    throw new TypeError("cursor out of bounds");
  }
  return range;
}

/**
 * Makes the cursor after an entry.
 *
 * @param selection What is listed.
 * @param key The entry's key.
 * @returns Base64 for URLs of the part of the key that the selector does not give.
 */
export function encodeCursor(selection: KvSelection, key: Deno.KvKey): string {
  const own = encodeKey(key).slice(selection.common.length);
  return btoa(own).replaceAll("+", "-").replaceAll("/", "_");
}

function rangeOf(selector: Deno.KvListSelector): KvRange {
  if (!("prefix" in selector)) {
    return { start: encodeKey(selector.start), end: encodeKey(selector.end) };
  }
  const prefix = encodeKey(selector.prefix);
  const range = { start: prefix + FIRST_BELOW, end: prefix + AFTER_PREFIX };
  if ("start" in selector) {
    return { ...range, start: encodeBelow(prefix, selector.start, "Start") };
  }
  return "end" in selector ? { ...range, end: encodeBelow(prefix, selector.end, "End") } : range;
}

function encodeBelow(prefix: string, key: Deno.KvKey, name: string): string {
  const encoded = encodeKey(key);
  if (encoded.length > prefix.length && encoded.startsWith(prefix)) return encoded;
  throw new TypeError(`${name} key is not in the keyspace defined by prefix`);
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

function decodeCursor(cursor: string): string {
  if (cursor.length % 4 !== 0 || !/^[\w-]*={0,2}$/.test(cursor)) {
    throw new TypeError("invalid cursor");
  }
  return atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
}
