import { type Clock, systemClock } from "../../clock.ts";
import { checkOptionNames } from "../option_names.ts";
import { checkCounts } from "./check_counts.ts";

/** Options of {@link RetryingEventSink}. */
export interface RetryingEventSinkOptions {
  /**
   * The passage of time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * How often an event is tried, the first time included.
   *
   * @default 3
   */
  readonly attemptsMax?: number;
  /**
   * How long is waited before the second try of an event, in ms; twice as long before each next one.
   *
   * @default 5
   */
  readonly backoffMs?: number;
  /**
   * The longest wait between two tries, in ms; at least `backoffMs`.
   *
   * @default 25
   */
  readonly backoffMaxMs?: number;
  /**
   * How long a try may take before it counts as failed, in ms.
   *
   * @default 5_000
   */
  readonly attemptTimeoutMs?: number;
  /**
   * Events of one user that may wait.
   *
   * @default 1_000
   */
  readonly eventsPerUserMax?: number;
  /**
   * Events of all users that may wait.
   *
   * @default 10_000
   */
  readonly eventsMax?: number;
  /**
   * Bytes that all waiting events may have together, as JSON.
   *
   * @default 67_108_864
   */
  readonly bytesMax?: number;
  /**
   * How long disposing waits for events to be delivered before it drops them, in ms.
   *
   * @default 5_000
   */
  readonly closeWaitMs?: number;
}

const OPTION_NAMES: Readonly<Record<keyof RetryingEventSinkOptions, true>> = {
  clock: true,
  attemptsMax: true,
  backoffMs: true,
  backoffMaxMs: true,
  attemptTimeoutMs: true,
  eventsPerUserMax: true,
  eventsMax: true,
  bytesMax: true,
  closeWaitMs: true,
};

/** @returns The options with their defaults. */
export function retryingEventSinkOptions(
  options: RetryingEventSinkOptions,
): Required<RetryingEventSinkOptions> {
  checkOptionNames("RetryingEventSink", options, OPTION_NAMES);
  const counts = {
    attemptsMax: options.attemptsMax ?? 3,
    backoffMs: options.backoffMs ?? 5,
    backoffMaxMs: options.backoffMaxMs ?? 25,
    attemptTimeoutMs: options.attemptTimeoutMs ?? 5_000,
    eventsPerUserMax: options.eventsPerUserMax ?? 1_000,
    eventsMax: options.eventsMax ?? 10_000,
    bytesMax: options.bytesMax ?? 67_108_864,
    closeWaitMs: options.closeWaitMs ?? 5_000,
  };
  checkCounts(counts);
  const { backoffMs, backoffMaxMs } = counts;
  if (backoffMs > backoffMaxMs) {
    throw new RangeError(
      `backoffMs must be at most backoffMaxMs (${backoffMaxMs}), got ${backoffMs}`,
    );
  }
  return { clock: options.clock ?? systemClock, ...counts };
}
