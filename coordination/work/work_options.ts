/** How long an assignment may take, and what ends it early. */
export interface AssignOptions {
  /** Ends the wait early: an item that nobody has acknowledged is withdrawn if it still can be. */
  readonly signal?: AbortSignal;
  /**
   * How long to wait for the acknowledgement, in ms.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number;
}

/** How a member takes work. */
export interface WorkOptions {
  /** Ends the loop. */
  readonly signal?: AbortSignal;
  /**
   * How many claims may be open at once, 1 to 10,000. With more than one, up to 50 are claimed in one
   * commit; each is valid from then on, so one that is handled after others must be renewed.
   *
   * @default 1
   */
  readonly maxClaims?: number;
}
