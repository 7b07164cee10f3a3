import type { Term } from "../term.ts";
import { EntrySweep } from "./entry_sweep.ts";
import type { Roster } from "./roster.ts";
import type { WorkMover } from "./work_mover.ts";
import type { WorkSetting } from "./work_setting.ts";

/** How many pages are read before the leader's other duties have their turn. */
const PAGES_AT_ONCE = 10;

/** Gives waiting items whose backoff is over to members that fit. */
export class WaitingDuty {
  readonly #setting: WorkSetting;
  readonly #roster: Roster;
  readonly #mover: WorkMover;
  readonly #waiting: EntrySweep;
  readonly #pauseMs: number;
  #notBeforeMs = -Infinity;

  /**
   * @param setting The node.
   * @param roster Picks members.
   * @param mover Moves items.
   * @param pauseMs How long to leave waiting items alone after a round of several pages, in ms.
   */
  constructor(setting: WorkSetting, roster: Roster, mover: WorkMover, pauseMs: number) {
    this.#setting = setting;
    this.#roster = roster;
    this.#mover = mover;
    this.#pauseMs = pauseMs;
    this.#waiting = new EntrySweep(setting.store, setting.keys.waiting);
  }

  /** Whether the last round found nothing that waits. */
  get isIdle(): boolean {
    return this.#waiting.isEmpty;
  }

  /**
   * Looks at the next waiting items. A round that fits one page is repeated whenever somebody rings.
   *
   * @param term The term under whose fence it is done.
   * @returns Whether the rest of them is still to be looked at.
   */
  async carryOn(term: Term): Promise<boolean> {
    const { clock } = this.#setting.store;
    if (clock.monotonic() < this.#notBeforeMs) return false;
    let hasRest = this.#waiting.isUnderWay;
    for (let pages = 0; pages < PAGES_AT_ONCE; pages++) {
      await this.#assignNext(term);
      if (!this.#waiting.isUnderWay) break;
      hasRest = true;
    }
    if (this.#waiting.isUnderWay) return true;
    if (hasRest) this.#notBeforeMs = clock.monotonic() + this.#pauseMs;
    return false;
  }

  async #assignNext(term: Term): Promise<void> {
    const { timing } = this.#setting;
    const swept = await this.#waiting.next({ timeoutMs: timing.attemptTimeoutMs });
    if (swept.length === 0) return;
    await this.#roster.refresh();
    const ages = new Map(swept.map(({ entry, ageMs }) => [entry.key, ageMs]));
    const due = this.#mover.readable(swept.map(({ entry }) => entry))
      .filter(({ key, record }) => ages.get(key)! >= record.delayMs);
    await this.#mover.moveAll(
      due,
      (copy) => this.#mover.assignment(term, copy, this.#roster.pick(copy.record)),
    );
  }
}
