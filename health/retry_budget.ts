import { type Clock, systemClock } from "../clock.ts";

/** Options of {@link RetryBudget}. */
export interface RetryBudgetOptions {
  /**
   * Retries that each call pays for: 0.2 lets calls rise by a fifth. From 0 to 1.
   *
   * @default 0.2
   */
  readonly retriesPerCall?: number;
  /**
   * Retries that come back each second, however few calls there are.
   *
   * @default 10
   */
  readonly retriesPerSecond?: number;
  /**
   * The most retries that are ever saved up; a new budget starts with as many.
   *
   * @default 100
   */
  readonly capacity?: number;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

/**
 * How many retries may be: a bucket of tokens that calls and time fill and retries empty, so that
 * retries cannot multiply the load of an outage. Calls may share one; so they share what it holds.
 * Over any time there are at most `capacity` + `retriesPerCall` × calls + `retriesPerSecond` × seconds
 * retries. The shape, and the defaults, are those of Finagle's retry budget.
 *
 * @example Two retries, then none
 * ```ts
 * import { RetryBudget } from "@baton/orchestration/health";
 *
 * const budget = new RetryBudget({ capacity: 2, retriesPerSecond: 0 });
 * const taken = [budget.take(), budget.take(), budget.take()];
 * if (taken.join() !== "true,true,false") throw new Error("unexpected");
 * ```
 */
export class RetryBudget {
  readonly #retriesPerCall: number;
  readonly #retriesPerMs: number;
  readonly #capacity: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledAtMs: number;

  /**
   * Makes a full budget.
   *
   * @param options What fills it, how much it holds, and time.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(options: RetryBudgetOptions = {}) {
    const { retriesPerCall = 0.2, retriesPerSecond = 10, capacity = 100 } = options;
    if (!(retriesPerCall >= 0 && retriesPerCall <= 1)) {
      throw new RangeError(`retriesPerCall must be from 0 to 1, got ${retriesPerCall}`);
    }
    if (!(retriesPerSecond >= 0 && retriesPerSecond < Infinity)) {
      throw new RangeError(`retriesPerSecond must be at least 0, got ${retriesPerSecond}`);
    }
    if (!(capacity >= 0 && capacity < Infinity)) {
      throw new RangeError(`capacity must be at least 0 and finite, got ${capacity}`);
    }
    this.#retriesPerCall = retriesPerCall;
    this.#retriesPerMs = retriesPerSecond / 1_000;
    this.#capacity = capacity;
    this.#clock = options.clock ?? systemClock;
    this.#tokens = capacity;
    this.#filledAtMs = this.#clock.monotonic();
  }

  /** How many retries there are at the moment; a part of one is none yet. */
  get available(): number {
    this.#fill();
    return this.#tokens;
  }

  /** Notes a call, which pays for a part of a retry. */
  noteCall(): void {
    this.#fill();
    this.#tokens = Math.min(this.#capacity, this.#tokens + this.#retriesPerCall);
  }

  /**
   * Takes one retry.
   *
   * @returns Whether there was one.
   */
  take(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #fill(): void {
    const nowMs = this.#clock.monotonic();
    const earned = (nowMs - this.#filledAtMs) * this.#retriesPerMs;
    this.#tokens = Math.min(this.#capacity, this.#tokens + earned);
    this.#filledAtMs = nowMs;
  }
}
