import { type Clock, systemClock } from "../../clock.ts";
import { describeError } from "../../config/describe_error.ts";
import { inTime } from "../../config/in_time.ts";
import type { Notifier, RecoveryNotice } from "./notifier.ts";

/** Options of {@link NoticeBoard}. */
export interface NoticeBoardOptions {
  /** Who is told. */
  readonly notifiers: readonly Notifier[];
  /**
   * Longest time that a notifier has for one notice, in ms, from 1.
   *
   * @default 15_000
   */
  readonly timeoutMs?: number;
  /**
   * Notices that one notifier may have before it, under way or hung; more are dropped and counted.
   *
   * @default 100
   */
  readonly pendingMax?: number;
  /**
   * How long {@link NoticeBoard.settle} waits, in ms, from 0.
   *
   * @default 5_000
   */
  readonly settleMs?: number;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

/** How telling went so far, over all notifiers. */
export interface NoticeBoardMetrics {
  /** Notices that a notifier took without a fault. */
  readonly notices_told_total: number;
  /** Notices that a notifier did not get: too many were before them, or the board was closed. */
  readonly notices_dropped_total: number;
  /** Notices that wait, are under way, or hang in a notifier that does not heed its signal. */
  readonly notices_pending: number;
  /** Notices at which a notifier threw, rejected or took too long. */
  readonly notifier_faults_total: number;
  /** The last fault, as text; null when there was none. */
  readonly last_notifier_fault: string | null;
}

/** One notifier, with what it has before it. */
interface Lane {
  readonly notifier: Notifier;
  readonly queue: RecoveryNotice[];
  /** Calls that have not ended, whether or not anybody still waits for them. */
  calls: number;
  /** Ends when the queue is empty; null when nothing is under way. */
  work: Promise<void> | null;
}

const FAULT_MAX_CHARS = 200;

/**
 * Tells several notifiers, each in the order of the notices and one at a time. None can delay or
 * break who tells, or another notifier.
 *
 * @example A notifier that fails is counted
 * ```ts
 * import { NoticeBoard } from "@baton/orchestration/orchestration";
 *
 * const notify = () => {
 *   throw new Error("no line");
 * };
 * await using board = new NoticeBoard({ notifiers: [{ notify }] });
 * board.tell({
 *   kind: "alert",
 *   timestamp: "2026-01-01T00:00:00.000Z",
 *   text: "The disk is full",
 *   action: null,
 *   cause: "disk_full",
 *   node: "node-1",
 *   channel: null,
 *   priority: "high",
 *   details: {},
 * });
 * await board.settle();
 * if (board.metrics.last_notifier_fault !== "Error: no line") throw new Error("unexpected");
 * ```
 */
export class NoticeBoard implements AsyncDisposable {
  readonly #lanes: readonly Lane[];
  readonly #timeoutMs: number;
  readonly #pendingMax: number;
  readonly #settleMs: number;
  readonly #clock: Clock;
  readonly #closed = new AbortController();
  #told = 0;
  #dropped = 0;
  #faults = 0;
  #lastFault: string | null = null;

  /**
   * Makes a board.
   *
   * @param options Who is told, and within which bounds.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(options: NoticeBoardOptions) {
    const { timeoutMs = 15_000, pendingMax = 100, settleMs = 5_000 } = options;
    atLeast("timeoutMs", timeoutMs, 1);
    atLeast("pendingMax", pendingMax, 1);
    atLeast("settleMs", settleMs, 0);
    this.#lanes = options.notifiers.map((notifier) => ({
      notifier,
      queue: [],
      calls: 0,
      work: null,
    }));
    this.#timeoutMs = timeoutMs;
    this.#pendingMax = pendingMax;
    this.#settleMs = settleMs;
    this.#clock = options.clock ?? systemClock;
  }

  /** How telling went so far. */
  get metrics(): NoticeBoardMetrics {
    return {
      notices_told_total: this.#told,
      notices_dropped_total: this.#dropped,
      notices_pending: this.#lanes.reduce((sum, lane) => sum + pendingOf(lane), 0),
      notifier_faults_total: this.#faults,
      last_notifier_fault: this.#lastFault,
    };
  }

  /**
   * Tells every notifier. Never throws, waits for nobody: notifiers are called after the caller.
   *
   * @param notice What happened.
   */
  tell(notice: RecoveryNotice): void {
    for (const lane of this.#lanes) {
      if (this.#closed.signal.aborted || pendingOf(lane) >= this.#pendingMax) {
        this.#dropped++;
        continue;
      }
      lane.queue.push(notice);
      lane.work ??= this.#work(lane);
    }
  }

  /** Waits until every notifier was told all there is, or took too long over it. Never rejects. */
  async settle(): Promise<void> {
    const work = Promise.all(this.#lanes.map(({ work }) => work));
    const limits = { clock: this.#clock, timeoutMs: this.#settleMs, signal: this.#closed.signal };
    await inTime(work, limits).catch(() => {});
  }

  /** Settles; then ends what is still under way, and drops and counts what waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.settle();
    this.#closed.abort(new DOMException("the board was closed", "AbortError"));
    for (const { queue } of this.#lanes) this.#dropped += queue.splice(0).length;
    await Promise.all(this.#lanes.map(({ work }) => work));
  }

  async #work(lane: Lane): Promise<void> {
    await null; // the caller first
    for (let next = lane.queue.shift(); next !== undefined; next = lane.queue.shift()) {
      await this.#tellOne(lane, next);
    }
    lane.work = null;
  }

  async #tellOne(lane: Lane, notice: RecoveryNotice): Promise<void> {
    const ended = new AbortController();
    const signal = this.#closed.signal;
    const limits = { clock: this.#clock, timeoutMs: this.#timeoutMs, signal };
    try {
      await inTime(callOn(lane, notice, AbortSignal.any([signal, ended.signal])), limits);
      this.#told++;
    } catch (error) {
      ended.abort(error);
      this.#faults++;
      this.#lastFault = describeError(error).slice(0, FAULT_MAX_CHARS);
    }
  }
}

/** Calls a notifier, and counts the call until it ends, even when nobody waits for it any more. */
async function callOn(lane: Lane, notice: RecoveryNotice, signal: AbortSignal): Promise<void> {
  lane.calls++;
  try {
    await lane.notifier.notify(notice, { signal });
  } finally {
    lane.calls--;
  }
}

function pendingOf({ queue, calls }: Lane): number {
  return queue.length + calls;
}

function atLeast(name: string, value: number, min: number): void {
  if (!(value >= min)) throw new RangeError(`${name} must be a number from ${min}, got ${value}`);
}
