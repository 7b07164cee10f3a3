import { showValue } from "../../enums/show_value.ts";
import type { RunStoreKey, RunStoreListOptions } from "./run_store.ts";

const PARTS_MAX = 8;
const PART_MAX_LENGTH = 200;
const KEY_MAX_BYTES = 1_000;
/** What a store writes before and after each part. */
const PART_EXTRA_BYTES = 2;
const LIMIT_MAX = 1_000_000;

const utf8 = new TextEncoder();

/**
 * Refuses a key that no store takes.
 *
 * @param key The key.
 * @returns A copy.
 * @throws {TypeError} when it is no list of 1 to 8 texts, or one of them, or the whole, is too long.
 */
export function checkRunStoreKey(key: RunStoreKey): RunStoreKey {
  if (!Array.isArray(key) || key.length < 1 || key.length > PARTS_MAX) {
    throw new TypeError(`A key must be a list of 1 to ${PARTS_MAX} texts, got ${showValue(key)}`);
  }
  const copy = Array.from(key, checkPart);
  const bytes = copy.reduce((sum, part) => sum + utf8.encode(part).length + PART_EXTRA_BYTES, 0);
  if (bytes <= KEY_MAX_BYTES) return copy;
  throw new TypeError(`A key must have at most ${KEY_MAX_BYTES} bytes, got ${bytes}`);
}

/**
 * Refuses a list that not every store can read.
 *
 * @param prefix The first parts of the keys.
 * @param options How much.
 * @returns What to read, copied.
 * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
 * @throws {RangeError} when the limit is out of range.
 */
export function checkRunStoreList(
  prefix: RunStoreKey,
  { limit, after }: RunStoreListOptions,
): { readonly prefix: RunStoreKey; readonly limit: number; readonly after: RunStoreKey | null } {
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMIT_MAX)) {
    throw new RangeError(`limit must be a whole number from 1 to ${LIMIT_MAX}, got ${limit}`);
  }
  const below = checkRunStoreKey(prefix);
  if (after === undefined) return { prefix: below, limit, after: null };
  const last = checkRunStoreKey(after);
  if (isBelow(last, below)) return { prefix: below, limit, after: last };
  const [got, wanted] = [last, below].map((key) => JSON.stringify(key));
  throw new TypeError(`after must be below the prefix ${wanted}, got ${got}`);
}

/** @returns Whether a key begins with a prefix and goes on. */
export function isBelow(key: RunStoreKey, prefix: RunStoreKey): boolean {
  return key.length > prefix.length && prefix.every((part, index) => part === key[index]);
}

/** @returns Less than 0 when the first key comes before the second, by the code points of the parts. */
export function compareRunStoreKeys(first: RunStoreKey, second: RunStoreKey): number {
  // No part has a NUL, which comes before all that it may have.
  const [points, others] = [first, second].map((key) => [...key.join("\0")]) as [
    string[],
    string[],
  ];
  for (const [index, point] of points.entries()) {
    const other = others[index];
    if (other === undefined) return 1;
    if (point !== other) return point.codePointAt(0)! - other.codePointAt(0)!;
  }
  return points.length - others.length;
}

function checkPart(part: unknown): string {
  if (typeof part !== "string" || part.length < 1 || part.length > PART_MAX_LENGTH) {
    throw new TypeError(
      `A part of a key must be a text of 1 to ${PART_MAX_LENGTH} characters, got ${
        typeof part === "string" ? part.length : showValue(part)
      }`,
    );
  }
  if (part.isWellFormed() && !part.includes("\0")) return part;
  throw new TypeError("A part of a key must be well-formed and without NUL");
}
