/** Options of {@link Term.resign}. */
export interface ResignOptions {
  /**
   * The leader's work: the signal aborts at once, the store is told when this has settled. Work that
   * does not end within `remainingMs()` is not waited for: then the lease runs out by itself.
   *
   * @default nothing to wait for
   */
  readonly after?: Promise<unknown>;
}

/**
 * What a leader holds while it leads. It ends once and for all: by resignation, by expiry, or when
 * the store shows another holder.
 */
export interface Term extends AsyncDisposable {
  /** Name of the election. */
  readonly election: string;
  /** The id under which it is held. */
  readonly holderId: string;
  /** Strictly greater than every term held before in this election; never used again. */
  readonly term: number;
  /**
   * Fencing token for stores other than this one. Texts of later terms compare greater, so a
   * resource that remembers the greatest it has seen can refuse every smaller one.
   */
  readonly fence: string;
  /**
   * What {@link Term.atomic} starts with, for operations that are composed elsewhere: that the key
   * which was set with this term still stands.
   */
  readonly check: Deno.AtomicCheck;
  /** Aborts when the term ends; its reason is a `LeadershipLostError`. */
  readonly signal: AbortSignal;

  /**
   * Computed when asked, from this process's own clocks: false from the moment on at which another
   * process could lead, even when the event loop was blocked meanwhile.
   *
   * @returns Whether the term may still be acted on.
   */
  isValid(): boolean;

  /**
   * Computed when asked, as {@link Term.isValid} is.
   *
   * @returns For how many ms the term may still be acted on without a renewal; 0 when it ended.
   */
  remainingMs(): number;

  /**
   * Begins an atomic operation that commits only while this term stands: it starts with a check on
   * a key of the term's own, which every takeover and every resignation deletes. Its `commit()`
   * answers `{ ok: false }` once the term is over in the store, whatever any clock says, and in a
   * store that was set back to before the term.
   *
   * @returns The operation, to be filled with checks and writes of your own.
   */
  atomic(): Deno.AtomicOperation;

  /**
   * Ends the term now, so that another can lead without waiting for the lease to run out. The signal
   * aborts before the store is told. Idempotent.
   *
   * @param options What to wait for in between.
   * @throws {StoreUnavailableError} when the store cannot be told: others lead after the lease.
   */
  resign(options?: ResignOptions): Promise<void>;

  /**
   * Ends the term in favour of one candidate: nobody else takes the next term for as long as the
   * lease is, unless that candidate takes it earlier.
   *
   * @param to The candidate's `holderId`.
   * @throws {TypeError} when `to` is no proper name, or this holder itself; the term goes on then.
   * @throws {LeadershipLostError} when the term has ended before.
   * @throws {StoreUnavailableError} when the store cannot be told: others lead after the lease.
   */
  transfer(to: string): Promise<void>;
}
