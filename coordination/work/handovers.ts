import { WorkRefusal } from "../../enums/work_refusal.ts";
import { DeadlineError, withDeadline } from "../deadline.ts";
import { encodeRecord } from "../election_records.ts";
import { StoreUnavailableError } from "../errors.ts";
import { isHandleClosed } from "../kv_store.ts";
import { UNNEEDED } from "../signals.ts";
import { type AskOptions, inTime } from "./in_time.ts";
import { type InboxRecord, parseRefusalRecord } from "./inbox_record.ts";
import { contentBytes, type WorkOrder } from "./work_item.ts";
import { isSameOrder } from "./same_order.ts";
import { WorkRefusedError, WorkUnacknowledgedError } from "./work_errors.ts";
import { parseStoredWork } from "./work_record.ts";
import { listenTo, type WorkSetting } from "./work_setting.ts";
import { ring } from "./work_transitions.ts";

/** An order that waits for the leader. */
interface Pending {
  readonly order: WorkOrder;
  /** Identifies what is sent for it, and the refusal of that. */
  readonly nonce: string;
  readonly answer: PromiseWithResolvers<string>;
  /** Whether it is being written at the moment. */
  isBeingSent: boolean;
}

const OVERHEAD_BYTES = 2_048;
/** How many calls are looked after before those are told that have an answer. */
const LOOK_SIZE = 100;
const CLOSING_ATTEMPTS = 4;

/**
 * Hands orders to the leader through the store, and waits until their items, or refusals, appear
 * there. All calls that wait share one listener.
 */
export class Handovers {
  readonly #setting: WorkSetting;
  readonly #pending: Set<Pending> = new Set();
  readonly #sending: Set<Promise<void>> = new Set();
  #idle = new AbortController();
  #watching: Promise<void> | undefined;

  /** @param setting The node. */
  constructor(setting: WorkSetting) {
    this.#setting = setting;
  }

