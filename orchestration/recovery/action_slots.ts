import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { ChainCause } from "./recovery_chain.ts";

/** Options of {@link ActionSlots.acquire}. */
export interface AcquireOptions {
  /**
   * Who has more of it goes first.
   *
   * @default 0
   */
  readonly priority?: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly action: string;
  readonly priority: number;
  readonly go: () => void;
}

/** @returns Which priority an action has: people first, then by severity. */
export function turnPriority({ trigger, severity }: ChainCause): number {
  return trigger === RecoveryTrigger.MANUAL_TRIGGER ? Infinity : severity;
}

/**
 * Turns of actions: only so many run at once, and of each action one. Those that wait go by their
 * priority, and of one priority in the order in which they came, past those whose action is running.
 *
 * Not guaranteed: a turn for what is least important, while more important ones keep coming.
 */
export class ActionSlots {
  readonly #max: () => number;
  readonly #running: Set<string> = new Set();
  readonly #waiters: Waiter[] = [];

  /** @param max How many run at once; asked each time. */
  constructor(max: () => number) {
    this.#max = max;
  }

  /** The actions that run. */
  get running(): readonly string[] {
    return [...this.#running];
  }

  /** @returns Which place in the queue an action would have; 0 when it would not wait. */
  placeOf(action: string): number {
    return this.#isFree(action) ? 0 : this.#waiters.length + 1;
  }

  /**
   * Waits for a turn.
   *
   * @returns Ends the turn.
   * @throws The signal's reason.
   */
  async acquire(action: string, { signal, priority = 0 }: AcquireOptions): Promise<() => void> {
    signal.throwIfAborted();
    this.#admit(); // more may run at once than when the last turn ended
    if (!this.#isFree(action)) await this.#wait(action, priority, signal);
    else this.#running.add(action);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#running.delete(action);
      this.#admit();
    };
  }

  #isFree(action: string): boolean {
    return this.#running.size < this.#max() && !this.#running.has(action);
  }

  async #wait(action: string, priority: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { action, priority, go: resolve };
    const leave = () => {
      const at = this.#waiters.indexOf(waiter);
      if (at === -1) return;
      this.#waiters.splice(at, 1);
      reject(signal.reason);
    };
    const behind = this.#waiters.findIndex((each) => each.priority < priority);
    this.#waiters.splice(behind === -1 ? this.#waiters.length : behind, 0, waiter);
    signal.addEventListener("abort", leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  #admit(): void {
    for (const waiter of [...this.#waiters]) {
      if (!this.#isFree(waiter.action)) continue;
      this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      this.#running.add(waiter.action);
      waiter.go();
    }
  }
}
