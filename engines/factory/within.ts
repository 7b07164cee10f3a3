import type { Clock } from "../../clock.ts";

/** How long something is waited for. */
export interface WithinOptions<T> {
  /** Measures the wait. */
  readonly clock: Clock;
  /** How long, in ms. */
  readonly timeoutMs: number;
  /** What is waited for, as a message says it. */
  readonly what: string;
  /** Told what came after nobody waited any more. */
  readonly onLate: (value: T) => void;
}

/**
 * Waits for something, but not for ever.
 *
 * @param promise What to wait for. Its failure after the wait is nobody's.
 * @param options How long, and what to do with what comes later.
 * @returns What it resolves to.
 * @throws {Error} when it took too long.
 * @throws What the promise rejects with.
 */
export async function within<T>(promise: Promise<T>, options: WithinOptions<T>): Promise<T> {
  const { clock, timeoutMs, what, onLate } = options;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(timeoutMs, () => {
    promise.then(onLate, () => {});
    reject(new Error(`${what} took more than ${timeoutMs} ms`));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancel();
  }
}
