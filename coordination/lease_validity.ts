import type { Clock } from "../clock.ts";

/** A moment on both clocks: durations come from one, a suspended machine shows in the other. */
export interface Moment {
  /** Monotonic ms. */
  readonly monotonicMs: number;
  /** Wall ms. */
  readonly wallMs: number;
}

/** @returns This moment. */
export function momentOf(clock: Clock): Moment {
  return { monotonicMs: clock.monotonic(), wallMs: clock.now() };
}

/**
 * How long a holder may still trust its lease.
 *
 * The monotonic clock may stand still while a machine is suspended; the wall clock goes on. So the
 * one that has gone further counts. A wall clock that was set forward costs the holder a little
 * trust, or this term; one that was set back changes nothing.
 *
 * @param since Just before the last successful renewal was sent.
 * @param validityMs How long the holder trusts the lease from then on, in ms.
 * @param now This moment.
 * @returns Ms left; zero or less when it is over.
 */
export function remainingValidityMs(since: Moment, validityMs: number, now: Moment): number {
  const elapsedMs = now.monotonicMs - since.monotonicMs;
  const wallElapsedMs = now.wallMs - since.wallMs;
  return validityMs - Math.max(elapsedMs, wallElapsedMs);
}
