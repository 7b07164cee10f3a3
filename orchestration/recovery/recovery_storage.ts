/**
 * Where a value stands: one to eight texts, each of 1 to 200 characters, well-formed and without NUL;
 * together at most 1,000 bytes as UTF-8, where each part counts for two more.
 */
export type StorageKey = readonly string[];

/** What stands under a key. */
export interface StoredEntry {
  /** Where it stands. */
  readonly key: StorageKey;
  /** What was stored, as JSON carries it. A copy. */
  readonly value: unknown;
  /**
   * Changes with each write; never the same for two writes of a key, even when it was removed in
   * between. What one change wrote has one version.
   */
  readonly version: string;
}

/** A value to store. */
export interface StorageWrite {
  /** Where it goes. */
  readonly key: StorageKey;
  /**
   * What is stored: what JSON carries unchanged, at most 60,000 characters of it, or 30,000 when not
   * all of them are Latin-1. Undefined counts as null, and properties that are undefined are left
   * out; what JSON would change, such as a Map, a Date, a bigint or NaN, is refused.
   */
  readonly value: unknown;
}

/**
 * A change that applies as a whole or not at all. It names each key that it changes once, with at most
 * 50,000 bytes of such keys and 600,000 bytes of values: two a character unless all are Latin-1.
 */
export interface StorageChange {
  /**
   * What must still stand: the version that was read, null for nothing. At most eight. A version that
   * no read gave never stands.
   *
   * @default nothing
   */
  readonly checks?: readonly { readonly key: StorageKey; readonly version: string | null }[];
  /**
   * What is written.
   *
   * @default nothing
   */
  readonly sets?: readonly StorageWrite[];
  /**
   * What is removed, if it is there; at most 500 writes and removals together.
   *
   * @default nothing
   */
  readonly deletes?: readonly StorageKey[];
  /**
   * The term under which the change is made: it is refused once that is over.
   *
   * @default made under none
   */
  readonly fence?: StorageFence;
}

/**
 * A term of leadership, as far as a storage needs it. A `Term` is one, of a leader in the same store
 * when the storage is in one.
 */
export interface StorageFence {
  /** That the key which was set with the term still stands. */
  readonly check: Deno.AtomicCheck;
  /** Whether the term may still be acted on. */
  isValid(): boolean;
}

/** What of a prefix is read. */
export interface StorageListOptions {
  /** How many entries at most, 1 to 1,000,000. */
  readonly limit: number;
  /**
   * Only keys after this one, in the direction of reading. It must be below the prefix; nothing need
   * stand there.
   *
   * @default from the first, or the last
   */
  readonly after?: StorageKey;
  /**
   * Whether to read from the last key to the first.
   *
   * @default false
   */
  readonly reverse?: boolean;
}

/**
 * Where recovery keeps what must survive a restart, and what its nodes tell each other.
 *
 * Obligations: a change applies wholly or not at all, and its checks and fence hold at that moment; a
 * read shows every change that was answered before it; keys are listed in the order of their parts, by
 * code points (a code unit from 0xe000 comes before a surrogate pair), and a key before those below it;
 * what cannot be known is an error and never an answer.
 */
export interface RecoveryStorage {
  /**
   * Reads a value.
   *
   * @param key Where it stands.
   * @returns What stands there; null for nothing.
   * @throws {StoreUnavailableError} when there is no answer in time.
   * @throws {CorruptRecordError} when something else stands there than a storage writes.
   * @throws {TypeError} when the key is no proper one.
   */
  get(key: StorageKey): Promise<StoredEntry | null>;

  /**
   * Reads what stands below a prefix.
   *
   * @param prefix The first parts of the keys; none for all keys. What stands at the prefix itself
   * does not count.
   * @param options How much.
   * @returns The entries, in the order of their keys, or against it. Those of more than 500 need not
   * be of one moment.
   * @throws {StoreUnavailableError} when there is no answer in time.
   * @throws {CorruptRecordError} when something else stands there than a storage writes.
   * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
   * @throws {RangeError} when the limit is out of range.
   */
  list(prefix: StorageKey, options: StorageListOptions): Promise<readonly StoredEntry[]>;

  /**
   * Changes what is stored.
   *
   * @param change What to check, write and remove.
   * @returns The version of all that it wrote; null when it was refused, as a check or the fence did
   * not hold.
   * @throws {StoreUnavailableError} when that cannot be known: it may be applied, now or later.
   * @throws {TypeError} when a key, a version or a value is no proper one, or when a key is changed
   * twice.
   * @throws {RangeError} when the change is too large.
   */
  commit(change: StorageChange): Promise<string | null>;
}
