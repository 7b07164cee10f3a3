/** Keeps the last values; the oldest give way to new ones. */
export class RecentValues<T> {
  readonly #max: number;
  #values: T[] = [];

  /**
   * Keeps nothing yet.
   *
   * @param max How many are kept.
   */
  constructor(max: number) {
    this.#max = max;
  }

  /** How many are kept now. */
  get size(): number {
    return Math.min(this.#values.length, this.#max);
  }

  /** Adds a value. */
  add(value: T): void {
    this.#values.push(value);
    // Moved together only now and then, so that adding costs the same however many are kept.
    if (this.#values.length >= 2 * this.#max) this.#values = this.latest(this.#max);
  }

  /**
   * Says which values came last.
   *
   * @param count How many are wanted.
   * @returns The last values, at most so many, the latest last.
   */
  latest(count: number): T[] {
    const kept = Math.min(count, this.#max);
    return kept <= 0 ? [] : this.#values.slice(-kept);
  }
}
