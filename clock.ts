/**
 * Time as a port. Everything in Baton that waits or measures takes a {@link Clock}; this file is the
 * only one that touches the runtime's own clocks and timers.
 *
 * Not guaranteed: that {@link Clock.now} never jumps (wall clocks are set by people and by NTP), or
 * that {@link Clock.sleep} wakes on time (a blocked event loop or a suspended machine wakes it late).
 *
 * @example Measure without ambient time
 * ```ts
 * import { systemClock } from "@baton/orchestration/clock";
 *
 * const start = systemClock.monotonic();
 * await systemClock.sleep(5);
 * const elapsedMs = systemClock.monotonic() - start;
 * if (elapsedMs < 4) throw new Error("slept too short");
 * ```
 *
 * @module
 */

/** Options of {@link Clock.sleep}. */
export interface SleepOptions {
  /** Ends the sleep early: the returned promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The passage of time, as Baton sees it. */
export interface Clock {
  /** Wall time in ms since the epoch: for records that people read, never for durations. */
  now(): number;
  /** Monotonic time in ms from an arbitrary origin: for durations and deadlines. */
  monotonic(): number;
  /**
   * Waits.
   *
   * @param ms How long, in ms; zero or less waits for one turn of the event loop.
   * @param options The signal that ends the wait early.
   * @returns A promise that resolves after `ms`, or rejects with the signal's reason.
   */
  sleep(ms: number, options?: SleepOptions): Promise<void>;
  /**
   * Plans something: what a deadline needs, at a fraction of the cost of a sleep with a signal.
   *
   * @param ms In how many ms.
   * @param run What happens then.
   * @returns Calls it off.
   */
  after(ms: number, run: () => void): () => void;
}

/** The longest delay a JavaScript timer holds (2^31 − 1 ms); longer ones would fire at once. */
const TIMER_MAX_MS = 2_147_483_647;

/** The clock of this machine: `Date.now`, `performance.now` and `setTimeout`. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms: number, options: SleepOptions = {}): Promise<void> {
    let left = Math.max(0, ms);
    do {
      await sleepOnce(Math.min(left, TIMER_MAX_MS), options.signal);
      left -= TIMER_MAX_MS;
    } while (left > 0);
  },
  after(ms: number, run: () => void): () => void {
    let leftMs = Math.max(0, ms);
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const nextMs = Math.min(leftMs, TIMER_MAX_MS);
      leftMs -= nextMs;
      timer = setTimeout(leftMs > 0 ? wait : run, nextMs);
    };
    wait();
    return () => clearTimeout(timer);
  },
};

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
