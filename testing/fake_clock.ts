import type { Clock, SleepOptions } from "../clock.ts";
import { SimTime, turnEventLoop } from "./sim_time.ts";

/** Options of {@link FakeClock}. */
export interface FakeClockOptions {
  /**
   * Wall time at the start, in ms since the epoch.
   *
   * @default 2026-01-01T00:00:00Z
   */
  readonly startWallMs?: number;
  /**
   * How fast the clock goes: 2 for twice as fast as true time. From 0.01 to 100.
   *
   * @default 1
   */
  readonly rate?: number;
  /**
   * The true time on which the clock goes, shared with other clocks and with simulated stores.
   *
   * @default one of its own
   */
  readonly time?: SimTime;
  /**
   * Waits until what a woken sleeper started has come to rest, before the next one wakes. Not used
   * together with `time`, which has its own.
   *
   * @default a few turns of the event loop, which is enough for promise chains; give your own when
   * real I/O is involved
   */
  readonly settle?: () => Promise<void>;
}

/** What goes on while a clock's process is frozen. */
export interface FreezeOptions {
  /**
   * Whether the monotonic clock goes on, as it does when a process is stopped; false for a system
   * whose monotonic clock stands still while the machine is suspended.
   *
   * @default true
   */
  readonly monotonic?: boolean;
}

const RATE_MIN = 0.01;
const RATE_MAX = 100;

/**
 * A clock that stands still until a test moves it. Wall time and monotonic time are apart: a jump
 * of the wall clock wakes nobody. Several clocks on one {@link SimTime} may start apart, go at
 * unlike rates, jump, and freeze each on its own.
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
  readonly #time: SimTime;
  readonly #rate: number;
  readonly #startedAtMs: number;
  readonly #whenThawed: (() => void)[] = [];
  #monotonicOffsetMs = 0;
  #wallOffsetMs: number;
  #sleeperCount = 0;
  #frozen: { readonly atMs: number; readonly monotonic: boolean } | null = null;

  /**
   * Makes a clock that stands still.
   *
   * @param options Where wall time starts, how fast it goes, and how to wait for work in flight.
   * @throws {RangeError} when the rate is out of range.
   */
  constructor(options: FakeClockOptions = {}) {
    const { startWallMs = Date.UTC(2026, 0, 1), rate = 1 } = options;
    if (!(rate >= RATE_MIN && rate <= RATE_MAX)) {
      throw new RangeError(`rate must be a number from ${RATE_MIN} to ${RATE_MAX}, got ${rate}`);
    }
    this.#time = options.time ?? new SimTime({ settle: options.settle ?? turnSeveralTimes });
    this.#rate = rate;
    this.#startedAtMs = this.#time.nowMs;
    this.#wallOffsetMs = startWallMs;
  }

  /** Wall time in ms since the epoch. */
  now(): number {
    return this.#elapsedMs() + this.#wallOffsetMs;
  }

  /** Monotonic time in ms since the clock was made. */
  monotonic(): number {
    return this.#elapsedMs() + this.#monotonicOffsetMs;
  }

  /** How many sleepers and planned runs wait at the moment. */
  get sleeperCount(): number {
    return this.#sleeperCount;
  }

  /** Whether the clock's process is frozen. */
  get isFrozen(): boolean {
    return this.#frozen !== null;
  }

  /** Waits until the clock has been moved on far enough. */
  sleep(ms: number, options: SleepOptions = {}): Promise<void> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.after(ms, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Plans something for when the clock has been moved on far enough, and is not frozen. */
  after(ms: number, run: () => void): () => void {
    const dueAtMs = this.monotonic() + Math.max(0, ms);
    let isPlanned = true;
    let cancel: () => void;
    const plan = (inMs: number) => {
      cancel = this.#time.after(inMs / this.#rate, () => this.whenThawed(runWhenDue));
    };
    const runWhenDue = () => {
      if (!isPlanned) return;
      const leftMs = dueAtMs - this.monotonic();
      if (leftMs > 0) return plan(Math.max(leftMs, ROUNDING_MS));
      isPlanned = false;
      this.#sleeperCount--;
      run();
    };
    this.#sleeperCount++;
    plan(Math.max(0, ms));
    return () => {
      if (!isPlanned) return;
      isPlanned = false;
      this.#sleeperCount--;
      cancel();
    };
  }

  /**
   * Does something now, or as soon as the clock's process is no longer frozen.
   *
   * @param run What happens.
   */
  whenThawed(run: () => void): void {
    if (this.#frozen) this.#whenThawed.push(run);
    else run();
  }

  /**
   * Moves true time on, waking sleepers in the order of their times and letting what they started
   * settle before the next one wakes.
   *
   * @param ms How far, in ms of true time: of this clock's own when its rate is 1.
   * @returns A promise that resolves when everything due has run.
   */
  async advance(ms: number): Promise<void> {
    await this.#time.advance(ms);
  }

  /**
   * Lets time pass while nobody runs, as a suspended process sees it: sleepers stay asleep until the
   * next {@link FakeClock.advance}.
   *
   * @param ms How long, in ms.
   * @param options Whether the monotonic clock goes on.
   */
  freeze(ms: number, options: FreezeOptions = {}): void {
    if (options.monotonic ?? true) this.#time.skip(ms / this.#rate);
    else this.jumpWall(ms);
  }

  /**
   * Stops the clock's process while true time goes on for others, as SIGSTOP or a suspended machine
   * does. Nothing happens to it until {@link FakeClock.thaw}.
   *
   * @param options Whether the monotonic clock goes on.
   */
  halt(options: FreezeOptions = {}): void {
    this.#frozen ??= { atMs: this.#elapsedMs(), monotonic: options.monotonic ?? true };
  }

  /** Lets the clock's process go on; what fell due meanwhile happens now. */
  thaw(): void {
    if (this.#frozen === null) return;
    const { atMs, monotonic } = this.#frozen;
    this.#frozen = null;
    if (!monotonic) this.#monotonicOffsetMs -= this.#elapsedMs() - atMs;
    for (const run of this.#whenThawed.splice(0)) run();
  }

  /**
   * Sets the wall clock forward or back, as an administrator or NTP does.
   *
   * @param ms How far, in ms; negative for back.
   */
  jumpWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  #elapsedMs(): number {
    return (this.#time.nowMs - this.#startedAtMs) * this.#rate;
  }
}

/** Rates round: what would be early by less is a little late, for time must go on. */
const ROUNDING_MS = 1e-6;

/** Turns of the event loop that let promise chains and calls to a store in memory come to rest. */
const SETTLE_TURNS = 4;

async function turnSeveralTimes(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn++) await turnEventLoop();
}
