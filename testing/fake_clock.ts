import { type Clock, type SleepOptions, systemClock } from "../clock.ts";

interface Sleeper {
  readonly wakeAt: number;
  readonly resolve: () => void;
}

/** Options of {@link FakeClock}. */
export interface FakeClockOptions {
  /**
   * Wall time at the start, in ms since the epoch.
   *
   * @default 2026-01-01T00:00:00Z
   */
  readonly startWallMs?: number;
  /**
   * Waits until what a woken sleeper started has come to rest, before the next one wakes.
   *
   * @default a few turns of the event loop, which is enough for promise chains; give your own when
   * real I/O is involved
   */
  readonly settle?: () => Promise<void>;
}

/**
 * A clock that stands still until a test moves it. Wall time and monotonic time are apart: a jump
 * of the wall clock wakes nobody.
 *
 * @example Wait an hour in no time
 * ```ts
 * import { FakeClock } from "@baton/orchestration/testing";
 *
 * const clock = new FakeClock();
 * let woke = false;
 * clock.sleep(3_600_000).then(() => woke = true);
 * await clock.advance(3_600_000);
 * if (!woke) throw new Error("still asleep");
 * ```
 */
export class FakeClock implements Clock {
  #monotonicMs = 0;
  #wallMs: number;
  readonly #sleepers = new Set<Sleeper>();

  readonly #settle: () => Promise<void>;

  /**
   * Makes a clock that stands still.
   *
   * @param options Where wall time starts, and how to wait for work in flight.
   */
  constructor(options: FakeClockOptions = {}) {
    this.#wallMs = options.startWallMs ?? Date.UTC(2026, 0, 1);
    this.#settle = options.settle ?? turnEventLoop;
  }

  /** Wall time in ms since the epoch. */
  now(): number {
    return this.#wallMs;
  }

  /** Monotonic time in ms since the clock was made. */
  monotonic(): number {
    return this.#monotonicMs;
  }

  /** How many sleepers wait at the moment. */
  get sleeperCount(): number {
    return this.#sleepers.size;
  }

  /** Waits until the clock has been moved on far enough. */
  sleep(ms: number, options: SleepOptions = {}): Promise<void> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = {
        wakeAt: this.#monotonicMs + Math.max(0, ms),
        resolve: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /**
   * Moves both clocks on, waking sleepers in the order of their times and letting what they started
   * settle before the next one wakes.
   *
   * @param ms How far, in ms.
   * @returns A promise that resolves when everything due has run.
   */
  async advance(ms: number): Promise<void> {
    const until = this.#monotonicMs + ms;
    await this.#settle();
    for (let next = this.#nextDue(until); next; next = this.#nextDue(until)) {
      this.#moveTo(Math.max(next.wakeAt, this.#monotonicMs));
      this.#sleepers.delete(next);
      next.resolve();
      await this.#settle();
    }
    this.#moveTo(until);
    await this.#settle();
  }

  /**
   * Lets time pass while nobody runs, as a suspended process sees it: sleepers stay asleep until the
   * next {@link FakeClock.advance}.
   *
   * @param ms How long, in ms.
   * @param options Set `monotonic` to false for a system whose monotonic clock stops in suspend.
   */
  freeze(ms: number, options: { readonly monotonic?: boolean } = {}): void {
    this.#wallMs += ms;
    if (options.monotonic ?? true) this.#monotonicMs += ms;
  }

  /**
   * Sets the wall clock forward or back, as an administrator or NTP does.
   *
   * @param ms How far, in ms; negative for back.
   */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #nextDue(until: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.wakeAt <= until && (!next || sleeper.wakeAt < next.wakeAt)) next = sleeper;
    }
    return next;
  }
}

/** Turns of the event loop that let promise chains come to rest. */
const SETTLE_TURNS = 4;

async function turnEventLoop(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) {
    await systemClock.sleep(0);
  }
}
