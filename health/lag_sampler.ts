import type { Clock } from "../clock.ts";

/** How late the event loop ran timers over the last minute. */
export interface LagSummary {
  /** How many samples there are. */
  readonly samples: number;
  /** 99 of 100 samples were at most this late, in ms. */
  readonly p99Ms: number;
  /** The latest of all, in ms. */
  readonly maxMs: number;
}

/** Options of {@link LagSampler}. */
export interface LagSamplerOptions {
  readonly clock: Clock;
  /** Pause between two samples, in ms. */
  readonly sampleMs: number;
}

interface Sample {
  readonly takenAtMs: number;
  readonly lagMs: number;
}

const WINDOW_MS = 60_000;
const PERCENTILE = 0.99;

/**
 * Measures event-loop lag: sleeps for a while, again and again, and notes how much longer the sleep
 * took. Keeps the samples of the last minute, at most a minute's worth.
 */
export class LagSampler {
  readonly #clock: Clock;
  readonly #sampleMs: number;
  readonly #samplesMax: number;
  #samples: Sample[] = [];
  #running: { readonly stopped: AbortController; readonly loop: Promise<void> } | undefined;

  constructor(options: LagSamplerOptions) {
    this.#clock = options.clock;
    this.#sampleMs = options.sampleMs;
    this.#samplesMax = Math.ceil(WINDOW_MS / options.sampleMs);
  }

  /** Starts sampling; nothing happens when it samples already. */
  start(): void {
    if (this.#running) return;
    const stopped = new AbortController();
    this.#running = { stopped, loop: this.#sample(stopped.signal) };
  }

  /** Ends sampling. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.stopped.abort();
    await running?.loop;
  }

  /** @returns The last minute, or undefined before the first sample. */
  summary(): LagSummary | undefined {
    this.#forget();
    const lags = this.#samples.map((sample) => sample.lagMs).sort((a, b) => a - b);
    const maxMs = lags.at(-1);
    const p99Ms = lags[Math.ceil(PERCENTILE * lags.length) - 1];
    if (maxMs === undefined || p99Ms === undefined) return undefined;
    return { samples: lags.length, p99Ms, maxMs };
  }

  async #sample(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = this.#clock.monotonic();
      try {
        await this.#clock.sleep(this.#sampleMs, { signal });
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      const takenAtMs = this.#clock.monotonic();
      this.#samples.push({ takenAtMs, lagMs: Math.max(0, takenAtMs - before - this.#sampleMs) });
      this.#forget();
    }
  }

  #forget(): void {
    const oldestMs = this.#clock.monotonic() - WINDOW_MS;
    this.#samples = this.#samples.slice(-this.#samplesMax)
      .filter((sample) => sample.takenAtMs > oldestMs);
  }
}
