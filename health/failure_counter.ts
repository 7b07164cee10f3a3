const BUCKET_MS = 60_000;
const BUCKETS = 60;

/**
 * Counts events of the last hour in 60 buckets of a minute, however many there are. Exact to a
 * minute: an event is forgotten 59 to 60 minutes after it happened.
 */
export class FailureCounter {
  readonly #counts = new Float64Array(BUCKETS);
  #newest = -Infinity;

  /** Counts an event at a monotonic time in ms. */
  record(monotonicMs: number): void {
    this.#forget(monotonicMs);
    const bucket = Math.floor(monotonicMs / BUCKET_MS) % BUCKETS;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** @returns How many events the last hour saw, at a monotonic time in ms. */
  count(monotonicMs: number): number {
    this.#forget(monotonicMs);
    return this.#counts.reduce((sum, each) => sum + each, 0);
  }

  /** Empties the buckets that time has passed over since the last call. */
  #forget(monotonicMs: number): void {
    const current = Math.floor(monotonicMs / BUCKET_MS);
    const first = Math.max(this.#newest + 1, current - BUCKETS + 1, 0);
    for (let minute = first; minute <= current; minute++) this.#counts[minute % BUCKETS] = 0;
    this.#newest = Math.max(this.#newest, current);
  }
}
