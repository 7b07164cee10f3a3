import { WorkRefusal } from "../../enums/work_refusal.ts";
import type { Term } from "../term.ts";
import { readBacklog } from "./read_backlog.ts";
import type { Roster } from "./roster.ts";
import type { WorkOrder } from "./work_item.ts";
import type { AssignmentOrder } from "./work_keys.ts";
import { isSameOrder } from "./same_order.ts";
import { parseStoredWork, type WorkRecord } from "./work_record.ts";
import type { WorkSetting } from "./work_setting.ts";
import type { Assignment, Handover } from "./work_transitions.ts";

/** What became of an order. */
export type AssignOutcome =
  | { readonly kind: "assigned"; readonly assignee: string; readonly isNew: boolean }
  | { readonly kind: "refused"; readonly reason: WorkRefusal }
  /** The term is over, or the follower took the order back: nothing was written. */
  | { readonly kind: "void" };

interface Asked {
  readonly term: Term;
  readonly order: WorkOrder;
  readonly handover: Handover | undefined;
  readonly answer: PromiseWithResolvers<AssignOutcome>;
}

const ORDERS_MAX = 100;
const NONE: ReadonlySet<string> = new Set();

/**
 * Assigns orders under the leader's fence. Orders that come at the same time are checked against one
 * reading of members and backlog, and share commits; the next ones wait until these are done, so the
 * bound of the backlog is exact.
 */
export class Assigner {
  readonly #setting: WorkSetting;
  readonly #roster: Roster;
  readonly #queue: Asked[] = [];
  #isAssigning = false;
  #assignments = 0;

  /**
   * @param setting The node.
   * @param roster Who may be picked.
   */
  constructor(setting: WorkSetting, roster: Roster) {
    this.#setting = setting;
    this.#roster = roster;
  }

  /**
   * Assigns an order, unless an item of its id exists already: then that one's member is the answer
   * if it was ordered the same, and a refusal if not.
   *
   * @param term The term under whose fence it is done.
   * @param order What is to be done.
   * @param handover The entry with which it was handed over; it goes in the same commit.
   * @throws {StoreUnavailableError} when the outcome is not known: ask again.
   */
  assign(term: Term, order: WorkOrder, handover?: Handover): Promise<AssignOutcome> {
    const answer = Promise.withResolvers<AssignOutcome>();
    this.#queue.push({ term, order, handover, answer });
    if (!this.#isAssigning) void this.#drain();
    return answer.promise;
  }

  /** How many places in the order of assignment were given away. */
  get assignments(): number {
    return this.#assignments;
  }

  /** @returns The next place in the order of assignment. */
  nextOrder(term: Term): AssignmentOrder {
    return { term: term.term, n: this.#assignments++ };
  }

  async #drain(): Promise<void> {
    this.#isAssigning = true;
    await Promise.resolve(); // calls of the same turn go together
    while (this.#queue.length > 0) await this.#assignAll(this.#queue.splice(0, ORDERS_MAX));
    this.#isAssigning = false;
  }

  async #assignAll(asked: readonly Asked[]): Promise<void> {
    try {
      const backlog = await readBacklog(this.#setting);
      await this.#roster.renew();
      let room = this.#setting.maxBacklog - backlog;
      const present = asked.length > room ? await this.#present(asked) : NONE;
      const seated = new Set<string>();
      let refreshed: Promise<unknown> | undefined;
      const refresh = () => refreshed ??= this.#roster.refresh();
      await Promise.all(asked.map((one) => {
        const { id } = one.order;
        const hasRoom = !present.has(id) && (seated.has(id) || room-- > 0);
        if (hasRoom) seated.add(id); // another order of that id in this group takes no more room
        const assigned = hasRoom
          ? this.#assignOne(one, refresh)
          : this.#unlessThere(one.order, WorkRefusal.BACKLOG_FULL);
        return assigned.then(one.answer.resolve, one.answer.reject);
      }));
    } catch (error) {
      for (const { answer } of asked) answer.reject(error);
    }
  }

  async #assignOne(
    { term, order, handover }: Asked,
    refresh: () => Promise<unknown>,
  ): Promise<AssignOutcome> {
    const assignee = this.#roster.pick(order) ??
      await refresh().then(() => this.#roster.pick(order));
    if (assignee === null) return await this.#unlessThere(order, WorkRefusal.NO_MEMBER);
    const assignment: Assignment = { assignee, order: this.nextOrder(term), fence: term.check };
    const { part } = this.#setting.transitions.acknowledge(order, assignment, handover);
    const { kind } = await this.#setting.commits.commit(part);
    if (kind === "committed") {
      this.#setting.counters.count("assigned");
      return { kind: "assigned", assignee, isNew: true };
    }
    return await this.#there(order) ?? { kind: "void" };
  }

  async #unlessThere(order: WorkOrder, reason: WorkRefusal): Promise<AssignOutcome> {
    return await this.#there(order) ?? this.#refused(reason);
  }

  /** @returns What the item says that stands there; null when there is none. */
  async #there(order: WorkOrder): Promise<AssignOutcome | null> {
    const { store, keys, timing } = this.#setting;
    const entry = await store.get(keys.item(order.id), { timeoutMs: timing.attemptTimeoutMs });
    const record: WorkRecord | undefined = parseStoredWork(entry)?.record;
    if (record === undefined) return null;
    if (!isSameOrder(record, order)) return this.#refused(WorkRefusal.ID_TAKEN);
    return { kind: "assigned", assignee: record.assignee, isNew: false };
  }

  #refused(reason: WorkRefusal): AssignOutcome {
    this.#setting.counters.count("refused");
    return { kind: "refused", reason };
  }

  /** @returns Which of the ids are those of items. */
  async #present(asked: readonly Asked[]): Promise<ReadonlySet<string>> {
    const { store, keys, timing } = this.#setting;
    const ids = [...new Set(asked.map(({ order }) => order.id))];
    const items = await store.getMany(ids.map((id) => keys.item(id)), {
      timeoutMs: timing.attemptTimeoutMs,
    });
    return new Set(ids.filter((_, index) => items[index]!.versionstamp !== null));
  }
}
