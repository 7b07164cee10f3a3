import { RetryJitter } from "../enums/retry_jitter.ts";

/** How long to wait between attempts. */
export interface RetryBackoff {
  /**
   * Delay before the second attempt, in ms.
   *
   * @default 500
   */
  readonly baseDelayMs?: number;
  /**
   * The longest delay, chance included, in ms.
   *
   * @default 8_000
   */
  readonly maxDelayMs?: number;
  /**
   * By what the delay grows with each attempt; `decorrelated` grows by chance instead.
   *
   * @default 2
   */
  readonly factor?: number;
  /**
   * How chance spreads the delays.
   *
   * @default "full"
   */
  readonly jitter?: RetryJitter;
}

/** What {@link retryDelayMs} goes by. */
export interface RetryDelayContext {
  /** Attempts that have failed, from 1. */
  readonly failures: number;
  /** The delay before the attempt that failed last, in ms; 0 for none. */
  readonly previousMs: number;
  /** Chance in [0, 1). */
  readonly chance: number;
}

/** @returns How long to wait before the next attempt, in ms. */
export function retryDelayMs(
  backoff: Required<RetryBackoff>,
  { failures, previousMs, chance }: RetryDelayContext,
): number {
  const { baseDelayMs, maxDelayMs, factor, jitter } = backoff;
  const growth = Math.min(factor ** (failures - 1), Number.MAX_VALUE); // 0 * Infinity is no delay
  const wholeMs = Math.min(baseDelayMs * growth, maxDelayMs);
  switch (jitter) {
    case RetryJitter.FULL:
      return wholeMs * chance;
    case RetryJitter.EQUAL:
      return wholeMs / 2 + wholeMs / 2 * chance;
    case RetryJitter.DECORRELATED: {
      const upToMs = 3 * Math.max(previousMs, baseDelayMs);
      return Math.min(baseDelayMs + (upToMs - baseDelayMs) * chance, maxDelayMs);
    }
    case RetryJitter.NONE:
      return wholeMs;
    default:
      return jitter satisfies never;
  }
}

/** @returns The backoff with its defaults. */
export function retryBackoff(options: RetryBackoff): Required<RetryBackoff> {
  const backoff = {
    baseDelayMs: options.baseDelayMs ?? 500,
    maxDelayMs: options.maxDelayMs ?? 8_000,
    factor: options.factor ?? 2,
    jitter: options.jitter ?? RetryJitter.FULL,
  };
  const { baseDelayMs, maxDelayMs, factor, jitter } = backoff;
  if (!(baseDelayMs >= 0 && baseDelayMs <= maxDelayMs && maxDelayMs < Infinity)) {
    throw new RangeError(
      `baseDelayMs must be from 0 to maxDelayMs, got ${baseDelayMs} and ${maxDelayMs}`,
    );
  }
  if (!(factor >= 1 && factor < Infinity)) {
    throw new RangeError(`factor must be a number from 1, got ${factor}`);
  }
  if (!Object.values<unknown>(RetryJitter).includes(jitter)) {
    throw new RangeError(`jitter must be one of ${Object.values(RetryJitter)}, got ${jitter}`);
  }
  return backoff;
}
