import type { StorageKey } from "./recovery_storage.ts";

const PARTS_MAX = 8;
const PART_MAX_LENGTH = 200;
const KEY_MAX_BYTES = 1_000;
/** What a store writes before and after each part. */
const PART_EXTRA_BYTES = 2;

/** Ends a part in an order key: no part holds it, and nothing comes before it. */
const PART_END = "\0";
const SURROGATES_START = 0xd800;
const AFTER_SURROGATES = 0xe000;
const SURROGATE_COUNT = AFTER_SURROGATES - SURROGATES_START;
const FROM_SURROGATES_UP = /[\ud800-\uffff]/g;

const utf8 = new TextEncoder();

/**
 * Refuses a key that no storage takes.
 *
 * @param key The key.
 * @returns A copy.
 * @throws {TypeError} when it is not a list of 1 to 8 texts, each of 1 to 200 characters, well-formed
 * and without NUL, 1,000 bytes together.
 */
export function checkStorageKey(key: StorageKey): StorageKey {
  if (!Array.isArray(key) || key.length === 0) {
    throw new TypeError("A storage key must be a list of 1 to 8 texts");
  }
  return checkStoragePrefix(key);
}

/**
 * Refuses what no key begins with.
 *
 * @param prefix The first parts of keys; none for all keys.
 * @returns A copy.
 * @throws {TypeError} when no key has such parts, or so many.
 */
export function checkStoragePrefix(prefix: StorageKey): StorageKey {
  if (!Array.isArray(prefix) || prefix.length > PARTS_MAX) {
    throw new TypeError(`A storage key must be a list of at most ${PARTS_MAX} texts`);
  }
  const copy = Array.from(prefix, checkPart);
  const bytes = storageKeyBytes(copy);
  if (bytes > KEY_MAX_BYTES) {
    throw new TypeError(
      `A storage key must have at most ${KEY_MAX_BYTES} bytes, with ${PART_EXTRA_BYTES} more for ` +
        `each part, got ${bytes}`,
    );
  }
  return copy;
}

/** @returns How many bytes a key takes in a store: two more a part than its text as UTF-8. */
export function storageKeyBytes(key: StorageKey): number {
  return key.reduce((sum, part) => sum + utf8.encode(part).length + PART_EXTRA_BYTES, 0);
}

/**
 * Makes a text for a key. Such texts compare by code units as keys do by the code points of their
 * parts, and the text of a key begins with those of its prefixes.
 *
 * @param key The key.
 * @returns The text.
 */
export function storageOrderKey(key: StorageKey): string {
  let text = "";
  for (const part of key) text += part.replace(FROM_SURROGATES_UP, moveSurrogatesUp) + PART_END;
  return text;
}

/** Two surrogates stand for a code point beyond 0xffff: as code units they must come last. */
function moveSurrogatesUp(unit: string): string {
  const code = unit.charCodeAt(0);
  const moved = code < AFTER_SURROGATES
    ? code - SURROGATES_START + 0x10000 - SURROGATE_COUNT
    : code - SURROGATE_COUNT;
  return String.fromCharCode(moved);
}

function checkPart(part: unknown): string {
  if (typeof part !== "string") {
    throw new TypeError(`A part of a storage key must be a text, got ${describe(part)}`);
  }
  if (part.length === 0 || part.length > PART_MAX_LENGTH) {
    throw new TypeError(
      `A part of a storage key must have 1 to ${PART_MAX_LENGTH} characters, got ${part.length}`,
    );
  }
  if (!part.isWellFormed() || part.includes("\0")) {
    throw new TypeError(
      `A part of a storage key must be well-formed and without NUL, got ${JSON.stringify(part)}`,
    );
  }
  return part;
}

function describe(value: unknown): string {
  return value === null ? "null" : `a ${typeof value}`;
}
