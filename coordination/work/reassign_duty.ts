import { MemberStatus } from "../../enums/member_status.ts";
import type { NodeInfo } from "../node_info.ts";
import type { Term } from "../term.ts";
import { ReadyWatch, type ReadyWatchOptions } from "./ready_watch.ts";
import type { Roster } from "./roster.ts";
import type { WorkMover } from "./work_mover.ts";
import type { WorkSetting } from "./work_setting.ts";

const ASSIGNEES_MAX = 1_000;
const READY_PAGE_SIZE = 500;

/** Gives what nobody has begun, and nobody will begin where it is, to members that will. */
export class ReassignDuty {
  readonly #setting: WorkSetting;
  readonly #roster: Roster;
  readonly #mover: WorkMover;
  readonly #watch: ReadyWatch;
  #assignees = 0;

  /** @param options The node, and how long it waits for live members. */
  constructor(options: ReadyWatchOptions) {
    this.#setting = options.setting;
    this.#roster = options.roster;
    this.#mover = options.mover;
    this.#watch = new ReadyWatch(options);
  }

  /** Whether the last look found nobody who may have ready items. */
  get isIdle(): boolean {
    return this.#assignees === 0;
  }

  /**
   * Looks at the ready items of members that take no work any more; once an interval at those of
   * members that do.
   *
   * @param term The term under whose fence it is done.
   * @returns Whether there may be more to do at once.
   */
  async carryOn(term: Term): Promise<boolean> {
    const { store, keys, timing: { attemptTimeoutMs: timeoutMs } } = this.#setting;
    const assignees = await store.list(keys.assignees, { timeoutMs, limit: ASSIGNEES_MAX });
    this.#assignees = assignees.length;
    this.#watch.keep(assignees);
    if (assignees.length === 0) return false;
    const members = new Map((await this.#roster.refresh()).map((one) => [one.instanceId, one]));
    let isMore = false;
    for (const assignee of assignees) {
      if (takesWork(members.get(String(assignee.key.at(-1))))) continue;
      isMore = await this.#clear(term, assignee) || isMore;
    }
    const isLive = ({ key }: Deno.KvEntry<unknown>) => takesWork(members.get(String(key.at(-1))));
    await this.#watch.relieve(term, assignees.filter(isLive));
    return isMore;
  }

  /** Takes the first ready items from a member; returns whether there may be more. */
  async #clear(term: Term, assignee: Deno.KvEntry<unknown>): Promise<boolean> {
    const { store, keys, timing, transitions } = this.#setting;
    const page = await store.list(keys.readyOf(String(assignee.key.at(-1))), {
      timeoutMs: timing.attemptTimeoutMs,
      limit: READY_PAGE_SIZE,
    });
    if (page.length === 0) {
      await this.#watch.forget(term, assignee);
      return false;
    }
    const { moved } = await this.#mover.moveAll(
      this.#mover.readable(page),
      (copy) =>
        this.#mover.assignment(term, copy, this.#roster.pick(copy.record)) ??
          transitions.unassign(copy, term.check),
    );
    return moved > 0;
  }
}

function takesWork(member: NodeInfo | undefined): boolean {
  return member !== undefined && member.takesWork && member.status !== MemberStatus.DEAD;
}
