/**
 * Where a value stands: one to eight texts, each of 1 to 200 characters, well-formed and without NUL;
 * together at most 1,000 bytes as UTF-8, where each part counts for two more.
 */
export type RunStoreKey = readonly string[];

/** What stands under a key. */
export interface RunStoreEntry {
  /** Where it stands. */
  readonly key: RunStoreKey;
  /**
   * What was stored, as JSON carries it. A copy. In a list undefined when it cannot be read, so that
   * one such value does not hide the others.
   */
  readonly value: unknown;
  /** Changes with each write; never the same for two writes of a key. */
  readonly version: string;
}

/** A change that applies as a whole or not at all. It names each key that it changes once. */
export interface RunStoreChange {
  /**
   * What must still stand: the version that was read, null for nothing. At most eight.
   *
   * @default nothing
   */
  readonly checks?: readonly { readonly key: RunStoreKey; readonly version: string | null }[];
  /**
   * What is written: what JSON carries, at most 60,000 bytes of it each and 600,000 together.
   *
   * @default nothing
   */
  readonly sets?: readonly { readonly key: RunStoreKey; readonly value: unknown }[];
  /**
   * What is removed, if it is there; at most 500 writes and removals together.
   *
   * @default nothing
   */
  readonly deletes?: readonly RunStoreKey[];
  /**
   * The term under which the change is made: it is refused once that is over.
   *
   * @default made under none
   */
  readonly fence?: RunFence;
}

/**
 * What entitles a process to work, as far as a store needs it. A `Term` of leadership is one, in the
 * same store when that is in Deno KV.
 */
export interface RunFence {
  /** That the key which was set with the entitlement still stands. */
  readonly check: Deno.AtomicCheck;
  /** Whether it may still be acted on. */
  isValid(): boolean;
}

/** What of a prefix is read. */
export interface RunStoreListOptions {
  /** How many entries at most, 1 to 1,000,000. */
  readonly limit: number;
  /**
   * Only keys after this one, which must be below the prefix; nothing need stand there.
   *
   * @default from the first
   */
  readonly after?: RunStoreKey;
}

/**
 * Where runs are kept, so that they outlive the process that works on them. A storage of recovery is
 * one, too.
 *
 * Obligations: a change applies wholly or not at all, and its checks and fence hold at that moment; a
 * read shows every change that was answered before it; keys are listed in the order of their parts, by
 * code points, and a key before those below it; what cannot be known is an error and never an answer;
 * each call ends in bounded time, with an error when the store does not answer: who waits for a run waits
 * for its store, also when the run is called off.
 */
export interface RunStore {
  /**
   * Reads a value.
   *
   * @param key Where it stands.
   * @returns What stands there; null for nothing.
   * @throws {TypeError} when the key is no proper one.
   */
  get(key: RunStoreKey): Promise<RunStoreEntry | null>;

  /**
   * Reads what stands below a prefix.
   *
   * @param prefix The first parts of the keys. What stands at the prefix itself does not count.
   * @param options How much.
   * @returns The entries, in the order of their keys. They need not be of one moment.
   * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
   * @throws {RangeError} when the limit is out of range.
   */
  list(prefix: RunStoreKey, options: RunStoreListOptions): Promise<readonly RunStoreEntry[]>;

  /**
   * Changes what is stored.
   *
   * @param change What to check, write and remove.
   * @returns The version of all that it wrote; null when it was refused, as a check or the fence did
   * not hold. Any other error than these two means that it may be applied, now or later.
   * @throws {TypeError} when a key or a value is no proper one, or a key is changed twice.
   * @throws {RangeError} when the change is too large.
   */
  commit(change: RunStoreChange): Promise<string | null>;
}
