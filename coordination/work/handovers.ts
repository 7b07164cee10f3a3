import { WorkRefusal } from "../../enums/work_refusal.ts";
import { DeadlineError, withDeadline } from "../deadline.ts";
import { encodeRecord } from "../election_records.ts";
import { StoreUnavailableError } from "../errors.ts";
import { isHandleClosed } from "../kv_store.ts";
import { aborted, UNNEEDED } from "../signals.ts";
import { type InboxRecord, parseRefusalRecord } from "./inbox_record.ts";
import { contentBytes, type WorkOrder } from "./work_item.ts";
import { WorkRefusedError, WorkUnacknowledgedError } from "./work_errors.ts";
import { parseStoredWork } from "./work_record.ts";
import { listenTo, type WorkSetting } from "./work_setting.ts";
import { ring } from "./work_transitions.ts";

/** An order that waits for the leader. */
interface Pending {
  readonly order: WorkOrder;
  readonly answer: PromiseWithResolvers<string>;
  /** Whether it is being written at the moment. */
  isBeingSent: boolean;
}

/** More calls than these are refused. */
const PENDING_MAX = 1_000;
const OVERHEAD_BYTES = 2_048;

/** How long a call waits, and what ends it early. */
export interface AskOptions {
  /** When to give up, in monotonic ms. */
  readonly untilMs: number;
  /** Ends the wait early. */
  readonly signal: AbortSignal | undefined;
}

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
   * @throws {WorkRefusedError} when the leader refuses it, or too many calls wait already.
   * @throws {WorkUnacknowledgedError} when there is no answer in time.
   * @throws The signal's reason; the order is withdrawn then, if it still can be.
   */
  async ask(order: WorkOrder, options: AskOptions): Promise<string> {
    if (this.#pending.size >= PENDING_MAX) {
      throw new WorkRefusedError(order.id, WorkRefusal.INBOX_FULL);
    }
    const pending: Pending = { order, answer: Promise.withResolvers(), isBeingSent: false };
    pending.answer.promise.catch(() => {});
    this.#pending.add(pending);
    this.#watching ??= this.#watch();
    this.#begin(pending);
    try {
      return await this.#answerTo(pending, options);
    } catch (error) {
      if (error instanceof WorkRefusedError) throw error;
      return await this.#withdraw(order, options.signal?.aborted ? options.signal.reason : error);
    } finally {
      this.#pending.delete(pending);
      if (this.#pending.size === 0) this.#idle.abort(UNNEEDED);
    }
  }

  /** Waits until the listener has stopped; no call may be waiting any more. */
  async close(): Promise<void> {
    await Promise.all([this.#watching, ...this.#sending]);
  }

  async #answerTo(pending: Pending, { untilMs, signal }: AskOptions): Promise<string> {
    const settled = new AbortController();
    const answers: Promise<string | void>[] = [pending.answer.promise];
    if (signal) answers.push(aborted(signal, settled.signal));
    try {
      const leftMs = untilMs - this.#setting.store.clock.monotonic();
      const answer = await withDeadline(Promise.race(answers), leftMs, this.#setting.store.clock);
      if (answer === undefined) throw signal!.reason;
      return answer;
    } finally {
      settled.abort(UNNEEDED);
    }
  }

  #begin(pending: Pending): void {
    const sending = this.#send(pending);
    this.#sending.add(sending);
    void sending.then(() => this.#sending.delete(sending));
  }

  /** Writes an order into the inbox, unless it stands there or was assigned already. */
  async #send(pending: Pending): Promise<void> {
    const { keys, commits, instanceId, counters } = this.#setting;
    const { order } = pending;
    const key = keys.inboxAt(order.id);
    const record: InboxRecord = { ...order, from: instanceId, nonce: crypto.randomUUID() };
    pending.isBeingSent = true;
    try {
      const { kind } = await commits.commit({
        checks: [key, keys.item(order.id)].map((absent) => ({ key: absent, versionstamp: null })),
        sets: [{ key, value: encodeRecord(record) }, ring(keys.leaderBell, record.nonce)],
        deletes: [keys.refusalAt(order.id)],
        witness: { key, nonce: record.nonce },
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

  /** Answers whoever can be answered; an order that stands nowhere is sent again. */
  async #lookAt(pending: readonly Pending[]): Promise<void> {
    const { store, keys, timing: { attemptTimeoutMs: timeoutMs } } = this.#setting;
    const items = await store.getMany(pending.map(({ order }) => keys.item(order.id)), {
      timeoutMs,
    });
    const open = pending.filter(({ answer }, index) =>
      !settle(answer, () => {
        return parseStoredWork(items[index]!)?.record.assignee;
      })
    );
    const entries = await store.getMany(
      open.flatMap(({ order }) => [keys.refusalAt(order.id), keys.inboxAt(order.id)]),
      { timeoutMs },
    );
    for (const [index, each] of open.entries()) {
      const [refusal, inbox] = entries.slice(2 * index, 2 * index + 2);
      if (inbox!.versionstamp !== null) continue;
      const isRefused = settle(each.answer, () => {
        const record = parseRefusalRecord(refusal!);
        if (record) throw new WorkRefusedError(each.order.id, record.reason);
        return undefined;
      });
      if (!isRefused && !each.isBeingSent) this.#begin(each);
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
    const there = parseStoredWork(item!);
    if (there) return there.record.assignee;
    if (inbox!.versionstamp === null) return false;
    const batch = { checks: [item!, inbox!], sets: [], deletes: [inbox!.key] };
    const { kind } = await store.commit(batch, { timeoutMs });
    return kind === "refused" ? null : kind === "committed";
  }
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
