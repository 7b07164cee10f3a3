import type { Clock } from "../clock.ts";
import { withDeadline } from "./deadline.ts";

/** Options of {@link untilUnlocked}. */
export interface BusyRetryOptions {
  /** When to give up, in monotonic ms. */
  readonly untilMs: number;
  /** Times attempts and pauses. */
  readonly clock: Clock;
  /** Spreads the pauses; values in [0, 1). */
  readonly random: () => number;
  /** Told before each pause. */
  readonly onRetry?: () => void;
}

const BUSY_MESSAGE = "database is locked";
/** A lock is held for about one commit: the first pause is short, later ones spread out. */
const PAUSE_FIRST_MS = 2;
const PAUSE_MAX_MS = 16;

/**
 * Repeats a call that another process's lock on a local file refused, which had no effect.
 *
 * @param call The call.
 * @param options When to give up.
 * @returns What the call returned.
 * @throws {DeadlineError} when an attempt does not answer in time.
 */
export async function untilUnlocked<T>(
  call: () => Promise<T>,
  options: BusyRetryOptions,
): Promise<T> {
  const { untilMs, clock, random, onRetry } = options;
  for (let longestMs = PAUSE_FIRST_MS;; longestMs = Math.min(2 * longestMs, PAUSE_MAX_MS)) {
    try {
      return await withDeadline(call(), untilMs - clock.monotonic(), clock);
    } catch (error) {
      const pauseMs = longestMs * (1 + random()) / 2;
      if (!isBusy(error) || clock.monotonic() + pauseMs >= untilMs) throw error;
      onRetry?.();
      await clock.sleep(pauseMs);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes(BUSY_MESSAGE);
}
