import type { Clock } from "../clock.ts";

/** Options of {@link runProbe}. */
export interface RunProbeOptions {
  readonly clock: Clock;
  /** How long the call may take, in ms. */
  readonly timeoutMs: number;
  /** Makes what a call that takes longer is aborted with. */
  readonly late: () => Error;
  /** Ends the call early, if it heeds it. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Calls with a deadline: a probe that never ends must not keep its place. What it does after the
 * deadline is ignored.
 *
 * @returns What the function returned.
 */
export async function runProbe<T>(
  run: (signal: AbortSignal) => T | Promise<T>,
  { clock, timeoutMs, late, signal }: RunProbeOptions,
): Promise<T> {
  const ended = new AbortController();
  const deadline = Promise.withResolvers<never>();
  const cancel = clock.after(timeoutMs, () => {
    const error = late();
    deadline.reject(error);
    ended.abort(error);
  });
  const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  try {
    return await Promise.race([deadline.promise, run(either)]);
  } finally {
    cancel();
  }
}
