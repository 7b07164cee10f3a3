import { WorkRefusal } from "../../enums/work_refusal.ts";
import { DeadlineError } from "../deadline.ts";
import { StoreUnavailableError } from "../errors.ts";
import type { Term } from "../term.ts";
import type { Assigner, OrderCall } from "./assigner.ts";
import type { Handovers } from "./handovers.ts";
import { type AskOptions, inTime } from "./in_time.ts";
import { WorkRefusedError, WorkUnacknowledgedError } from "./work_errors.ts";
import type { WorkOrder } from "./work_item.ts";
import type { WorkSetting } from "./work_setting.ts";

/** Options of {@link Submissions}. */
export interface SubmissionsOptions {
  /** The node. */
  readonly setting: WorkSetting;
  /** Assigns while this node leads. */
  readonly assigner: Assigner;
  /** Hands over to whoever leads. */
  readonly handovers: Handovers;
  /** The valid term of this node; null while it does not lead. */
  readonly term: () => Term | null;
  /** Spreads retries; values in [0, 1). */
  readonly random: () => number;
}

/** More calls than these are refused. */
const CALLS_MAX = 1_000;

/** The application's calls for an assignment: this node assigns while it leads, and hands over else. */
export class Submissions {
  readonly #options: SubmissionsOptions;
  #calls = 0;

  /** @param options The node, and who assigns. */
  constructor(options: SubmissionsOptions) {
    this.#options = options;
  }

  /**
   * Has an order assigned. One that is given up before this node has sent it is sent no more.
   *
   * @param order What is to be done.
   * @param ask How long to wait, and what ends the wait.
   * @returns The member to which it was assigned.
   * @throws {WorkRefusedError} when it is refused, or too many calls wait already.
   * @throws {WorkUnacknowledgedError} when there is no answer in time.
   * @throws The signal's reason.
   */
  async submit(order: WorkOrder, ask: AskOptions): Promise<string> {
    if (this.#calls >= CALLS_MAX) throw new WorkRefusedError(order.id, WorkRefusal.INBOX_FULL);
    const call: OrderCall = { isWanted: true, mayStand: false };
    this.#calls++;
    try {
      return await this.#untilAnswered(order, call, ask);
    } finally {
      this.#calls--;
      this.#options.assigner.giveUp(call);
    }
  }

  async #untilAnswered(order: WorkOrder, call: OrderCall, ask: AskOptions): Promise<string> {
    const { clock } = this.#options.setting.store;
    let failure: unknown;
    let ended: Term | undefined;
    while (clock.monotonic() < ask.untilMs) {
      ask.signal?.throwIfAborted();
      const term = this.#options.term();
      if (term === null || term === ended) return await this.#handOver(order, call, ask);
      try {
        const assignee = await inTime(this.#assign(term, order, call), ask, clock);
        if (assignee !== null) return assignee;
        ended = term;
      } catch (error) {
        if (error instanceof DeadlineError) break;
        if (!(error instanceof StoreUnavailableError)) throw error;
        failure = error;
        await this.#pause(ask);
      }
    }
    throw new WorkUnacknowledgedError(order.id, !call.mayStand, failure);
  }

  /** @returns The member; null when the term turned out to be over. */
  async #assign(term: Term, order: WorkOrder, call: OrderCall): Promise<string | null> {
    const outcome = await this.#options.assigner.assign(term, order, { call });
    switch (outcome.kind) {
      case "assigned":
        return outcome.assignee;
      case "refused":
        throw new WorkRefusedError(order.id, outcome.reason);
      case "void":
        return null;
      default:
        return outcome satisfies never;
    }
  }

  /** What this node sent while it led may stand, though what it handed over was taken back. */
  async #handOver(order: WorkOrder, call: OrderCall, ask: AskOptions): Promise<string> {
    try {
      return await this.#options.handovers.ask(order, ask);
    } catch (error) {
      if (!(error instanceof WorkUnacknowledgedError && call.mayStand)) throw error;
      throw new WorkUnacknowledgedError(order.id, false, error.cause);
    }
  }

  /** Spreads the attempts of several processes; ends with the call that waits. */
  async #pause({ untilMs, signal }: AskOptions): Promise<void> {
    const { setting: { store: { clock }, timing }, random } = this.#options;
    const pauseMs = timing.attemptTimeoutMs * random();
    const leftMs = Math.max(0, untilMs - clock.monotonic());
    await clock.sleep(Math.min(pauseMs, leftMs), signal ? { signal } : {});
  }
}
