import type {
  RecoveryStorage,
  StorageChange,
  StorageKey,
  StorageListOptions,
  StoredEntry,
} from "./recovery_storage.ts";
import { type CheckedChange, checkStorageChange } from "./storage_change.ts";
import { checkStorageKey, storageOrderKey } from "./storage_key.ts";
import { checkStorageSelection, type StorageSelection } from "./storage_selection.ts";

interface Kept {
  readonly key: StorageKey;
  readonly json: string;
  readonly version: string;
}

/** Comes after everything that a key's text goes on with. */
const AFTER_BELOW = "\uffff";

/**
 * Keeps what recovery needs in memory: for one process, and for tests. Limits and order are those of
 * `KvRecoveryStorage`.
 *
 * Not guaranteed: that anything survives the process, or that a change is refused when another
 * process has taken over: of a fence it knows only whether the term counts as valid here.
 *
 * @example Two that write at once
 * ```ts
 * import { MemoryRecoveryStorage } from "@baton/orchestration/orchestration";
 *
 * const storage = new MemoryRecoveryStorage();
 * const key = ["cooldown", "restart_service"];
 * const claim = { checks: [{ key, version: null }], sets: [{ key, value: { until: 5 } }] };
 * const won = await Promise.all([storage.commit(claim), storage.commit(claim)]);
 * if (won.filter((version) => version !== null).length !== 1) throw new Error("exactly one wins");
 * ```
 */
export class MemoryRecoveryStorage implements RecoveryStorage {
  readonly #kept = new Map<string, Kept>();
  /** The keys of `#kept`, in order. */
  readonly #order: string[] = [];
  #commits = 0;

  /**
   * Reads a value.
   *
   * @param key Where it stands.
   * @returns What stands there, a copy; null for nothing.
   * @throws {TypeError} when the key is no proper one.
   */
  // deno-lint-ignore require-await -- what it throws is a rejection, as of every storage
  async get(key: StorageKey): Promise<StoredEntry | null> {
    const kept = this.#kept.get(storageOrderKey(checkStorageKey(key)));
    return kept ? read(kept) : null;
  }

  /**
   * Reads what stands below a prefix, all at one moment.
   *
   * @param prefix The first parts of the keys; none for all keys.
   * @param options How much.
   * @returns Copies of the entries, in the order of their keys.
   * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
   * @throws {RangeError} when the limit is out of range.
   */
  // deno-lint-ignore require-await -- what it throws is a rejection, as of every storage
  async list(prefix: StorageKey, options: StorageListOptions): Promise<readonly StoredEntry[]> {
    const selection = checkStorageSelection(prefix, options);
    const selected = this.#select(selection);
    return selected.map((orderKey) => read(this.#kept.get(orderKey)!));
  }

  /**
   * Changes what is kept.
   *
   * @param change What to check, write and remove.
   * @returns The version of all that it wrote; null when a check did not hold or the fence is not
   * valid.
   * @throws {TypeError} when a key, a version or a value is no proper one.
   * @throws {RangeError} when the change is too large.
   */
  // deno-lint-ignore require-await -- what it throws is a rejection, as of every storage
  async commit(change: StorageChange): Promise<string | null> {
    const checked = checkStorageChange(change);
    if (change.fence && !change.fence.isValid()) return null;
    if (!this.#holds(checked.checks)) return null;
    const version = String(++this.#commits);
    for (const { key, json } of checked.sets) this.#set({ key, json, version });
    for (const key of checked.deletes) this.#delete(storageOrderKey(key));
    return version;
  }

  #holds(checks: CheckedChange["checks"]): boolean {
    return checks.every(({ key, version }) => {
      return (this.#kept.get(storageOrderKey(key))?.version ?? null) === version;
    });
  }

  #set(kept: Kept): void {
    const orderKey = storageOrderKey(kept.key);
    if (!this.#kept.has(orderKey)) this.#order.splice(this.#firstFrom(orderKey), 0, orderKey);
    this.#kept.set(orderKey, kept);
  }

  #delete(orderKey: string): void {
    if (this.#kept.delete(orderKey)) this.#order.splice(this.#firstFrom(orderKey), 1);
  }

  #select({ prefix, limit, after, reverse }: StorageSelection): string[] {
    const below = storageOrderKey(prefix);
    const last = after && storageOrderKey(after);
    // Neither the prefix itself nor `after` counts; every key is longer than what it is below.
    const from = this.#firstFrom(last !== null && !reverse ? `${last}\0` : `${below}\0`);
    const to = this.#firstFrom(last !== null && reverse ? last : below + AFTER_BELOW);
    return reverse
      ? this.#order.slice(Math.max(from, to - limit), to).reverse()
      : this.#order.slice(from, Math.min(to, from + limit));
  }

  /** @returns The index of the first key that is not before the given one. */
  #firstFrom(orderKey: string): number {
    let from = 0;
    let to = this.#order.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#order[middle]! < orderKey) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function read({ key, json, version }: Kept): StoredEntry {
  return { key: [...key], value: JSON.parse(json), version };
}
