import { type Clock, systemClock } from "../../clock.ts";
import { checkOptionNames } from "../option_names.ts";
import { checkWithin, TIMER_MAX_MS } from "./engine_limits.ts";
import { AbandonedAgentsError, PermitQueueFullError, PermitTimeoutError } from "./permit_errors.ts";

/** Options of {@link UserPermits}. */
export interface UserPermitsOptions {
  /**
   * How many agents of one user may run at a time.
   *
   * @default 3
   */
  readonly perUserMax?: number;
  /**
   * How many of one user may wait for their turn.
   *
   * @default 100
   */
  readonly queueMax?: number;
  /**
   * How long one may wait, in ms.
   *
   * @default 30_000
   */
  readonly waitTimeoutMs?: number;
  /**
   * How many agents of one user may go on although their run has ended, because they heed no signal.
   * No other of the user's begins until one of them has come to rest.
   *
   * @default 10
   */
  readonly abandonedMax?: number;
  /**
   * The passage of time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

const OPTION_NAMES: Readonly<Record<keyof UserPermitsOptions, true>> = {
  perUserMax: true,
  queueMax: true,
  waitTimeoutMs: true,
  abandonedMax: true,
  clock: true,
};

/** Lets go of a permit. A second call does nothing. */
export type ReleasePermit = () => void;

interface UserQueue {
  held: number;
  abandoned: number;
  /** Each gives the permit to one that waits; who came first is first. */
  readonly waiters: Set<() => void>;
}

/** How a user stands with its permits. */
export interface PermitUsage {
  /** How many are held. */
  readonly held: number;
  /** How many wait for one. */
  readonly waiting: number;
  /** How many agents go on although their run has ended. */
  readonly abandoned: number;
}

/**
 * Says how many agents of a user may run at a time, across all engines that share it. Who comes first
 * is served first. Users do not wait for each other.
 *
 * @example One at a time
 * ```ts
 * import { UserPermits } from "@baton/orchestration/engines";
 *
 * const permits = new UserPermits({ perUserMax: 1 });
 * const release = await permits.acquire("ada");
 * const second = permits.acquire("ada");
 * if (permits.usage("ada").waiting !== 1) throw new Error("unexpected");
 * release();
 * (await second)();
 * if (permits.usage("ada").held !== 0) throw new Error("unexpected");
 * ```
 */
export class UserPermits {
  /** How many agents of one user may run at a time. */
  readonly perUserMax: number;
  readonly #queueMax: number;
  readonly #waitTimeoutMs: number;
  readonly #abandonedMax: number;
  readonly #clock: Clock;
  readonly #users = new Map<string, UserQueue>();

  /**
   * Makes permits of which none is held.
   *
   * @param options How many there are, and how long one waits.
   * @throws {RangeError} when an option is out of range.
   * @throws {InvalidRecordError} when there is no such option.
   */
  constructor(options: UserPermitsOptions = {}) {
    checkOptionNames("UserPermits", options, OPTION_NAMES);
    const { perUserMax = 3, queueMax = 100, waitTimeoutMs = 30_000, abandonedMax = 10 } = options;
    checkWithin("perUserMax", perUserMax, 1, Number.MAX_SAFE_INTEGER);
    checkWithin("queueMax", queueMax, 0, Number.MAX_SAFE_INTEGER);
    checkWithin("waitTimeoutMs", waitTimeoutMs, 1, TIMER_MAX_MS);
    checkWithin("abandonedMax", abandonedMax, 1, Number.MAX_SAFE_INTEGER);
    this.perUserMax = perUserMax;
    this.#queueMax = queueMax;
    this.#waitTimeoutMs = waitTimeoutMs;
    this.#abandonedMax = abandonedMax;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Gets a permit: at once when one is free, else as soon as it is this caller's turn.
   *
   * @param userId The user.
   * @param options The signal that ends the wait.
   * @returns Lets go of the permit; a promise of that when it must be waited for. It rejects with a
   * {@link PermitTimeoutError} after too long a wait, and with the signal's reason.
   * @throws {PermitQueueFullError} when too many wait already.
   * @throws {AbandonedAgentsError} when too many go on although their run has ended.
   * @throws The signal's reason, when it has aborted.
   */
  acquire(
    userId: string,
    options: { readonly signal?: AbortSignal } = {},
  ): ReleasePermit | Promise<ReleasePermit> {
    options.signal?.throwIfAborted();
    const user = this.#of(userId);
    if (user.abandoned >= this.#abandonedMax) {
      throw new AbandonedAgentsError(userId, user.abandoned);
    }
    if (user.held >= this.perUserMax) return this.#wait(userId, user, options.signal);
    this.#users.set(userId, user);
    user.held++;
    return this.#releaseOnce(userId, user);
  }

  /**
   * Notes that an agent goes on although its run has ended and its permit is let go of.
   *
   * @param userId The user.
   * @param work Settles when the agent has come to rest.
   */
  abandon(userId: string, work: Promise<unknown>): void {
    const user = this.#of(userId);
    this.#users.set(userId, user);
    user.abandoned++;
    const rest = () => {
      user.abandoned--;
      this.#grantNext(userId, user);
    };
    work.then(rest, rest);
  }

  /**
   * Shows how a user stands.
   *
   * @param userId The user.
   * @returns How many permits are held and waited for, and how many agents go on without one.
   */
  usage(userId: string): PermitUsage {
    const user = this.#users.get(userId);
    return {
      held: user?.held ?? 0,
      waiting: user?.waiters.size ?? 0,
      abandoned: user?.abandoned ?? 0,
    };
  }

  /** How many users hold a permit, or have agents that go on without one. */
  get userCount(): number {
    return this.#users.size;
  }

  #of(userId: string): UserQueue {
    return this.#users.get(userId) ?? { held: 0, abandoned: 0, waiters: new Set() };
  }

  #wait(
    userId: string,
    user: UserQueue,
    signal: AbortSignal | undefined,
  ): Promise<ReleasePermit> {
    if (user.waiters.size >= this.#queueMax) throw new PermitQueueFullError(userId, this.#queueMax);
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancel();
        signal?.removeEventListener("abort", stop);
        user.waiters.delete(grant);
      };
      const stop = () => {
        leave();
        reject(signal?.reason);
      };
      const grant = () => {
        leave();
        user.held++;
        resolve(this.#releaseOnce(userId, user));
      };
      const cancel = this.#clock.after(this.#waitTimeoutMs, () => {
        leave();
        reject(new PermitTimeoutError(userId, this.#waitTimeoutMs));
      });
      signal?.addEventListener("abort", stop, { once: true });
      user.waiters.add(grant);
    });
  }

  #releaseOnce(userId: string, user: UserQueue): ReleasePermit {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      user.held--;
      this.#grantNext(userId, user);
    };
  }

  /** Lets those who wait begin, the first first, as far as may be. */
  #grantNext(userId: string, user: UserQueue): void {
    for (const grant of user.waiters) {
      if (user.held >= this.perUserMax || user.abandoned >= this.#abandonedMax) break;
      grant();
    }
    if (user.held === 0 && user.abandoned === 0) this.#users.delete(userId);
  }
}

/** What engines share that are given no permits of their own: 3 agents of each user in the process. */
export const sharedUserPermits: UserPermits = new UserPermits();
