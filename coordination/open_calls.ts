import type { Clock } from "../clock.ts";
import { DeadlineError, withDeadline } from "./deadline.ts";

/** How many calls that ran out of time may be open before further ones are held back. */
const GIVEN_UP_FREE = 4;
/** The longest that one is held back, in ms. */
const HOLD_MAX_MS = 60_000;

/**
 * Calls to a store that cannot be cancelled. One that is given up at its deadline stays open: a
 * remote client goes on retrying it for ever. So while such calls are open further ones are held
 * back, each longer than the one before, until one of them or a later one is answered: the store can
 * be reached again then, and what is still open is lost. A connection that never answers again is
 * tried anew all the same.
 */
export class OpenCalls {
  readonly #clock: Clock;
  readonly #deadlines = new Map<Promise<void>, number>();
  #startedAtMs = -Infinity;
  /** Resolves when fewer are open in vain: what is held back may go on. */
  #relief: PromiseWithResolvers<void> | undefined;

  /** @param clock Times deadlines and pauses. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Makes a call.
   *
   * @param call The call.
   * @param untilMs Its deadline, in monotonic ms; the caller gives up on it then.
   * @returns What the call returned.
   * @throws {DeadlineError} when it was held back until its deadline: then it was not made.
   */
  async make<T>(call: () => Promise<T>, untilMs: number): Promise<T> {
    const timeoutMs = untilMs - this.#clock.monotonic();
    for (let holdMs = this.#holdMs(timeoutMs); holdMs > 0; holdMs = this.#holdMs(timeoutMs)) {
      const leftMs = untilMs - this.#clock.monotonic();
      if (leftMs <= 0) throw new DeadlineError(timeoutMs);
      this.#relief ??= Promise.withResolvers();
      const waitMs = Math.min(holdMs, leftMs);
      await withDeadline(this.#relief.promise, waitMs, this.#clock).catch(() => {});
    }
    this.#startedAtMs = this.#clock.monotonic();
    const answer = call();
    const open = answer.then(() => {}, () => {});
    this.#deadlines.set(open, untilMs);
    void open.then(() => this.#forget([open]));
    const result = await answer;
    this.#forget(this.#givenUp());
    return result;
  }

  #forget(calls: readonly Promise<void>[]): void {
    for (const call of calls) this.#deadlines.delete(call);
    this.#relief?.resolve();
    this.#relief = undefined;
  }

  #givenUp(): Promise<void>[] {
    const now = this.#clock.monotonic();
    return [...this.#deadlines].filter(([, untilMs]) => untilMs <= now).map(([open]) => open);
  }

  /** For how long to hold the next call back: twice as long for each one that is open in vain. */
  #holdMs(timeoutMs: number): number {
    const excess = this.#givenUp().length - GIVEN_UP_FREE;
    if (excess < 0) return 0;
    const apartMs = Math.min(HOLD_MAX_MS, timeoutMs * 2 ** excess);
    return this.#startedAtMs + apartMs - this.#clock.monotonic();
  }
}
