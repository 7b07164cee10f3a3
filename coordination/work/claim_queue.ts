import { isHandleClosed } from "../kv_store.ts";
import { aborted, UNNEEDED } from "../signals.ts";
import type { HeldClaim } from "./held_claim.ts";
import { ClaimLostError } from "./work_errors.ts";
import type { WorkSetting } from "./work_setting.ts";

/** Options of {@link ClaimQueue}. */
export interface ClaimQueueOptions {
  /** The node. */
  readonly setting: WorkSetting;
  /** How many may be claimed at once. */
  readonly maxAtOnce: number;
  /** Ends the queue: what waits in it is given back. */
  readonly stop: AbortSignal;
}

interface Seat {
  readonly claim: HeldClaim;
  /** Until when it is to be handed out, monotonic ms. */
  readonly untilMs: number;
}

/** What of its claim an item may spend waiting: its handler has the rest. */
const WAIT_SHARE = 0.5;
const GROWTH = 2;
/** For how many attempts it is tried to give back what is left when the loop ends. */
const CLOSING_ATTEMPTS = 4;

/**
 * Claims that nobody has asked for yet, all of one batch. None of them runs out here: what is not
 * handed out in time is given back, so that a member that is free can begin it. How long that took
 * tells how many to claim the next time.
 */
export class ClaimQueue implements AsyncDisposable {
  readonly #setting: WorkSetting;
  readonly #maxAtOnce: number;
  readonly #stop: AbortSignal;
  readonly #ended = new AbortController();
  readonly #seats: Seat[] = [];
  readonly #returns: Set<Promise<void>> = new Set();
  #atOnce: number;
  #handedOut = 0;
  #isWhole = false;
  #untilMs = 0;
  #cancel: () => void = () => {};
  #givenUp = new AbortController();
  #cancelGivingUp: () => void = () => {};

  /** @param options The node, and the most that is claimed at once. */
  constructor({ setting, maxAtOnce, stop }: ClaimQueueOptions) {
    this.#setting = setting;
    this.#maxAtOnce = maxAtOnce;
    this.#atOnce = maxAtOnce;
    this.#stop = stop;
    stop.addEventListener("abort", () => this.#close(), { signal: this.#ended.signal });
  }

  /** How many are to be claimed at once: as many as were lately handed out in time. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /**
   * Adds a batch, when there is nothing left of the last one.
   *
   * @param claims The claims, in the order in which they are handed out.
   * @param sinceMs When they began, monotonic ms.
   */
  add(claims: readonly HeldClaim[], sinceMs: number): void {
    for (const claim of claims) {
      this.#seats.push({ claim, untilMs: sinceMs + claim.claimMs * WAIT_SHARE });
    }
    this.#handedOut = 0;
    this.#isWhole = claims.length >= this.#atOnce;
    this.#untilMs = Math.min(...this.#seats.map(({ untilMs }) => untilMs));
    if (this.#stop.aborted) this.#close();
    else if (claims.length > 1) this.#planReturn();
  }

  /** Claims no more at once than so many, until batches of that size are handed out in time. */
  cutTo(count: number): void {
    this.#atOnce = Math.max(1, Math.min(this.#atOnce, count));
  }

  /** @returns The next claim that is worth beginning; undefined when there is none. */
  take(): HeldClaim | undefined {
    const nowMs = this.#setting.store.clock.monotonic();
    for (let seat = this.#seats.shift(); seat; seat = this.#seats.shift()) {
      const { claim, untilMs } = seat;
      // The first was claimed because it is wanted now, however long that took.
      const isInTime = this.#handedOut === 0 || nowMs < untilMs;
      if (isInTime && claim.isValid()) {
        this.#handedOut++;
        if (this.#seats.length === 0) this.#cancel();
        return claim;
      }
      this.#giveBackLate(claim);
    }
    this.#cancel();
    if (this.#isWhole && nowMs < this.#untilMs) {
      this.#atOnce = Math.min(this.#maxAtOnce, GROWTH * this.#atOnce);
    }
    this.#isWhole = false;
    return undefined;
  }

  /**
   * Gives back what was not handed out. What cannot be given back within four attempts runs out: a
   * store that hangs keeps no loop.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort(UNNEEDED);
    this.#close();
    await Promise.race([Promise.all(this.#returns), aborted(this.#givenUp.signal)]);
  }

  /** Gives everything back, and gives that up in time. */
  #close(): void {
    this.#cancelGivingUp();
    if (this.#givenUp.signal.aborted) this.#givenUp = new AbortController();
    const givenUp = this.#givenUp;
    this.#giveAllBack();
    if (this.#returns.size === 0) return;
    const { store: { clock }, timing } = this.#setting;
    this.#cancelGivingUp = clock.after(CLOSING_ATTEMPTS * timing.attemptTimeoutMs, () => {
      givenUp.abort(UNNEEDED);
    });
  }

  /** One timer for all: claims of a batch mostly stand equally long. */
  #planReturn(): void {
    this.#cancel();
    const { clock } = this.#setting.store;
    const nextMs = Math.min(...this.#seats.map(({ untilMs }) => untilMs));
    if (nextMs === Infinity) return;
    this.#cancel = clock.after(nextMs - clock.monotonic(), () => {
      const late = this.#seats.filter(({ untilMs }) => untilMs <= clock.monotonic());
      for (const seat of late) {
        this.#seats.splice(this.#seats.indexOf(seat), 1);
        this.#giveBackLate(seat.claim);
      }
      this.#planReturn();
    });
  }

  #giveBackLate(claim: HeldClaim): void {
    this.#isWhole = false;
    this.cutTo(this.#handedOut);
    this.#giveBack(claim);
  }

  #giveAllBack(): void {
    this.#cancel();
    for (const { claim } of this.#seats.splice(0)) this.#giveBack(claim);
  }

  #giveBack(claim: HeldClaim): void {
    const returned = this.#release(claim).finally(() => {
      this.#returns.delete(returned);
      if (this.#returns.size === 0) this.#cancelGivingUp();
    });
    this.#returns.add(returned);
  }

  /** Releases a claim, and does not rest while the store fails, unless the loop ends. */
  async #release(claim: HeldClaim): Promise<void> {
    const { store, timing, counters } = this.#setting;
    const signal = AbortSignal.any([this.#stop, this.#ended.signal]);
    const unwanted = this.#givenUp.signal;
    for (;;) {
      try {
        return await claim.release({ signal: unwanted });
      } catch (error) {
        if (error instanceof ClaimLostError) return; // and counted as such
        if (error === UNNEEDED) return; // it was never sent, and runs out
        counters.fault(error);
        if (signal.aborted || isHandleClosed(error)) return;
      }
      await store.clock.sleep(timing.safetyPollMs, { signal }).catch(() => {});
    }
  }
}
