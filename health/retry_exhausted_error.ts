import { RetryRefusal } from "../enums/retry_refusal.ts";

/** Something failed and is not tried again. The last error is the `cause`. */
export class RetryExhaustedError extends Error {
  /** Tells this error from others. */
  override readonly name = "RetryExhaustedError";
  /** A stable code for programs. */
  readonly code = "RETRY_EXHAUSTED";
  /** How often it was tried. */
  readonly attempts: number;
  /** Why not once more. */
  readonly reason: RetryRefusal;

  /**
   * Makes the error.
   *
   * @param attempts How often it was tried.
   * @param reason Why not once more.
   * @param cause The last error.
   */
  constructor(attempts: number, reason: RetryRefusal, cause: unknown) {
    const why = reason === RetryRefusal.MAX_ATTEMPTS
      ? "that is as often as may be"
      : "the retry budget is empty";
    super(`Cannot go on after ${attempts} failed attempts: ${why}`, { cause });
    this.attempts = attempts;
    this.reason = reason;
  }
}
