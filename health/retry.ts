import { type Clock, systemClock } from "../clock.ts";
import { RetryRefusal } from "../enums/retry_refusal.ts";
import { isTransientError } from "./is_transient_error.ts";
import { IsolatedListeners, type ListenerMetrics } from "../config/isolated_listeners.ts";
import { RetryBudget } from "./retry_budget.ts";
import { type RetryBackoff, retryBackoff, retryDelayMs } from "./retry_delay.ts";
import { RetryExhaustedError } from "./retry_exhausted_error.ts";

/** Options of {@link Retry}. */
export interface RetryOptions extends RetryBackoff {
  /**
   * How often something is tried, the first time included; from 1.
   *
   * @default 3
   */
  readonly maxAttempts?: number;
  /**
   * How many retries may be; share one among all that call the same thing.
   *
   * @default one of its own with the defaults of `RetryBudget`
   */
  readonly budget?: RetryBudget;
  /**
   * Which errors another attempt may cure. One that throws counts as false, and as a fault of a
   * listener.
   *
   * @default isTransientError
   */
  readonly isRetriable?: (error: unknown) => boolean;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Chance in [0, 1).
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

/** One attempt. */
export interface RetryAttempt {
  /** Which attempt it is, from 1. */
  readonly attempt: number;
  /** Ends it early: to be heeded. */
  readonly signal: AbortSignal;
}

/** Options of one call of {@link Retry.execute}. */
export interface RetryCallOptions {
  /** Ends the call early: it rejects with the signal's reason, also from a wait between attempts. */
  readonly signal?: AbortSignal;
}

/** An attempt failed. */
export interface RetryEvent {
  /** Which attempt it was, from 1. */
  readonly attempt: number;
  /** What it threw. */
  readonly error: unknown;
  /** How long until the next, in ms; null when there is none. */
  readonly delayMs: number | null;
}

/** What a {@link Retry} counted. Keys are wire keys. */
export interface RetryMetrics extends ListenerMetrics {
  /** Calls. */
  readonly calls_total: number;
  /** Attempts, the first of each call included. */
  readonly total_attempts: number;
  /** Attempts that failed. */
  readonly failed_attempts_total: number;
  /** Calls given up because they had all their attempts. */
  readonly exhausted_total: number;
  /** Calls given up because the budget was empty. */
  readonly budget_refusals_total: number;
  /** Retries that the budget holds. */
  readonly budget_available: number;
}

/**
 * Tries again what failed for a reason that may pass: a bounded number of times, after delays that
 * grow and that chance spreads, and only while the budget allows it.
 *
 * Not guaranteed: that an attempt ends. Give what is called a deadline of its own.
 *
 * @example Succeed at the second attempt
 * ```ts
 * import { Retry } from "@baton/orchestration/health";
 *
 * const retry = new Retry({ baseDelayMs: 1 });
 * const answer = await retry.execute(({ attempt }) => {
 *   if (attempt === 1) throw new Deno.errors.ConnectionRefused("not yet");
 *   return "here";
 * });
 * if (answer !== "here") throw new Error("unexpected");
 * ```
 */
export class Retry {
  readonly #maxAttempts: number;
  readonly #backoff: Required<RetryBackoff>;
  readonly #budget: RetryBudget;
  readonly #isRetriable: (error: unknown) => boolean;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #listeners: IsolatedListeners<RetryEvent> = new IsolatedListeners();
  #calls = 0;
  #attempts = 0;
  #failedAttempts = 0;
  #exhausted = 0;
  #budgetRefusals = 0;

  /**
   * Stores what it is given.
   *
   * @param options How often, after which delays, what for, and ports.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(options: RetryOptions = {}) {
    const { maxAttempts = 3, clock = systemClock } = options;
    if (!(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1)) {
      throw new RangeError(`maxAttempts must be a whole number from 1, got ${maxAttempts}`);
    }
    this.#maxAttempts = maxAttempts;
    this.#backoff = retryBackoff(options);
    this.#clock = clock;
    this.#budget = options.budget ?? new RetryBudget({ clock });
    this.#isRetriable = options.isRetriable ?? isTransientError;
    this.#random = options.random ?? Math.random;
  }

  /**
   * Calls a function until it succeeds, fails for good, or may not be tried again.
   *
   * @param run What to call.
   * @param options What ends the call early.
   * @returns What the function returned.
   * @throws {RetryExhaustedError} when it may not be tried again; the last error is the cause. An
   * error that another attempt cannot cure is thrown as it is.
   */
  async execute<T>(
    run: (attempt: RetryAttempt) => T | Promise<T>,
    options: RetryCallOptions = {},
  ): Promise<T> {
    const signal = options.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    this.#calls++;
    this.#budget.noteCall();
    let delayMs = 0;
    for (let attempt = 1;; attempt++) {
      try {
        this.#attempts++;
        return await run({ attempt, signal });
      } catch (error) {
        delayMs = this.#nextDelayMs({ attempt, error, previousMs: delayMs, signal });
      }
      await this.#clock.sleep(delayMs, { signal });
    }
  }

  /**
   * Tells a listener about every attempt that failed. One that throws is counted; none delays a call.
   *
   * @param listener What to tell.
   * @returns Takes the listener away again.
   */
  onFailedAttempt(listener: (event: RetryEvent) => unknown): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * Describes what it did.
   *
   * @returns What it counted so far.
   */
  getMetrics(): RetryMetrics {
    return {
      calls_total: this.#calls,
      total_attempts: this.#attempts,
      failed_attempts_total: this.#failedAttempts,
      exhausted_total: this.#exhausted,
      budget_refusals_total: this.#budgetRefusals,
      budget_available: this.#budget.available,
      ...this.#listeners.metrics,
    };
  }

  /** @returns How long to wait before the next attempt; throws when there is none. */
  #nextDelayMs(failed: FailedAttempt): number {
    const { attempt, error, previousMs, signal } = failed;
    if (signal.aborted) throw signal.reason;
    this.#failedAttempts++;
    const refusal = this.#refuse(attempt, error);
    const delayMs = refusal === null
      ? retryDelayMs(this.#backoff, { failures: attempt, previousMs, chance: this.#random() })
      : null;
    this.#listeners.tell({ attempt, error, delayMs });
    if (delayMs !== null) return delayMs;
    throw refusal === "permanent" || refusal === null
      ? error
      : new RetryExhaustedError(attempt, refusal, error);
  }

  /** @returns Why there is no further attempt; null when there is one, whose token is taken. */
  #refuse(attempt: number, error: unknown): RetryRefusal | "permanent" | null {
    if (!this.#mayPass(error)) return "permanent";
    if (attempt >= this.#maxAttempts) {
      this.#exhausted++;
      return RetryRefusal.MAX_ATTEMPTS;
    }
    if (this.#budget.take()) return null;
    this.#budgetRefusals++;
    return RetryRefusal.BUDGET_EMPTY;
  }

  #mayPass(error: unknown): boolean {
    try {
      return this.#isRetriable(error);
    } catch (fault) {
      this.#listeners.noteFault(fault);
      return false;
    }
  }
}

interface FailedAttempt {
  readonly attempt: number;
  readonly error: unknown;
  readonly previousMs: number;
  readonly signal: AbortSignal;
}
