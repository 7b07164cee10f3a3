import type { StorageKey, StorageListOptions } from "./recovery_storage.ts";
import { checkStorageKey, checkStoragePrefix } from "./storage_key.ts";

const LIMIT_MAX = 1_000_000;

/** What a list reads, checked and copied. */
export interface StorageSelection {
  /** The first parts of the keys. */
  readonly prefix: StorageKey;
  /** How many entries at most. */
  readonly limit: number;
  /** Only keys after this one, in the direction of reading; null for all. */
  readonly after: StorageKey | null;
  /** Whether to read from the last key to the first. */
  readonly reverse: boolean;
}

/**
 * Refuses a list that not every storage can read.
 *
 * @param prefix The first parts of the keys.
 * @param options How much.
 * @returns What to read.
 * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
 * @throws {RangeError} when the limit is out of range.
 */
export function checkStorageSelection(
  prefix: StorageKey,
  options: StorageListOptions,
): StorageSelection {
  const { limit, after, reverse = false } = options;
  if (!(Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMIT_MAX)) {
    throw new RangeError(`limit must be a whole number from 1 to ${LIMIT_MAX}, got ${limit}`);
  }
  const below = checkStoragePrefix(prefix);
  if (after === undefined) return { prefix: below, limit, after: null, reverse };
  const last = checkStorageKey(after);
  if (last.length <= below.length || below.some((part, index) => part !== last[index])) {
    throw new TypeError(
      `after must be below the prefix ${JSON.stringify(below)}, got ${JSON.stringify(last)}`,
    );
  }
  return { prefix: below, limit, after: last, reverse };
}
