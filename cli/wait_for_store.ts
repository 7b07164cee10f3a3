import type { Clock } from "../clock.ts";
import { StoreUnavailableError } from "../coordination/errors.ts";
import { CliError } from "./cli_error.ts";

/** Options of {@link waitForStore}. */
export interface WaitForStoreOptions {
  readonly clock: Clock;
  /** Spreads attempts; values in [0, 1). */
  readonly random: () => number;
  /** Ends the wait: it rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Is told of each failure that will be followed by another attempt. */
  readonly onRetry: (error: Error, pauseMs: number) => void;
}

const PAUSE_MIN_MS = 250;
const PAUSE_MAX_MS = 5_000;

/**
 * Attempts something that needs the store until it succeeds, or fails for a reason that does not pass.
 *
 * @param attempt What to attempt.
 * @param options Time, chance, and the signal that ends it.
 * @returns What the attempt gave.
 */
export async function waitForStore<T>(
  attempt: () => Promise<T>,
  options: WaitForStoreOptions,
): Promise<T> {
  for (let failures = 0;; failures++) {
    options.signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const pauseMs = retryPauseMs(failures, options.random());
      options.onRetry(error, pauseMs);
      await options.clock.sleep(pauseMs, { signal: options.signal });
    }
  }
}

/** @returns The pause after that many failures: doubles up to 5 s, between half and all of it. */
export function retryPauseMs(failures: number, random: number): number {
  const fullMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(failures, 30));
  return fullMs * (0.5 + random / 2);
}

function isPassing(error: unknown): error is Error {
  return error instanceof StoreUnavailableError || (error instanceof CliError && error.passing);
}
