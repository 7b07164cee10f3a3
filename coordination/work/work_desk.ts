import { isHandleClosed } from "../kv_store.ts";
import type { Term } from "../term.ts";
import type { Assigner } from "./assigner.ts";
import { InboxDuty } from "./inbox_duty.ts";
import { LapseDuty } from "./lapse_duty.ts";
import { ReassignDuty } from "./reassign_duty.ts";
import type { Waker } from "../waker.ts";
import type { Roster } from "./roster.ts";
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

/** Rings in between are no reason to look at the claims again. */
const LAPSE_PAUSE_SHARE = 0.5;

/**
 * What the leader does about work for as long as it leads: answers the inbox, ends claims that have
 * lapsed, and gives what nobody works on to somebody. Everything it writes is under its fence. Claims
 * and backoffs are timed by its own clock from when this process first saw them: a new leader may
 * add as much again.
 */
export class WorkDesk {
  readonly #setting: WorkSetting;
  readonly #intervalMs: number;
  readonly #inbox: InboxDuty;
  readonly #lapses: LapseDuty;
  readonly #reassignments: ReassignDuty;
  #running: Promise<void> = Promise.resolve();

  /** @param options The node, and how often it looks. */
  constructor({ setting, roster, assigner, intervalMs }: WorkDeskOptions) {
    this.#setting = setting;
    this.#intervalMs = intervalMs;
    this.#inbox = new InboxDuty(setting, assigner);
    this.#lapses = new LapseDuty(setting, roster, intervalMs * LAPSE_PAUSE_SHARE);
    this.#reassignments = new ReassignDuty(setting, roster, assigner);
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
   * Goes through all of it once, or through the first of it.
   *
   * @param term The term under whose fence it is done.
   * @returns Whether there is more to do at once.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async carryOn(term: Term): Promise<boolean> {
    const isInboxLeft = await this.#inbox.carryOn(term);
    const isClaimLeft = await this.#lapses.carryOn(term);
    const isItemLeft = await this.#reassignments.carryOn(term);
    return isInboxLeft || isClaimLeft || isItemLeft;
  }

  async #serve(term: Term, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([term.signal, signal]);
    await using waker = await listenTo(this.#setting, this.#setting.keys.leaderBell);
    let heard = await this.#readBell();
    while (!stop.aborted) {
      let isMore = false;
      try {
        isMore = await this.carryOn(term);
      } catch (error) {
        this.#setting.counters.fault(error);
        if (isHandleClosed(error)) return;
      }
      if (!isMore) heard = await this.#untilRung(waker, heard, stop);
    }
  }

  /**
   * Waits for an interval, or until somebody rings. Not every hint is a ring: on a local file each
   * commit of another process gives one, and a round costs several reads.
   *
   * @param heard The bell as it stood before the last round.
   * @returns The bell as it stands now.
   */
  async #untilRung(waker: Waker, heard: Bell, stop: AbortSignal): Promise<Bell> {
    const { clock } = this.#setting.store;
    const untilMs = clock.monotonic() + this.#intervalMs;
    for (let leftMs = this.#intervalMs; leftMs > 0; leftMs = untilMs - clock.monotonic()) {
      await waker.wait(leftMs, stop).catch(() => {});
      if (stop.aborted || clock.monotonic() >= untilMs) break;
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
