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
  /** The term is over, or who ordered it took it back: nothing was written. */
  | { readonly kind: "void" };

/** A call of this process that waits for an assignment. */
export interface OrderCall {
  /** Whether it still waits: what nobody waits for is not sent. */
  isWanted: boolean;
  /** Whether an assignment was sent for it that may stand in the store, or come to stand there. */
  mayStand: boolean;
}

/** On whose behalf {@link Assigner.assign} assigns. */
export interface AssignOrigin {
  /** The entry with which the order was handed over; it goes in the same commit. */
  readonly handover?: Handover;
  /** The call that waits for it. */
  readonly call?: OrderCall;
}

interface Asked extends AssignOrigin {
  readonly term: Term;
  readonly order: WorkOrder;
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
   * if it has the same payload and labels, and a refusal if not.
   *
   * @param term The term under whose fence it is done.
   * @param order What is to be done.
   * @param origin On whose behalf.
   * @throws {StoreUnavailableError} when the outcome is not known: ask again.
   */
  assign(term: Term, order: WorkOrder, origin: AssignOrigin = {}): Promise<AssignOutcome> {
    const answer = Promise.withResolvers<AssignOutcome>();
    this.#queue.push({ ...origin, term, order, answer });
    if (!this.#isAssigning) void this.#drain();
    return answer.promise;
  }

  /** Sends no more for a call that has ended; what waits for its turn is forgotten. */
  giveUp(call: OrderCall): void {
    call.isWanted = false;
    const index = this.#queue.findIndex((one) => one.call === call);
    if (index >= 0) this.#queue.splice(index, 1);
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
      const wanted = asked.filter(isWanted);
      const seated = new Set<string>();
      let refreshed: Promise<unknown> | undefined;
      const refresh = () => refreshed ??= this.#roster.refresh();
      await Promise.all(wanted.map((one) => {
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
    one: Asked,
    refresh: () => Promise<unknown>,
  ): Promise<AssignOutcome> {
    const { term, order, handover, call } = one;
    const assignee = this.#roster.pick(order) ??
      await refresh().then(() => this.#roster.pick(order));
    if (assignee === null) return await this.#unlessThere(order, WorkRefusal.NO_MEMBER);
    if (!isWanted(one)) return { kind: "void" };
    const assignment: Assignment = { assignee, order: this.nextOrder(term), fence: term.check };
    const { part } = this.#setting.transitions.acknowledge(order, assignment, handover);
    if (call) call.mayStand = true;
    const { kind } = await this.#setting.commits.commit(part);
    if (kind === "committed") {
      this.#setting.counters.count("assigned");
      return { kind: "assigned", assignee, isNew: true };
    }
    const there = await this.#there(order);
    if (call && !there) call.mayStand = false; // the fence that refused it refuses earlier ones too
    return there ?? { kind: "void" };
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

function isWanted({ call }: AssignOrigin): boolean {
  return call?.isWanted ?? true;
}
