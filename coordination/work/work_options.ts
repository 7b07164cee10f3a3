/** How long an assignment may take, and what ends it early. */
export interface AssignOptions {
  /**
   * Ends the wait early: an item that nobody has acknowledged is withdrawn if it still can be. On the
   * leader it can until it is sent to the store, elsewhere until the leader assigns it.
   */
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
   * How many claims may be open at once, 1 to 10,000.
   *
   * With more than one, items that were never begun are claimed ahead, up to 50 in one commit. What
   * was not handed out within half of its `claimMs` is given back, and fewer are claimed at once from
   * then on; so renew what takes longer than 0.3 of its `claimMs`. An item that ends its process costs
   * those that were claimed ahead one attempt. What was begun before, or has one attempt only, is
   * claimed alone, when it is its turn.
   *
   * @default 1
   */
  readonly maxClaims?: number;
}