  /**
   * Hands an order over.
   *
   * @returns The member to which it was assigned.
   * @throws {WorkRefusedError} when the leader refuses it, or another order stands under its id.
   * @throws {WorkUnacknowledgedError} when there is no answer in time.
   * @throws The signal's reason; the order is withdrawn then, if it still can be.
   */
  async ask(order: WorkOrder, options: AskOptions): Promise<string> {
    const pending: Pending = {
      order,
      nonce: crypto.randomUUID(),
      answer: Promise.withResolvers(),
      isBeingSent: false,
    };
    pending.answer.promise.catch(() => {});
    this.#pending.add(pending);
    this.#watching ??= this.#watch();
    this.#begin(pending);
    try {
      return await inTime(pending.answer.promise, options, this.#setting.store.clock);
    } catch (error) {
      if (error instanceof WorkRefusedError) throw error;
      return await this.#withdraw(order, options.signal?.aborted ? options.signal.reason : error);
    } finally {
      this.#pending.delete(pending);
      if (this.#pending.size === 0) this.#idle.abort(UNNEEDED);
    }
  }

  /**
   * Waits until the listener has stopped and nothing is being written, but for no more than four
   * attempts: a store that hangs keeps no process. No call may be waiting any more.
   */
  async close(): Promise<void> {
    const { store: { clock }, timing, counters } = this.#setting;
    const ended = Promise.all([this.#watching, ...this.#sending]);
    const timeoutMs = CLOSING_ATTEMPTS * timing.attemptTimeoutMs;
    await withDeadline(ended, timeoutMs, clock).catch((error) => counters.fault(error));
  }

  #begin(pending: Pending): void {
    const sending = this.#send(pending);
    this.#sending.add(sending);
    void sending.then(() => this.#sending.delete(sending));
  }

  /** Writes an order into the inbox, unless it stands there or was assigned already. */
  async #send(pending: Pending): Promise<void> {
    const { keys, commits, instanceId, counters } = this.#setting;
    const { order, nonce } = pending;
    const key = keys.inboxAt(order.id);
    const record: InboxRecord = { ...order, from: instanceId, nonce };
    pending.isBeingSent = true;
    try {
      const { kind } = await commits.commit({
        checks: [key, keys.item(order.id)].map((absent) => ({ key: absent, versionstamp: null })),
        sets: [{ key, value: encodeRecord(record) }, ring(keys.leaderBell, nonce)],
        deletes: [keys.refusalAt(order.id)],
        witness: { key, nonce },
        bytes: contentBytes(order, null, null) + OVERHEAD_BYTES,
      });
      if (kind === "committed") counters.count("handedOver");
      else await this.#lookAt([pending]);
    } catch (error) {
      counters.fault(error);
      if (!(error instanceof StoreUnavailableError)) pending.answer.reject(error);
    } finally {
      pending.isBeingSent = false;
    }
  }

  async #watch(): Promise<void> {
    while (this.#pending.size > 0) {
      this.#idle = new AbortController();
      try {
        await this.#watchUntilIdle(this.#idle.signal);
      } catch (error) { // there is no listening: nobody may wait for it
        for (const { answer } of this.#pending) answer.reject(error);
        break;
      }
    }
    this.#watching = undefined;
  }

  async #watchUntilIdle(idle: AbortSignal): Promise<void> {
    const { keys, instanceId, timing, counters } = this.#setting;
    await using waker = await listenTo(this.#setting, keys.bellOf(instanceId));
    while (!idle.aborted && this.#pending.size > 0) {
      await waker.wait(timing.safetyPollMs, idle).catch(() => {});
      try {
        await this.#lookAt([...this.#pending].filter(({ isBeingSent }) => !isBeingSent));
      } catch (error) {
        counters.fault(error);
        if (isHandleClosed(error)) { for (const { answer } of this.#pending) answer.reject(error); }
      }
    }
  }

  async #lookAt(pending: readonly Pending[]): Promise<void> {
    for (let from = 0; from < pending.length; from += LOOK_SIZE) {
      await this.#lookAtSome(pending.slice(from, from + LOOK_SIZE));
    }
  }

  /**
   * Answers whoever can be answered; an order that stands nowhere is sent again. The inbox is read
   * first: what has left it by then is an item or a refusal, which a read after that finds.
   */
  async #lookAtSome(pending: readonly Pending[]): Promise<void> {
    const { store, keys, timing: { attemptTimeoutMs: timeoutMs } } = this.#setting;
    const inbox = await store.getMany(pending.map(({ order }) => keys.inboxAt(order.id)), {
      timeoutMs,
    });
    const gone = pending.filter((_, index) => inbox[index]!.versionstamp === null);
    const entries = await store.getMany(
      gone.flatMap(({ order }) => [keys.item(order.id), keys.refusalAt(order.id)]),
      { timeoutMs },
    );
    for (const [index, each] of gone.entries()) {
      const [item, refusal] = entries.slice(2 * index, 2 * index + 2);
      const isSettled = settle(each.answer, () => {
        const assignee = assigneeOf(each.order, item!);
        if (assignee !== undefined) return assignee;
        const refused = parseRefusalRecord(refusal!);
        if (refused?.of !== each.nonce) return undefined;
        throw new WorkRefusedError(each.order.id, refused.reason);
      });
      if (!isSettled && !each.isBeingSent) this.#begin(each);
    }
  }

  /** Takes an order back that nobody has answered; says for whom it was if somebody has. */
  async #withdraw(order: WorkOrder, cause: unknown): Promise<string> {
    let withdrawn = false;
    try {
      const assignee = await this.#takeBack(order) ?? await this.#takeBack(order);
      if (typeof assignee === "string") return assignee;
      withdrawn = assignee === true;
    } catch (error) {
      if (error instanceof WorkRefusedError) throw error;
      this.#setting.counters.fault(error);
    }
    if (cause instanceof DeadlineError) throw new WorkUnacknowledgedError(order.id, withdrawn);
    throw cause;
  }

  /** @returns The member that has the item, or whether its order was taken back; null to look again. */
  async #takeBack(order: WorkOrder): Promise<string | boolean | null> {
    const { store, keys, timing: { attemptTimeoutMs: timeoutMs } } = this.#setting;
    const found = [keys.item(order.id), keys.inboxAt(order.id)];
    const [item, inbox] = await store.getMany(found, { timeoutMs });
    const assignee = assigneeOf(order, item!);
    if (assignee !== undefined) return assignee;
    if (inbox!.versionstamp === null) return false;
    const batch = { checks: [item!, inbox!], sets: [], deletes: [inbox!.key] };
    const { kind } = await store.commit(batch, { timeoutMs });
    return kind === "refused" ? null : kind === "committed";
  }
}

/**
 * @returns Who has the item, or had it last; undefined when there is none.
 * @throws {WorkRefusedError} when it has another payload or other labels.
 */
function assigneeOf(order: WorkOrder, item: Deno.KvEntryMaybe<unknown>): string | undefined {
  const record = parseStoredWork(item)?.record;
  if (record === undefined || isSameOrder(record, order)) return record?.assignee;
  throw new WorkRefusedError(order.id, WorkRefusal.ID_TAKEN);
}

/** Answers if there is something to say; returns whether there was. */
function settle(
  answer: PromiseWithResolvers<string>,
  find: () => string | undefined,
): boolean {
  try {
    const found = find();
    if (found !== undefined) answer.resolve(found);
    return found !== undefined;
  } catch (error) {
    answer.reject(error);
    return true;
  }
}
