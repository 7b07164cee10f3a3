import { MemberStatus } from "../../enums/member_status.ts";
import type { NodeInfo } from "../node_info.ts";
import type { Term } from "../term.ts";
import type { Assigner } from "./assigner.ts";
import { EntrySweep } from "./entry_sweep.ts";
import type { Roster } from "./roster.ts";
import { parseWorkCopy, type WorkCopy } from "./work_record.ts";
import type { WorkSetting } from "./work_setting.ts";
import type { Transition } from "./work_transitions.ts";

const ASSIGNEES_MAX = 1_000;
const READY_PAGE_SIZE = 500;

/** Gives what nobody has begun, and nobody will begin where it is, to members that will. */
export class ReassignDuty {
  readonly #setting: WorkSetting;
  readonly #roster: Roster;
  readonly #assigner: Assigner;
  readonly #waiting: EntrySweep;

  /**
   * @param setting The node.
   * @param roster Picks members.
   * @param assigner Puts assignments in order.
   */
  constructor(setting: WorkSetting, roster: Roster, assigner: Assigner) {
    this.#setting = setting;
    this.#roster = roster;
    this.#assigner = assigner;
    this.#waiting = new EntrySweep(setting.store, setting.keys.waiting);
  }

  /**
   * Looks at the ready items of members that take no work any more, and at the next waiting ones.
   *
   * @param term The term under whose fence it is done.
   * @returns Whether there may be more to do at once.
   */
  async carryOn(term: Term): Promise<boolean> {
    const { store, keys, timing: { attemptTimeoutMs: timeoutMs } } = this.#setting;
    const assignees = await store.list(keys.assignees, { timeoutMs, limit: ASSIGNEES_MAX });
    const waiting = await this.#waiting.next({ timeoutMs });
    if (assignees.length === 0 && waiting.length === 0) return false;
    const members = new Map((await this.#roster.refresh()).map((one) => [one.instanceId, one]));
    let isMore = false;
    for (const assignee of assignees) {
      if (takesWork(members.get(String(assignee.key.at(-1))))) continue;
      isMore = await this.#clear(term, assignee) || isMore;
    }
    const due = this.#readable(
      waiting.map(({ entry }) => entry),
      ({ record }, index) => waiting[index]!.ageMs >= record.delayMs,
    );
    const moved = await this.#moveAll(due, (copy) => this.#assign(term, copy));
    return isMore || (moved > 0 && this.#waiting.isUnderWay);
  }

  /** Takes the first ready items from a member; returns whether there may be more. */
  async #clear(term: Term, assignee: Deno.KvEntry<unknown>): Promise<boolean> {
    const { store, keys, timing } = this.#setting;
    const member = String(assignee.key.at(-1));
    const page = await store.list(keys.readyOf(member), {
      timeoutMs: timing.attemptTimeoutMs,
      limit: READY_PAGE_SIZE,
    });
    if (page.length === 0) {
      // Each assignment rewrites the note, so one that came meanwhile keeps it.
      await store.commit({
        checks: [term.check, assignee],
        sets: [],
        deletes: [assignee.key],
      }, { timeoutMs: timing.attemptTimeoutMs });
      return false;
    }
    const moved = await this.#moveAll(
      this.#readable(page),
      (copy) => this.#assign(term, copy) ?? this.#setting.transitions.unassign(copy, term.check),
    );
    return moved > 0;
  }

  #assign(term: Term, copy: WorkCopy): Transition | null {
    const assignee = this.#roster.pick(copy.record);
    if (assignee === null) return null;
    const order = this.#assigner.nextOrder(term);
    return this.#setting.transitions.assign(copy, { assignee, order, fence: term.check });
  }

  #readable(
    entries: readonly Deno.KvEntry<unknown>[],
    isWanted: (copy: WorkCopy, index: number) => boolean = () => true,
  ): WorkCopy[] {
    const { counters } = this.#setting;
    return entries.flatMap((entry, index) => {
      const copy = counters.readable(() => parseWorkCopy(entry));
      return copy && isWanted(copy, index) ? [copy] : [];
    });
  }

  /** Commits what is to be done about each; returns how many of them were moved. */
  async #moveAll(
    copies: readonly WorkCopy[],
    move: (copy: WorkCopy) => Transition | null,
  ): Promise<number> {
    const { commits, counters } = this.#setting;
    const moved = await Promise.all(copies.map(async (copy) => {
      const transition = move(copy);
      if (transition === null) return 0;
      const outcome = await commits.commit(transition.part).catch((error) => {
        counters.fault(error);
        return null;
      });
      if (outcome?.kind !== "committed") return 0;
      counters.count("reassigned");
      return 1;
    }));
    return moved.reduce<number>((sum, one) => sum + one, 0);
  }
}

function takesWork(member: NodeInfo | undefined): boolean {
  return member !== undefined && member.takesWork && member.status !== MemberStatus.DEAD;
}
