import type {
  RunStore,
  RunStoreChange,
  RunStoreEntry,
  RunStoreKey,
  RunStoreListOptions,
} from "./run_store.ts";
import { checkRunStoreChange } from "./run_store_change.ts";
import {
  checkRunStoreKey,
  checkRunStoreList,
  compareRunStoreKeys,
  isBelow,
} from "./run_store_key.ts";

interface Kept {
  readonly key: RunStoreKey;
  readonly json: Uint8Array;
  readonly version: string;
}

const utf8 = new TextDecoder();

/**
 * Keeps runs in memory: for one process, and for tests. A list looks at all that is kept.
 *
 * Not guaranteed: that anything survives the process, or that a change is refused when another process
 * has taken over: of a fence it knows only whether it counts as valid here.
 *
 * @example Two that write at once
 * ```ts
 * import { MemoryRunStore } from "@baton/orchestration/engines";
 *
 * const store = new MemoryRunStore();
 * const key = ["owner", "run-1"];
 * const claim = { checks: [{ key, version: null }], sets: [{ key, value: "me" }] };
 * const won = await Promise.all([store.commit(claim), store.commit(claim)]);
 * if (won.filter((version) => version !== null).length !== 1) throw new Error("exactly one wins");
 * ```
 */
export class MemoryRunStore implements RunStore {
  readonly #kept = new Map<string, Kept>();
  #commits = 0;

  /**
   * Reads a value.
   *
   * @param key Where it stands.
   * @returns What stands there, a copy; null for nothing.
   * @throws {TypeError} when the key is no proper one.
   */
  // deno-lint-ignore require-await -- what it throws is a rejection, as of every store
  async get(key: RunStoreKey): Promise<RunStoreEntry | null> {
    const kept = this.#kept.get(nameOf(checkRunStoreKey(key)));
    return kept === undefined ? null : read(kept);
  }

  /**
   * Reads what stands below a prefix, all at one moment.
   *
   * @param prefix The first parts of the keys.
   * @param options How much.
   * @returns Copies of the entries, in the order of their keys.
   * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
   * @throws {RangeError} when the limit is out of range.
   */
  // deno-lint-ignore require-await -- what it throws is a rejection, as of every store
  async list(prefix: RunStoreKey, options: RunStoreListOptions): Promise<readonly RunStoreEntry[]> {
    const { prefix: below, limit, after } = checkRunStoreList(prefix, options);
    return [...this.#kept.values()]
      .filter(({ key }) => isBelow(key, below))
      .filter(({ key }) => after === null || compareRunStoreKeys(key, after) > 0)
      .sort((first, second) => compareRunStoreKeys(first.key, second.key))
      .slice(0, limit)
      .map(read);
  }

  /**
   * Changes what is kept.
   *
   * @param change What to check, write and remove.
   * @returns The version of all that it wrote; null when a check did not hold or the fence is not valid.
   * @throws {TypeError} when a key or a value is no proper one, or a key is changed twice.
   * @throws {RangeError} when the change is too large.
   */
  // deno-lint-ignore require-await -- what it throws is a rejection, as of every store
  async commit(change: RunStoreChange): Promise<string | null> {
    const { checks, sets, deletes } = checkRunStoreChange(change);
    if (change.fence?.isValid() === false) return null;
    const holds = checks.every(({ key, version }) => {
      return (this.#kept.get(nameOf(key))?.version ?? null) === version;
    });
    if (!holds) return null;
    const version = String(++this.#commits);
    for (const { key, json } of sets) this.#kept.set(nameOf(key), { key, json, version });
    for (const key of deletes) this.#kept.delete(nameOf(key));
    return version;
  }
}

/** No part of a key has a NUL. */
function nameOf(key: RunStoreKey): string {
  return key.join("\0");
}

function read({ key, json, version }: Kept): RunStoreEntry {
  return { key: [...key], value: JSON.parse(utf8.decode(json)), version };
}
