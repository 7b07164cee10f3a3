import { isHandleClosed } from "../kv_store.ts";
import type { Term } from "../term.ts";
import type { Assigner } from "./assigner.ts";
import { InboxDuty } from "./inbox_duty.ts";
import { LapseDuty } from "./lapse_duty.ts";
import { ReassignDuty } from "./reassign_duty.ts";
import type { Waker } from "../waker.ts";
import type { Roster } from "./roster.ts";
import { WaitingDuty } from "./waiting_duty.ts";
import { WorkMover } from "./work_mover.ts";
import { listenTo, type WorkSetting } from "./work_setting.ts";

/** Options of {@link WorkDesk}. */
export interface WorkDeskOptions {
  /** The node. */
  readonly setting: WorkSetting;
  /** Knows the members. */
  readonly roster: Roster;
  /** Assigns. */
  readonly assigner: Assigner;
  /** How often to look although nobody rings, in ms. */
  readonly intervalMs: number;
}

/** One of the things that the leader does about work. */
interface Duty {
  /** Whether the last look found nothing that concerns it. */
  readonly isIdle: boolean;
  /** Does some of it; says whether there is more to do at once. */
  carryOn(term: Term): Promise<boolean>;
}

/** Rings in between are no reason to look at everything again. */
const PAUSE_SHARE = 0.5;
/** How many intervals go by between two rounds while there is no work: the bell is read meanwhile. */
const INTERVALS_AT_REST = 4;
/** A member that has claimed nothing for so many intervals, and for a lease, is relieved. */
const STALL_INTERVALS = 3;

/**
 * What the leader does about work for as long as it leads: answers the inbox, ends claims that have
 * lapsed, and gives what nobody works on to somebody. Everything it writes is under its fence. Claims
 * and backoffs are timed by its own clock from when this process first saw them: a new leader may
 * add as much again.
 */
export class WorkDesk {
  readonly #setting: WorkSetting;
  readonly #intervalMs: number;
  readonly #assigner: Assigner;
  readonly #duties: readonly Duty[];
  /** How many assignments there had been when the last whole round began; null after a broken one. */
  #assignedBefore: number | null = null;
  #running: Promise<void> = Promise.resolve();

  /** @param options The node, and how often it looks. */
  constructor({ setting, roster, assigner, intervalMs }: WorkDeskOptions) {
    this.#setting = setting;
    this.#intervalMs = intervalMs;
    this.#assigner = assigner;
    const mover = new WorkMover(setting, assigner);
    const pauseMs = intervalMs * PAUSE_SHARE;
    const stallMs = Math.max(STALL_INTERVALS * intervalMs, setting.timing.leaseMs);
    this.#duties = [
      new InboxDuty(setting, assigner),
      new LapseDuty(setting, roster, pauseMs),
      new WaitingDuty(setting, roster, mover, pauseMs),
      new ReassignDuty({ setting, roster, mover, intervalMs, stallMs }),
    ];
  }

  /**
   * Does it until the term ends: once an interval, and whenever somebody rings. A run of an earlier
   * term is waited for first.
   *
   * @param term The term under whose fence it is done.
   * @param signal Ends it early.
   */
  run(term: Term, signal: AbortSignal): Promise<void> {
    return this.#running = this.#running.catch(() => {}).then(() => this.#serve(term, signal));
  }

  /**
   * Goes through all of it once, or through the first of it. What cannot be done now is counted, and
   * keeps nothing else from being done.
   *
   * @param term The term under whose fence it is done.
   * @returns Whether there is more to do at once.
   * @throws {StoreUnavailableError} when the store handle is closed.
   */
  async carryOn(term: Term): Promise<boolean> {
    const assigned = this.#assigner.assignments;
    let isMore = false;
    let isWhole = true;
    for (const duty of this.#duties) {
      try {
        isMore = await duty.carryOn(term) || isMore;
      } catch (error) {
        this.#setting.counters.fault(error);
        if (isHandleClosed(error)) throw error;
        isWhole = false;
      }
    }
    this.#assignedBefore = isWhole ? assigned : null;
    return isMore;
  }

  /** Nothing comes to be done without a ring, or an assignment of this process. */
  get #isAtRest(): boolean {
    return this.#assignedBefore === this.#assigner.assignments &&
      this.#duties.every(({ isIdle }) => isIdle);
  }

  async #serve(term: Term, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([term.signal, signal]);
    await using waker = await listenTo(this.#setting, this.#setting.keys.leaderBell);
    let heard = await this.#readBell();
    while (!stop.aborted) {
      let isMore = false;
      try {
        isMore = await this.carryOn(term);
      } catch {
        return; // counted; only a closed handle ends a round
      }
      if (!isMore) heard = await this.#untilRung(waker, heard, stop);
    }
  }

  /**
   * Waits for an interval, or for several while there is no work, or until somebody rings. Not every
   * hint is a ring: on a local file each commit of another process gives one, and a round costs
   * several reads.
   *
   * @param heard The bell as it stood before the last round.
   * @returns The bell as it stands now.
   */
  async #untilRung(waker: Waker, heard: Bell, stop: AbortSignal): Promise<Bell> {
    const { clock } = this.#setting.store;
    const sinceMs = clock.monotonic();
    const leftMs = () => {
      const intervals = this.#isAtRest ? INTERVALS_AT_REST : 1;
      return sinceMs + intervals * this.#intervalMs - clock.monotonic();
    };
    while (leftMs() > 0) {
      await waker.wait(Math.min(leftMs(), this.#intervalMs), stop).catch(() => {});
      if (stop.aborted || leftMs() <= 0) break;
      const bell = await this.#readBell();
      if (bell === undefined || bell !== heard) return bell;
    }
    return heard;
  }

  /** @returns The bell's versionstamp; undefined when it cannot be read: then look at everything. */
  async #readBell(): Promise<Bell> {
    const { store, keys, timing: { attemptTimeoutMs: timeoutMs } } = this.#setting;
    try {
      return (await store.get(keys.leaderBell, { timeoutMs })).versionstamp;
    } catch {
      return undefined; // the round that follows meets the same, and counts it
    }
  }
}

/** Versionstamp of the leader's bell; null before the first ring. */
type Bell = string | null | undefined;
