/** What an application waits for and loops over through a node. All of it ends when the node stops. */
export class OpenWaits {
  readonly #failed: (error: unknown) => void;
  readonly #ended = new AbortController();
  readonly #waits: Set<Promise<unknown>> = new Set();
  readonly #loops: Set<AsyncGenerator<unknown, void, undefined>> = new Set();

  /** @param failed Told what went wrong while a loop ended that nobody was looking at. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /**
   * Waits for something for as long as the node runs.
   *
   * @param begin Begins it, under the signal that ends it.
   * @param signal The caller's own.
   * @returns What it gives.
   * @throws The caller's reason, or an `AbortError` when the node stops.
   */
  async until<T>(begin: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#ended.signal.throwIfAborted();
    const wait = begin(this.#orEnded(signal));
    this.#waits.add(wait);
    try {
      return await wait;
    } finally {
      this.#waits.delete(wait);
    }
  }

  /**
   * Hands on what a loop yields for as long as the node runs.
   *
   * @param begin Begins the loop, under the signal that ends it.
   * @param signal The caller's own.
   * @returns The same.
   */
  async *follow<T>(
    begin: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
    signal?: AbortSignal,
  ): AsyncGenerator<T, void, undefined> {
    const loop = begin(this.#orEnded(signal));
    this.#loops.add(loop);
    try {
      yield* loop;
    } finally {
      this.#loops.delete(loop);
    }
  }

  /**
   * Ends everything and waits until it has ended. A loop whose body is being run has cleared up by
   * then, and its next turn is none: nothing waits for the body, which may itself wait for this.
   */
  async close(): Promise<void> {
    this.#ended.abort(new DOMException("The node was shut down", "AbortError"));
    const loops = [...this.#loops];
    await Promise.all([
      Promise.allSettled(this.#waits), // whoever waits is told
      ...loops.map((loop) => loop.return().catch(this.#failed)),
    ]);
  }

  #orEnded(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#ended.signal]) : this.#ended.signal;
  }
}
