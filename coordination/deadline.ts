import type { Clock } from "../clock.ts";

/** A call did not answer inside its deadline. It may still take effect later. */
export class DeadlineError extends Error {
  /** Tells this error from others. */
  override readonly name = "DeadlineError";
  /** A stable code for programs. */
  readonly code = "DEADLINE";

  /**
   * Makes the error.
   *
   * @param timeoutMs How long the call was given, in ms.
   */
  constructor(timeoutMs: number) {
    super(`no answer within ${Math.round(timeoutMs)} ms`);
  }
}

/**
 * Waits for a promise, but not longer than a deadline. What the promise stands for goes on: a store
 * call cannot be cancelled, so whoever gives up on one must treat its outcome as unknown.
 *
 * @param promise What is waited for, or a value that is there already; when it rejects after the deadline, nobody hears of it.
 * @param timeoutMs How long, in ms.
 * @param clock The clock that times it.
 * @returns What the promise resolves to.
 * @throws {DeadlineError} when the time is up first.
 */
export function withDeadline<T>(
  promise: T | PromiseLike<T>,
  timeoutMs: number,
  clock: Clock,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => reject(new DeadlineError(timeoutMs)));
    Promise.resolve(promise).finally(cancel).then(resolve, reject);
  });
}
