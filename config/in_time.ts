import type { Clock } from "../clock.ts";

/** How long to wait, and what ends the wait early. */
export interface InTimeOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Waits for something foreign, but not for ever. What it was is left to itself when it is late.
 *
 * @param work What to wait for.
 * @param options How long.
 * @returns What it gives.
 * @throws {DOMException} named TimeoutError when it took too long.
 * @throws the signal's reason when that came first.
 */
export async function inTime<T>(work: Promise<T>, options: InTimeOptions): Promise<T> {
  const { clock, timeoutMs, signal } = options;
  const { promise: over, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal.reason);
  const cancel = clock.after(
    timeoutMs,
    () => reject(new DOMException(`no answer within ${timeoutMs} ms`, "TimeoutError")),
  );
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([work, over]);
  } finally {
    cancel();
    signal.removeEventListener("abort", end);
  }
}
