import { describeError } from "./describe_error.ts";

/** How listeners fared so far. */
export interface ListenerMetrics {
  /** Listeners that threw or rejected. */
  readonly listener_faults_total: number;
  /** Events that a listener did not get, because too many before it were still pending. */
  readonly listener_drops_total: number;
  /** The last fault, as text; null when there was none. */
  readonly last_listener_fault: string | null;
}

/** Events that one listener may have under way; more are dropped and counted. */
const PENDING_MAX = 16;
const FAULT_MAX_CHARS = 200;

/** Tells listeners about events. None can break or delay who tells; what goes wrong is counted. */
export class IsolatedListeners<E> {
  readonly #entries: Set<{ readonly listener: (event: E) => unknown; pending: number }> = new Set();
  #faults = 0;
  #drops = 0;
  #lastFault: string | null = null;

  /**
   * Adds a listener; the same function may be added more than once.
   *
   * @returns Takes it away again.
   */
  add(listener: (event: E) => unknown): () => void {
    if (typeof listener !== "function") throw new TypeError("A listener must be a function");
    const entry = { listener, pending: 0 };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** Takes all of them away. */
  clear(): void {
    this.#entries.clear();
  }

  /** Tells everybody, in the order in which they were added. Never throws, waits for nobody. */
  tell(event: E): void {
    for (const entry of [...this.#entries]) {
      if (entry.pending >= PENDING_MAX) this.#drops++;
      else this.#tellOne(entry, event);
    }
  }

  /** What went wrong so far. */
  get metrics(): ListenerMetrics {
    return {
      listener_faults_total: this.#faults,
      listener_drops_total: this.#drops,
      last_listener_fault: this.#lastFault,
    };
  }

  /** Counts a fault of a function that was handed in. */
  noteFault(error: unknown): void {
    this.#faults++;
    this.#lastFault = describeError(error).slice(0, FAULT_MAX_CHARS);
  }

  #tellOne(
    entry: { readonly listener: (event: E) => unknown; pending: number },
    event: E,
  ): void {
    try {
      const result = entry.listener(event);
      if (!isThenable(result)) return;
      entry.pending++;
      const settle = () => void entry.pending--;
      Promise.resolve(result).catch((error) => this.noteFault(error)).finally(settle);
    } catch (error) {
      this.noteFault(error);
    }
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === "object" && value !== null && "then" in value;
}
