import { isHandleClosed } from "../kv_store.ts";
import type { Term } from "../term.ts";
import type { Assigner } from "./assigner.ts";
import { InboxDuty } from "./inbox_duty.ts";
import { LapseDuty } from "./lapse_duty.ts";
import { ReassignDuty } from "./reassign_duty.ts";
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
    while (!stop.aborted) {
      let isMore = false;
      try {
        isMore = await this.carryOn(term);
      } catch (error) {
        this.#setting.counters.fault(error);
        if (isHandleClosed(error)) return;
      }
      if (!isMore) await waker.wait(this.#intervalMs, stop).catch(() => {});
    }
  }
}
