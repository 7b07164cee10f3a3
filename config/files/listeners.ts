/** Those who want to be told. None of them can hinder the others, or whoever tells. */
export class Listeners<E> {
  readonly #listeners = new Set<(event: E) => void>();
  #errorCount = 0;

  /** How often one of them threw or rejected. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** Adds one; the same function may be added several times. Returns how to take it away. */
  add(listener: (event: E) => void): () => void {
    const own = (event: E) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Takes all of them away. */
  clear(): void {
    this.#listeners.clear();
  }

  /** Tells all of them, at once and one after the other. */
  tell(event: E): void {
    const count = () => void this.#errorCount++;
    for (const listener of [...this.#listeners]) {
      // Catches the throw of a listener, and the rejection of an asynchronous one.
      new Promise((resolve) => resolve(listener(event))).catch(count);
    }
  }
}
