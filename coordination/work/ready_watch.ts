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
  /** After how long a live member is relieved of what it has not claimed, in ms. */
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
  /** The first copies, except those that were moved since. */
  readonly page: ReadonlySet<string>;
}

/** What was written by a moment. */
interface Mark {
  /** The moment, by this process's monotonic clock. */
  readonly atMs: number;
  /** The greatest versionstamp of it. */
  readonly versionstamp: string;
}

interface Look {
  readonly assignee: Deno.KvEntry<unknown>;
  readonly member: string;
  readonly copies: readonly WorkCopy[];
  readonly isEmpty: boolean;
  /** Whether the member has claimed nothing for as long as it may, or had nothing to claim. */
  readonly isStale: boolean;
}

/** Up to how many ready items of a member are read. */
const COUNT_MAX = 100;
/** How many members are looked at in one interval; the next ones in the next. */
const MEMBERS_PER_LOOK = 20;
const LOOKS_AT_A_TIME = 3;
/** Rings in between are no reason to look again. */
const PAUSE_SHARE = 0.5;

/**
 * Watches what live members have to claim: counts it, and gives what has stood before one of them for
 * a while (its handler takes long, or nobody asks its loop for more) to members that have nothing to
 * claim.
 */
export class ReadyWatch {
  readonly #options: ReadyWatchOptions;
  #sights: Map<string, Sight> = new Map();
  /** The oldest but one is younger than `stallMs`. */
  #marks: Mark[] = [];
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
    if (term.term !== this.#term) this.#beginAnew(term);
    if (assignees.length === 0 || clock.monotonic() < this.#notBeforeMs) return;
    this.#notBeforeMs = clock.monotonic() + intervalMs * PAUSE_SHARE;
    const agedUpTo = this.#agedUpTo(assignees);
    const looks = await this.#lookAt(this.#next(assignees));
    for (const { member, isStale, copies } of looks) {
      if (isStale && copies.length > 0) roster.noteStalled(member);
    }
    for (const { member, isStale, copies } of looks) {
      const due = copies.filter(({ versionstamp }) => isStale || versionstamp <= agedUpTo);
      if (due.length > 0) await this.#spread(term, member, due);
    }
    for (const { isEmpty, isStale, assignee } of looks) {
      if (isEmpty && isStale) await this.forget(term, assignee);
    }
  }

  /** Removes the note about a member without ready items; an assignment meanwhile keeps it. */
  async forget(term: Term, assignee: Deno.KvEntry<unknown>): Promise<void> {
    const { store, timing } = this.#options.setting;
    const checks = [term.check, assignee];
    await store.commit({ checks, sets: [], deletes: [assignee.key] }, {
      timeoutMs: timing.attemptTimeoutMs,
    });
  }

  #beginAnew({ term }: Term): void {
    this.#term = term;
    this.#sights = new Map();
    this.#marks = [];
  }

  /**
   * Notes what has been written by now: a member's note is rewritten with each of its copies.
   *
   * @returns Up to which versionstamp all was written at least `stallMs` ago; empty while nothing was.
   */
  #agedUpTo(assignees: readonly Deno.KvEntry<unknown>[]): string {
    const now = this.#options.setting.store.clock.monotonic();
    const agedMs = now - this.#options.stallMs;
    const newest = assignees.map(({ versionstamp }) => versionstamp).sort().at(-1)!;
    if (newest > (this.#marks.at(-1)?.versionstamp ?? "")) {
      this.#marks.push({ atMs: now, versionstamp: newest });
    }
    while (this.#marks.length > 1 && this.#marks[1]!.atMs <= agedMs) this.#marks.shift();
    const [oldest] = this.#marks;
    return oldest !== undefined && oldest.atMs <= agedMs ? oldest.versionstamp : "";
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
    const last = this.#sights.get(member);
    const texts = new Set(page.map(copyText));
    roster.noteUnclaimed(member, this.#estimate(member, texts, last));
    const all = mover.readable(page);
    const copies = all.filter((copy) => !last?.misfits.has(copyText(copy)));
    const misfits = new Set(all.filter((copy) => !copies.includes(copy)).map(copyText));
    const stamp = copies.length > 0 ? copyText(copies[0]!) : `note ${assignee.versionstamp}`;
    const now = store.clock.monotonic();
    const sinceMs = last?.stamp === stamp ? last.sinceMs : now;
    this.#sights.set(member, { stamp, sinceMs, misfits, page: texts });
    const isStale = now - sinceMs >= stallMs;
    return { assignee, member, copies, isEmpty: page.length === 0, isStale };
  }

  /**
   * @returns How many items a member has to claim. More than are read are as many as it was known to
   * have, less those that are gone; no more than are read if all that was read last is gone.
   */
  #estimate(member: string, page: ReadonlySet<string>, last: Sight | undefined): number {
    if (page.size < COUNT_MAX) return page.size;
    const before = last?.page.size ?? 0;
    const gone = before - (last?.page.intersection(page).size ?? 0);
    if (before > 0 && gone === before) return page.size;
    return Math.max(page.size, this.#options.roster.unclaimedOf(member) - gone);
  }

  async #spread(term: Term, member: string, copies: readonly WorkCopy[]): Promise<void> {
    const { roster, mover } = this.#options;
    const idle = roster.idle();
    const picked = new Set<string>();
    const { refused } = await mover.moveAll(copies, (copy) => {
      const assignee = roster.pickIdler(copy.record, member, idle);
      if (assignee !== null) picked.add(copyText(copy)); // the roster has taken it off already
      return mover.assignment(term, copy, assignee);
    });
    const sight = this.#sights.get(member)!;
    const misfits = new Set([...sight.misfits, ...refused.map(copyText)]);
    this.#sights.set(member, { ...sight, misfits, page: sight.page.difference(picked) });
  }
}

function memberOf({ key }: Deno.KvEntry<unknown>): string {
  return String(key.at(-1));
}

function copyText({ key, versionstamp }: Pick<WorkCopy, "key" | "versionstamp">): string {
  return `${keyText(key)}@${versionstamp}`;
}
