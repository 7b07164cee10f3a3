import type { Clock } from "../../clock.ts";
import { withDeadline } from "../deadline.ts";
import { aborted, UNNEEDED } from "../signals.ts";

/** How long a call waits, and what ends it early. */
export interface AskOptions {
  /** When to give up, in monotonic ms. */
  readonly untilMs: number;
  /** Ends the wait early. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Waits for an answer, but not for longer than its caller does. What it is the answer to goes on.
 *
 * @returns The answer.
 * @throws {DeadlineError} when the time is up first.
 * @throws The signal's reason.
 */
export async function inTime<T>(
  answer: Promise<T>,
  { untilMs, signal }: AskOptions,
  clock: Clock,
): Promise<T> {
  const settled = new AbortController();
  const ends: Promise<T>[] = [answer];
  if (signal) {
    ends.push(aborted(signal, settled.signal).then(() => Promise.reject(signal.reason)));
  }
  try {
    return await withDeadline(Promise.race(ends), untilMs - clock.monotonic(), clock);
  } finally {
    settled.abort(UNNEEDED);
  }
}
