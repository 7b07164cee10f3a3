import { checkEventIds } from "./event_ids.ts";
import { EventLanes, type WaitingEvent } from "./event_lanes.ts";
import {
  type RetryingEventSinkOptions,
  retryingEventSinkOptions,
} from "./retrying_event_sink_options.ts";
import { sendUserEvent } from "./send_user_event.ts";
import { isUserEventData } from "./user_event_data.ts";
import type { UserEvent, UserEventOutcome, UserEventSink } from "./user_event_sink.ts";

/** How events fared so far in a {@link RetryingEventSink}, and what waits. */
export interface RetryingEventSinkMetrics {
  /** Events that the sink took. */
  readonly events_delivered_total: number;
  /** Tries after the first of an event. */
  readonly retries_total: number;
  /** Events that failed at every try. */
  readonly events_given_up_total: number;
  /** Events that the sink will never take, or that cannot be read. */
  readonly events_refused_total: number;
  /** Events that were dropped untold: there was no room, or the sink was closed. */
  readonly events_dropped_total: number;
  /** Events that wait now, or are being delivered. */
  readonly events_waiting: number;
  /** Bytes that they have together. */
  readonly bytes_waiting: number;
  /** Users whose events these are. */
  readonly users_waiting: number;
}

/** Options of {@link RetryingEventSink.flush}. */
export interface FlushOptions {
  /** Ends the wait. */
  readonly signal?: AbortSignal;
}

const encoder = new TextEncoder();

/**
 * Stands before a sink that can fail, such as one over the network: it tries each event several times,
 * one user's events in order and one at a time, and lets no user wait for another. The sink says no by
 * its outcome, by `false`, by throwing or by rejecting.
 *
 * Not guaranteed: that an event comes only once, for a try that took too long may have succeeded; that
 * it comes at all, for what waits is lost with the process; and an order among users. At a bound the
 * oldest waiting events give way, those that end something never; then new ones are refused. An
 * in-memory {@link UserEventHub} needs none of this.
 *
 * @example A sink that fails now and then
 * ```ts
 * import { RetryingEventSink, RunEvents, type UserEvent } from "@baton/orchestration/engines";
 * import { systemClock } from "@baton/orchestration/clock";
 *
 * const told: string[] = [];
 * let calls = 0;
 * const unsteady = {
 *   async send({ type }: UserEvent) {
 *     await Promise.resolve();
 *     if (calls++ % 2 === 0) throw new Error("no connection");
 *     told.push(type);
 *   },
 * };
 * await using sink = new RetryingEventSink(unsteady);
 * const run = { userId: "u-81", threadId: "t-1", runId: "r-1" };
 * const events = new RunEvents({ ...run, sink, clock: systemClock });
 * events.started();
 * events.ended({ result: "done", executionTimeMs: 12 });
 * await sink.flush();
 * if (told.join() !== "agent_started,agent_completed") throw new Error("unexpected");
 * ```
 */
export class RetryingEventSink implements UserEventSink, AsyncDisposable {
  readonly #sink: UserEventSink;
  readonly #options: Required<RetryingEventSinkOptions>;
  readonly #lanes: EventLanes;
  readonly #waits = new Set<() => void>();
  readonly #flushes = new Set<() => void>();
  #isClosed = false;
  #isEnded = false;
  #delivered = 0;
  #retries = 0;
  #givenUp = 0;
  #refused = 0;
  #dropped = 0;

  /**
   * Makes a queue in which nothing waits.
   *
   * @param sink Who takes the events in the end.
   * @param options How often, for how long, and how much may wait.
   * @throws {RangeError} when a number is out of range.
   */
  constructor(sink: UserEventSink, options: RetryingEventSinkOptions = {}) {
    this.#sink = sink;
    this.#options = retryingEventSinkOptions(options);
    this.#lanes = new EventLanes(this.#options, (count) => this.#dropped += count);
  }

  /** How events fared so far, and what waits. */
  get metrics(): RetryingEventSinkMetrics {
    return {
      events_delivered_total: this.#delivered,
      retries_total: this.#retries,
      events_given_up_total: this.#givenUp,
      events_refused_total: this.#refused,
      events_dropped_total: this.#dropped,
      events_waiting: this.#lanes.events,
      bytes_waiting: this.#lanes.bytes,
      users_waiting: this.#lanes.users,
    };
  }

