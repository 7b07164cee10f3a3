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

/** What {@link remainingValidityMs} computes with. */
export interface Validity {
  /** Just before the last successful renewal was sent. */
  readonly since: Moment;
  /** How long the holder trusts the lease from then on, in ms. */
  readonly validityMs: number;
  /** The whole lease, in ms. */
  readonly leaseMs: number;
}

/**
 * How long a holder may still trust its lease.
 *
 * The monotonic clock may stand still while a machine is suspended. When the wall clock has run
 * ahead of it by more than a lease, the machine slept (or the wall clock was set): either way the
 * lease counts as gone.
 *
 * @param validity The lease and when it was last renewed.
 * @param now This moment.
 * @returns Ms left; zero or less when it is over.
 */
export function remainingValidityMs(validity: Validity, now: Moment): number {
  const elapsedMs = now.monotonicMs - validity.since.monotonicMs;
  const wallElapsedMs = now.wallMs - validity.since.wallMs;
  if (wallElapsedMs - elapsedMs > validity.leaseMs) return 0;
  return validity.validityMs - elapsedMs;
}
