/** An atomic operation as `KvStore.commit` sends it. */
export interface WriteBatch {
  /** What must still stand for the batch to commit. */
  readonly checks: readonly Deno.AtomicCheck[];
  /** What is written. */
  readonly sets: readonly KvWrite[];
  /** What is removed. */
  readonly deletes?: readonly Deno.KvKey[];
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
