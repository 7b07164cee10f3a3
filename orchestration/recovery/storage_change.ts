import { storedBytes, toJsonText } from "../../coordination/work/json_text.ts";
import type { StorageChange, StorageKey } from "./recovery_storage.ts";
import { checkStorageKey, storageKeyBytes, storageOrderKey } from "./storage_key.ts";

/** Units of text that are not stored as one byte. */
const OUTSIDE_LATIN_1 = /[^\0-\xff]/g;
const CHECKS_MAX = 8;
const EFFECTS_MAX = 500;
const VALUE_MAX_BYTES = 60_000;
/** Deno KV takes 81,920 bytes of keys that are written, with the storage's own prefix in each. */
const KEYS_MAX_BYTES = 50_000;
/** Deno KV takes 819,200 bytes in all. */
const VALUES_MAX_BYTES = 600_000;

/** A {@link StorageChange} that every storage takes, copied. */
export interface CheckedChange {
  /** What must still stand. */
  readonly checks: readonly { readonly key: StorageKey; readonly version: string | null }[];
  /** What is written, as JSON. */
  readonly sets: readonly { readonly key: StorageKey; readonly json: string }[];
  /** What is removed. */
  readonly deletes: readonly StorageKey[];
}

/**
 * Refuses a change that not every storage takes, before anything is done.
 *
 * @param change The change.
 * @returns A copy without the fence.
 * @throws {TypeError} when a key, a version or a value is no proper one, or when a key is changed
 * twice.
 * @throws {RangeError} when there is too much of it.
 */
export function checkStorageChange(change: StorageChange): CheckedChange {
  const { checks = [], sets = [], deletes = [] } = change;
  atMost("checks", checks.length, CHECKS_MAX);
  atMost("writes and removals", sets.length + deletes.length, EFFECTS_MAX);
  const checked = {
    checks: checks.map(({ key, version }) => ({
      key: checkStorageKey(key),
      version: checkVersion(version),
    })),
    sets: sets.map(({ key, value }) => ({ key: checkStorageKey(key), json: checkValue(value) })),
    deletes: deletes.map(checkStorageKey),
  };
  const changed = [...checked.sets.map(({ key }) => key), ...checked.deletes];
  refuseTwice(changed);
  atMost("bytes of keys", sum(changed.map(storageKeyBytes)), KEYS_MAX_BYTES);
  const bytes = sum(checked.sets.map(({ json }) => storedBytes(json)));
  atMost("bytes of values", bytes, VALUES_MAX_BYTES);
  return checked;
}

/** @returns How many bytes a value takes in a storage. */
export function storedValueBytes(value: unknown): number {
  return storedBytes(shorterOf(JSON.stringify(value)));
}

function checkVersion(version: string | null): string | null {
  if (version === null || typeof version === "string") return version;
  throw new TypeError(`A version must be a text or null, got a ${typeof version}`);
}

function checkValue(value: unknown): string {
  const json = shorterOf(toJsonText("A stored value", value));
  atMost("bytes of one value", storedBytes(json), VALUE_MAX_BYTES);
  return json;
}

/** One character outside Latin-1 makes a text two bytes a character: escapes may be shorter. */
function shorterOf(json: string): string {
  const escaped = json.replace(
    OUTSIDE_LATIN_1,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return escaped.length < storedBytes(json) ? escaped : json;
}

function refuseTwice(keys: readonly StorageKey[]): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.size === seen.add(storageOrderKey(key)).size) {
      throw new TypeError(`A change must name each key once, got ${JSON.stringify(key)} twice`);
    }
  }
}

function atMost(what: string, count: number, max: number): void {
  if (count > max) throw new RangeError(`A change may have at most ${max} ${what}, got ${count}`);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
