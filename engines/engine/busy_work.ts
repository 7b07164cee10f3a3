/** Work that keeps an engine busy, and is called off with it. */
export class BusyWork {
  readonly #works = new Map<AbortController, Promise<void>>();
  #end: { readonly reason: unknown } | null = null;

  /** How much of it goes on. */
  get size(): number {
    return this.#works.size;
  }

  /** What goes on; each resolves when it has ended, however it did. */
  works(): readonly Promise<void>[] {
    return [...this.#works.values()];
  }

  /**
   * Does some work.
   *
   * @param work The work. Its signal aborts when all is called off, or has been.
   * @returns What the work returns.
   */
  async run<T>(work: (stopped: AbortSignal) => T | Promise<T>): Promise<T> {
    const controller = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#works.set(controller, promise);
    try {
      if (this.#end !== null) controller.abort(this.#end.reason);
      return await work(controller.signal);
    } finally {
      this.#works.delete(controller);
      resolve();
    }
  }

  /**
   * Calls off what goes on, and what is still to come.
   *
   * @param reason Why.
   */
  callOff(reason: unknown): void {
    this.#end ??= { reason };
    for (const controller of this.#works.keys()) controller.abort(reason);
  }
}
