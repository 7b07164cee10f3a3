/** Work that keeps an engine busy, and is called off with it. */
export class BusyWork {
  readonly #controllers = new Set<AbortController>();
  #end: { readonly reason: unknown } | null = null;

  /** How much of it goes on. */
  get size(): number {
    return this.#controllers.size;
  }

  /**
   * Does some work.
   *
   * @param work The work. Its signal aborts when all is called off, or has been.
   * @returns What the work returns.
   */
  async run<T>(work: (stopped: AbortSignal) => T | Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#controllers.add(controller);
    try {
      if (this.#end !== null) controller.abort(this.#end.reason);
      return await work(controller.signal);
    } finally {
      this.#controllers.delete(controller);
    }
  }

  /**
   * Calls off what goes on, and what is still to come.
   *
   * @param reason Why.
   */
  callOff(reason: unknown): void {
    this.#end ??= { reason };
    for (const controller of this.#controllers) controller.abort(reason);
  }
}
