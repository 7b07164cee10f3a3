/** Options of {@link Claim.renew}. */
export interface RenewOptions {
  /**
   * How far the work has got, in a unit of its own; what matters is that it grows.
   *
   * @default as far as was reported last
   */
  readonly progress?: number;
}

/**
 * One attempt of this process at an item of work. What it records is checked against the item's
 * versionstamp: once the item was given to another, nothing of this attempt is recorded.
 *
 * Not guaranteed: that this process learns of the loss before another begins. Effects outside of the
 * store should be idempotent, or name the item and its attempt.
 */
export interface Claim {
  /** The item's id. */
  readonly id: string;
  /** What to do. */
  readonly payload: unknown;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** The labels that a member must have for it. */
  readonly labels: Readonly<Record<string, string>>;
  /** The item's priority. */
  readonly priority: number;
  /** Aborts when the claim is lost or was not renewed in time; its reason is a `ClaimLostError`. */
  readonly signal: AbortSignal;

  /**
   * Computed when asked, from this process's own clocks: for 0.8 of the item's `claimMs` since the
   * claim was last renewed, and for as long as this member's own heartbeats arrive, because the work of
   * a dead member is given to others. False once the claim was failed or released, even if the answer
   * is not known.
   *
   * Assumes that clocks differ in rate by less than a fifth, and that all members have the same
   * `deadAfterMissed`.
   *
   * @returns Whether nobody else can have been given the item yet.
   */
  isValid(): boolean;

  /**
   * Computed when asked, as {@link Claim.isValid} is.
   *
   * @returns For how many ms the claim may still be relied on without a renewal; 0 when it is over.
   */
  remainingMs(): number;

  /**
   * Prolongs the claim by the item's `claimMs`, counted from before the renewal is sent.
   *
   * @param options How far the work has got.
   * @throws {NoProgressError} when the progress has not grown for the item's `progressMs`; nothing is
   * sent then, and the claim runs out.
   * @throws {ClaimLostError} when the claim is over.
   * @throws {RangeError} when the progress is no finite number.
   * @throws {StoreUnavailableError} when the outcome is not known; the claim stands until it runs out,
   * and whether or not the renewal arrived, it may be renewed again or closed.
   */
  renew(options?: RenewOptions): Promise<void>;

  /**
   * Records the result; the item is done. It is tried even if the claim was not renewed in time:
   * recorded is the result of whoever comes first, once.
   *
   * @param result Any JSON value; with payload and labels it must fit 60 KiB, 2 of which are kept for it.
   * @throws {ClaimLostError} when the item was given to another (`superseded`), or the claim was closed
   * otherwise before (`closed`): also by an earlier call whose outcome was not known and that turns out
   * to have arrived, such as one with another result.
   * @throws {TypeError} when the result is not a JSON value; the claim stands.
   * @throws {WorkRefusedError} when it does not fit the record; the claim stands.
   * @throws {StoreUnavailableError} when the outcome is not known: call again. With the same result
   * that is done once, whichever call arrives, and however often it is called.
   */
  complete(result?: unknown): Promise<void>;

  /**
   * Ends the attempt without a result: the item waits for its backoff and is assigned again, or is
   * given up when that was its last attempt.
   *
   * @param error What went wrong; its text is recorded, up to 1,024 characters.
   * @throws {ClaimLostError} when the item was given to another (`superseded`), or the claim was closed
   * otherwise before (`closed`): also by an earlier call of another kind that turns out to have arrived.
   * @throws {StoreUnavailableError} when the outcome is not known: call again. That is done once,
   * whichever call arrives, and what is recorded is the first one's error.
   */
  fail(error: unknown): Promise<void>;

  /**
   * Gives the item back, as if it had never been claimed: the attempt does not count.
   *
   * @throws {ClaimLostError} when the item was given to another (`superseded`), or the claim was closed
   * otherwise before (`closed`): also by an earlier call of another kind that turns out to have arrived.
   * @throws {StoreUnavailableError} when the outcome is not known: call again. That is done once,
   * whichever call arrives.
   */
  release(): Promise<void>;
}
