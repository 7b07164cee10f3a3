/** What a {@link Lifecycle} runs. */
export interface LifecycleSteps {
  /** Starts; what it leaves running must end with the signal. A failure leaves everything stopped. */
  start(signal: AbortSignal): Promise<void>;
  /** Ends what was started. Never rejects. */
  stop(): Promise<void>;
}

/** Starts and stops something one step at a time, however many callers ask at once. */
export class Lifecycle {
  readonly #steps: LifecycleSteps;
  #running: AbortController | null = null;
  #isUp = false;
  #turn: Promise<void> = Promise.resolve();

  /** @param steps What is started and stopped. */
  constructor(steps: LifecycleSteps) {
    this.#steps = steps;
  }

  /** Whether it has been started and not been asked to stop. */
  get isRunning(): boolean {
    return this.#isUp && this.#running !== null && !this.#running.signal.aborted;
  }

  /** Whether it has been asked to stop and not been started since. */
  get isStopping(): boolean {
    return this.#running?.signal.aborted ?? false;
  }

  /** Starts, unless it runs. Rejects when it cannot, or when it is told to stop meanwhile. */
  startup(): Promise<void> {
    return this.#next(async () => {
      if (this.#isUp) return;
      const running = this.#running = new AbortController();
      try {
        await this.#steps.start(running.signal);
        running.signal.throwIfAborted();
        this.#isUp = true;
      } catch (error) {
        running.abort(error);
        await this.#steps.stop();
        throw error;
      }
    });
  }

  /** Stops, unless it is stopped; a start under way is cut short. */
  shutdown(): Promise<void> {
    const reason = new DOMException("Shut down while starting", "AbortError");
    this.#running?.abort(reason);
    return this.#next(async () => {
      if (!this.#isUp) return;
      this.#running?.abort(reason);
      await this.#steps.stop();
      this.#isUp = false;
    });
  }

  #next(step: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(step);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}
