import type { Term } from "../term.ts";
import type { Assigner } from "./assigner.ts";
import { parseWorkCopy, type WorkCopy } from "./work_record.ts";
import type { WorkSetting } from "./work_setting.ts";
import type { Transition } from "./work_transitions.ts";

/** Moves items that nobody has begun, under the leader's fence. */
export class WorkMover {
  readonly #setting: WorkSetting;
  readonly #assigner: Assigner;

  /**
   * @param setting The node.
   * @param assigner Puts assignments in order.
   */
  constructor(setting: WorkSetting, assigner: Assigner) {
    this.#setting = setting;
    this.#assigner = assigner;
  }

  /** @returns The copies that can be read; the others are counted. */
  readable(entries: readonly Deno.KvEntry<unknown>[]): WorkCopy[] {
    const { counters } = this.#setting;
    return entries.flatMap((entry) => counters.readable(() => parseWorkCopy(entry)) ?? []);
  }

  /** @returns What gives an item to a member; null when there is no member. */
  assignment(term: Term, copy: WorkCopy, assignee: string | null): Transition | null {
    if (assignee === null) return null;
    const order = this.#assigner.nextOrder(term);
    return this.#setting.transitions.assign(copy, { assignee, order, fence: term.check });
  }

  /**
   * Commits what is to be done about each item.
   *
   * @param copies The items.
   * @param move Says what is to be done; null for nothing.
   * @returns How many were moved, and which of them a check has refused.
   */
  async moveAll(
    copies: readonly WorkCopy[],
    move: (copy: WorkCopy) => Transition | null,
  ): Promise<{ readonly moved: number; readonly refused: readonly WorkCopy[] }> {
    const { commits, counters } = this.#setting;
    let moved = 0;
    const refused: WorkCopy[] = [];
    await Promise.all(copies.map(async (copy) => {
      const transition = move(copy);
      if (transition === null) return;
      const outcome = await commits.commit(transition.part).catch((error) => {
        counters.fault(error);
        return null;
      });
      if (outcome?.kind === "refused") refused.push(copy);
      if (outcome?.kind !== "committed") return;
      counters.count("reassigned");
      moved++;
    }));
    return { moved, refused };
  }
}
