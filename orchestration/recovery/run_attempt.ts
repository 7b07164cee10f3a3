import type { Clock } from "../../clock.ts";
import { describeError } from "../../config/describe_error.ts";

/** How an attempt at an action ended. */
export type AttemptOutcome =
  | {
    /** It came to its end. */
    readonly kind: "done";
    /** What it returned. */
    readonly value: unknown;
  }
  | {
    /** It threw, or took too long. */
    readonly kind: "failed";
    /** Why. */
    readonly error: string;
  }
  | {
    /** The work was stopped meanwhile: what became of it counts no more. */
    readonly kind: "stopped";
  };

/** Options of {@link runAttempt}. */
export interface RunAttemptOptions {
  /** How long it may take, in ms. */
  readonly timeoutMs: number;
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Time. */
  readonly clock: Clock;
  /**
   * Told when it came to an end after nobody waited for it any more, unless it only threw what its
   * signal aborted with, as it should.
   */
  readonly late: () => void;
}

/** Whatever an action throws is kept in the history, which has a bound. */
const ERROR_MAX_CHARS = 1_000;
/** How long an attempt that was given up has to end, in ms. */
const GRACE_MS = 10_000;

/**
 * Makes one attempt, under a deadline. Never rejects. One that is given up has ten seconds to end, so
 * that no other begins beside it; if it does not heed its signal it is left to itself, and nothing it
 * does later counts.
 *
 * @param run What is attempted.
 * @param options How long, and what stops it.
 * @returns How it ended.
 */
export async function runAttempt(
  run: (signal: AbortSignal) => unknown,
  { timeoutMs, signal, clock, late }: RunAttemptOptions,
): Promise<AttemptOutcome> {
  if (signal.aborted) return { kind: "stopped" };
  const ended = Promise.withResolvers<AttemptOutcome>();
  const abort = new AbortController();
  const given = abort.signal;
  const running = Promise.try(run, given);
  const giveUp = (outcome: AttemptOutcome, reason: unknown) => {
    if (given.aborted) return;
    abort.abort(reason);
    const cancelGrace = clock.after(GRACE_MS, () => ended.resolve(outcome));
    running.catch(() => {}).finally(() => {
      cancelGrace();
      ended.resolve(outcome);
    });
  };
  const cancel = clock.after(timeoutMs, () => {
    const error = `Action timeout after ${inSeconds(timeoutMs)}s`;
    giveUp({ kind: "failed", error }, new DOMException(error, "TimeoutError"));
  });
  const stop = () => giveUp({ kind: "stopped" }, signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop(); // the attempt itself ended the work
  let isOver = false;
  running.then(
    (value) => given.aborted ? isOver && late() : ended.resolve({ kind: "done", value }),
    (error) => {
      if (!given.aborted) ended.resolve({ kind: "failed", error: describe(error) });
      else if (isOver && error !== given.reason) late();
    },
  );
  try {
    return await ended.promise;
  } finally {
    isOver = true;
    cancel();
    signal.removeEventListener("abort", stop);
  }
}

function describe(error: unknown): string {
  return describeError(error).slice(0, ERROR_MAX_CHARS);
}

/** Multiplied times are not always whole: 33 and not 33.000000000000004. */
function inSeconds(ms: number): number {
  return Number((ms / 1_000).toPrecision(12));
}
