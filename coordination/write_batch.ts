/** An atomic operation as `KvStore.commit` sends it. */
export interface WriteBatch {
  /** What must still stand for the batch to commit. */
  readonly checks: readonly Deno.AtomicCheck[];
  /** What is written. */
  readonly sets: readonly KvWrite[];
  /** What is removed. */
  readonly deletes?: readonly Deno.KvKey[];
  /**
   * Counters to add to. The checks must hold only once, or a batch that the store's client sends
   * again is counted twice; the counters must hold nothing else, or the batch is applied by halves.
   */
  readonly sums?: readonly KvSum[];
  /**
   * One of the writes, with a nonce in its value: where to look when the store's answer is lost.
   * Without one, a batch whose answer is lost stays unknown.
   */
  readonly witness?: { readonly key: Deno.KvKey; readonly nonce: string };
}

/** One value of a {@link WriteBatch}. */
export interface KvWrite {
  /** Where it goes. */
  readonly key: Deno.KvKey;
  /** What is written. */
  readonly value: unknown;
  /** After how many ms the store may remove it, for garbage only: it may stay long after that. */
  readonly expireInMs?: number;
}

/** One counter of a {@link WriteBatch}. */
export interface KvSum {
  /** Where it stands. */
  readonly key: Deno.KvKey;
  /** What is added; negative to take away. Counters wrap at 2^64. */
  readonly amount: bigint;
}

/** What became of a batch. Nobody may act on `unknown` as if it were one of the others. */
export type CommitOutcome =
  | { readonly kind: "committed"; readonly versionstamp: string }
  | { readonly kind: "refused" }
  | { readonly kind: "unknown"; readonly error: unknown };

/** How long a call may take. */
export interface CallOptions {
  /** The whole call's deadline in ms, retries and read-back included. */
  readonly timeoutMs: number;
}

/** What of a prefix is read, and how long it may take. */
export interface ListOptions extends CallOptions {
  /**
   * How many entries at most.
   *
   * @default all of them
   */
  readonly limit?: number;
  /**
   * The first key that counts; it must be below the prefix. Not together with `end`.
   *
   * @default the prefix's first
   */
  readonly start?: Deno.KvKey;
  /**
   * The first key that no longer counts; it must be below the prefix. Not together with `start`.
   *
   * @default none
   */
  readonly end?: Deno.KvKey;
  /**
   * Whether to read from the last key to the first.
   *
   * @default false
   */
  readonly reverse?: boolean;
}
