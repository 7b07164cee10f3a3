import type { Term } from "../term.ts";
import { keyText } from "./commit_part.ts";
import type { Roster } from "./roster.ts";
import type { WorkMover } from "./work_mover.ts";
import type { WorkCopy } from "./work_record.ts";
import type { WorkSetting } from "./work_setting.ts";

/** Options of {@link ReadyWatch}. */
export interface ReadyWatchOptions {
  /** The node. */
  readonly setting: WorkSetting;
  /** Picks members. */
  readonly roster: Roster;
  /** Moves items. */
  readonly mover: WorkMover;
  /** How often to look at what live members have before them, in ms. */
  readonly intervalMs: number;
  /** After how long a live member that claims nothing is relieved, in ms. */
  readonly stallMs: number;
}

/** What a member had before it when the leader looked. */
interface Sight {
  /** What has to change for the member to have got on. */
  readonly stamp: string;
  /** Since when it stands so, by this process's monotonic clock. */
  readonly sinceMs: number;
  /** Copies that could not be moved as they stood: they do not fit their items. */
  readonly misfits: ReadonlySet<string>;
}

interface Look {
  readonly assignee: Deno.KvEntry<unknown>;
  readonly member: string;
  readonly copies: readonly WorkCopy[];
  readonly isEmpty: boolean;
  readonly isStale: boolean;
}

/** Up to how many ready items of a member are counted. */
const COUNT_MAX = 100;
/** How many members are looked at in one interval; the next ones in the next. */
const MEMBERS_PER_LOOK = 20;
const LOOKS_AT_A_TIME = 3;
/** Rings in between are no reason to look again. */
const PAUSE_SHARE = 0.5;

/**
 * Watches what live members have to claim: counts it, and takes it from a member that has claimed
 * nothing for a while (its handler takes long, or nobody asks its loop for more) for members that
 * have nothing to claim.
 */
export class ReadyWatch {
  readonly #options: ReadyWatchOptions;
  #sights: Map<string, Sight> = new Map();
  #notBeforeMs = -Infinity;
  #turn = 0;
  #term = 0;

  /** @param options The node, and how long it waits. */
  constructor(options: ReadyWatchOptions) {
    this.#options = options;
  }

  /** Forgets all members but these. */
  keep(assignees: readonly Deno.KvEntry<unknown>[]): void {
    const members = new Set(assignees.map(memberOf));
    this.#options.roster.keepUnclaimed(members);
    for (const member of this.#sights.keys()) {
      if (!members.has(member)) this.#sights.delete(member);
    }
  }

  /**
   * Looks at the next members, once an interval.
   *
   * @param term The term under whose fence it is done.
   * @param assignees Live members that may have ready items.
   */
  async relieve(term: Term, assignees: readonly Deno.KvEntry<unknown>[]): Promise<void> {
    const { setting: { store: { clock } }, roster, intervalMs } = this.#options;
    if (term.term !== this.#term) this.#sights = new Map();
    this.#term = term.term;
    if (assignees.length === 0 || clock.monotonic() < this.#notBeforeMs) return;
    this.#notBeforeMs = clock.monotonic() + intervalMs * PAUSE_SHARE;
    const stale = (await this.#lookAt(this.#next(assignees))).filter(({ isStale }) => isStale);
    const stalled = stale.filter(({ copies }) => copies.length > 0);
    for (const { member } of stalled) roster.noteStalled(member);
    for (const look of stalled) await this.#spread(term, look);
    for (const { isEmpty, assignee } of stale) if (isEmpty) await this.forget(term, assignee);
  }

  /** Removes the note about a member without ready items; an assignment meanwhile keeps it. */
  async forget(term: Term, assignee: Deno.KvEntry<unknown>): Promise<void> {
    const { store, timing } = this.#options.setting;
    const checks = [term.check, assignee];
    await store.commit({ checks, sets: [], deletes: [assignee.key] }, {
      timeoutMs: timing.attemptTimeoutMs,
    });
  }

  /** @returns Whose turn it is. */
  #next(assignees: readonly Deno.KvEntry<unknown>[]): readonly Deno.KvEntry<unknown>[] {
    const first = this.#turn % assignees.length;
    this.#turn = first + MEMBERS_PER_LOOK;
    return [...assignees.slice(first), ...assignees.slice(0, first)].slice(0, MEMBERS_PER_LOOK);
  }

  async #lookAt(assignees: readonly Deno.KvEntry<unknown>[]): Promise<Look[]> {
    const looks: Look[] = [];
    for (let from = 0; from < assignees.length; from += LOOKS_AT_A_TIME) {
      const some = assignees.slice(from, from + LOOKS_AT_A_TIME);
      looks.push(...await Promise.all(some.map((assignee) => this.#look(assignee))));
    }
    return looks;
  }

  async #look(assignee: Deno.KvEntry<unknown>): Promise<Look> {
    const { setting: { store, keys, timing }, roster, mover, stallMs } = this.#options;
    const member = memberOf(assignee);
    const page = await store.list(keys.readyOf(member), {
      timeoutMs: timing.attemptTimeoutMs,
      limit: COUNT_MAX,
    });
    roster.noteUnclaimed(member, page.length);
    const last = this.#sights.get(member);
    const all = mover.readable(page);
    const copies = all.filter((copy) => !last?.misfits.has(copyText(copy)));
    const misfits = new Set(all.filter((copy) => !copies.includes(copy)).map(copyText));
    const stamp = copies.length > 0 ? copyText(copies[0]!) : `note ${assignee.versionstamp}`;
    const now = store.clock.monotonic();
    const sinceMs = last?.stamp === stamp ? last.sinceMs : now;
    this.#sights.set(member, { stamp, sinceMs, misfits });
    const isStale = now - sinceMs >= stallMs;
    return { assignee, member, copies, isEmpty: page.length === 0, isStale };
  }

  async #spread(term: Term, { member, copies }: Look): Promise<void> {
    const { roster, mover } = this.#options;
    const idle = roster.idle();
    const { refused } = await mover.moveAll(
      copies,
      (copy) => mover.assignment(term, copy, roster.pickIdler(copy.record, member, idle)),
    );
    const sight = this.#sights.get(member)!;
    const misfits = new Set([...sight.misfits, ...refused.map(copyText)]);
    this.#sights.set(member, { ...sight, misfits });
  }
}

function memberOf({ key }: Deno.KvEntry<unknown>): string {
  return String(key.at(-1));
}

function copyText({ key, versionstamp }: WorkCopy): string {
  return `${keyText(key)}@${versionstamp}`;
}
