import type { FailureRateLimit } from "./circuit_breaker_limits.ts";

const BUCKETS = 10;

/**
 * Calls and failures of a while, in ten buckets, however many there are. Exact to a bucket: a call
 * is forgotten when nine to ten tenths of the window have passed.
 */
export class CircuitBreakerWindow {
  readonly #limit: FailureRateLimit;
  readonly #bucketMs: number;
  readonly #calls = new Float64Array(BUCKETS);
  readonly #failures = new Float64Array(BUCKETS);
  #newest = -Infinity;

  /** @param limit From where on the share counts. */
  constructor(limit: FailureRateLimit) {
    this.#limit = limit;
    this.#bucketMs = limit.windowMs / BUCKETS;
  }

  /** Counts a call that ended at a monotonic time in ms. */
  record(failed: boolean, monotonicMs: number): void {
    const current = this.#moveTo(monotonicMs);
    const at = current % BUCKETS;
    this.#calls[at] = (this.#calls[at] ?? 0) + 1;
    if (failed) this.#failures[at] = (this.#failures[at] ?? 0) + 1;
  }

  /** @returns Whether so many calls of the window failed that the breaker opens. */
  isTripped(monotonicMs: number): boolean {
    this.#moveTo(monotonicMs);
    const calls = this.#calls.reduce((sum, each) => sum + each, 0);
    const failures = this.#failures.reduce((sum, each) => sum + each, 0);
    return calls >= this.#limit.minCalls && failures >= this.#limit.share * calls;
  }

  /** Forgets everything. */
  clear(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
  }

  /** Empties the buckets that time has passed over since the last call. */
  #moveTo(monotonicMs: number): number {
    const current = Math.floor(monotonicMs / this.#bucketMs);
    const first = Math.max(this.#newest + 1, current - BUCKETS + 1, 0);
    for (let each = first; each <= current; each++) {
      const at = each % BUCKETS;
      this.#calls[at] = 0;
      this.#failures[at] = 0;
    }
    this.#newest = Math.max(this.#newest, current);
    return current;
  }
}