  /**
   * Takes an event for delivery; when none of its user waits, it is tried at once. Never throws.
   *
   * @param event What happened.
   * @returns "taken" when it will be tried; what becomes of it then is in the metrics.
   */
  send(event: UserEvent): UserEventOutcome {
    const waiting = waitingEvent(event);
    if (waiting === null) {
      this.#refused++;
      return "invalid";
    }
    const { userId } = waiting.event;
    const isUnderWay = this.#lanes.first(userId) !== undefined;
    if (this.#isClosed || !this.#lanes.add(waiting)) {
      this.#dropped++;
      return this.#isClosed ? "closed" : "no_room";
    }
    if (!isUnderWay) this.#drain(userId);
    return "taken";
  }

  /**
   * Waits until nothing waits any more: all is delivered, given up, refused or dropped.
   *
   * @param options The signal that ends the wait.
   * @returns A promise that resolves then, or rejects with the signal's reason.
   */
  flush({ signal }: FlushOptions = {}): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#lanes.users === 0) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = () => reject(signal?.reason);
    this.#flushes.add(resolve);
    signal?.addEventListener("abort", stop, { once: true });
    return promise.finally(() => {
      this.#flushes.delete(resolve);
      signal?.removeEventListener("abort", stop);
    });
  }

  /** Takes nothing more, waits for what waits, but not for ever, and drops the rest. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const { clock, closeWaitMs } = this.#options;
    const timeUp = new AbortController();
    const cancel = clock.after(closeWaitMs, () => timeUp.abort());
    await this.flush({ signal: timeUp.signal }).catch(() => this.#end());
    cancel();
  }

  #end(): void {
    this.#isEnded = true;
    this.#lanes.clear();
    for (const stop of this.#waits) stop();
    for (const resolve of this.#flushes) resolve();
  }

  /** Delivers the events of a user; at once, for as long as the sink takes them at once. */
  async #drain(userId: string): Promise<void> {
    for (let next = this.#lanes.first(userId); next; next = this.#lanes.first(userId)) {
      const answer = sendUserEvent(this.#sink, next.event);
      if (answer === "taken") this.#delivered++;
      else await this.#deliver(next.event, answer);
      this.#lanes.removeFirst(userId);
    }
    if (this.#lanes.users > 0) return;
    for (const resolve of this.#flushes) resolve();
  }

  /** Waits for the answer to the first try, and tries again for as long as that makes sense. */
  async #deliver(
    event: UserEvent,
    answer: UserEventOutcome | Promise<UserEventOutcome>,
  ): Promise<void> {
    const { attemptsMax, attemptTimeoutMs, backoffMs, backoffMaxMs } = this.#options;
    for (let attempt = 1;; attempt++) {
      const outcome = typeof answer === "string"
        ? answer
        : await this.#wait(attemptTimeoutMs, answer) ?? "failed";
      if (this.#isEnded) return;
      if (outcome === "taken") return void this.#delivered++;
      if (outcome !== "failed" && outcome !== "no_room") return void this.#refused++;
      if (attempt >= attemptsMax) return void this.#givenUp++;
      await this.#wait(Math.min(backoffMaxMs, backoffMs * 2 ** (attempt - 1)));
      if (this.#isEnded) return;
      this.#retries++;
      answer = sendUserEvent(this.#sink, event);
    }
  }

  /** Waits for an answer, but not too long; null when the time is up, or the sink has ended. */
  #wait<T>(ms: number, answer?: Promise<T>): Promise<T | null> {
    const { promise, resolve } = Promise.withResolvers<T | null>();
    const stop = () => resolve(null);
    const cancel = this.#options.clock.after(ms, stop);
    this.#waits.add(stop);
    answer?.then(resolve);
    return promise.finally(() => {
      cancel();
      this.#waits.delete(stop);
    });
  }
}

/**
 * @returns The event as it is now, with its size; null when it names nobody, or is no plain data. What
 * `userEventData` made is nobody else's; all other data may change while the event waits.
 */
function waitingEvent(event: UserEvent): WaitingEvent | null {
  try {
    const own = { ...event };
    checkEventIds(own);
    const text = JSON.stringify(own);
    const copy = isUserEventData(own.data) ? own : JSON.parse(text) as UserEvent;
    return { event: copy, bytes: encoder.encode(text).length };
  } catch {
    return null;
  }
}
