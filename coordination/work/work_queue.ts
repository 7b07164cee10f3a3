import type { Clock } from "../../clock.ts";
import { StoreUnavailableError } from "../errors.ts";
import { checkIdentifier } from "../identifiers.ts";
import { checkRange } from "../lease_timing.ts";
import { Assigner } from "./assigner.ts";
import { checkWorkFilter, checkWorkItem } from "./check_input.ts";
import type { Claim } from "./claim.ts";
import { ClaimLoop } from "./claim_loop.ts";
import { DeadLetters } from "./dead_letters.ts";
import { GroupCommit } from "./group_commit.ts";
import { Handovers } from "./handovers.ts";
import { OpenClaims } from "./open_claims.ts";
import { readBacklog } from "./read_backlog.ts";
import { Roster } from "./roster.ts";
import { Submissions } from "./submissions.ts";
import { WorkCounters, type WorkMetrics } from "./work_counters.ts";
import { WorkDesk } from "./work_desk.ts";
import { describeWork, type WorkInfo } from "./work_info.ts";
import { resolveWorkItem, type WorkItem } from "./work_item.ts";
import { WorkKeys } from "./work_keys.ts";
import type { AssignOptions, WorkOptions } from "./work_options.ts";
import { resolveWorkLimits } from "./work_limits.ts";
import type { WorkQueueOptions } from "./work_queue_options.ts";
import type { WorkSetting } from "./work_setting.ts";
import type { WorkFilter } from "./work_filter.ts";
import { WorkShelf } from "./work_shelf.ts";
import { ring, WorkTransitions } from "./work_transitions.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const TIMEOUT_MAX_MS = 86_400_000;
const CLAIMS_MAX = 10_000;
/** For how many leases a member that claimed nothing comes last. */
const STALLED_LEASES = 4;

/**
 * Work of a cluster, as one node of it gives, takes and sees it. An item that was acknowledged is
 * never lost: it ends with one recorded result, or as a dead letter that can be driven again.
 *
 * Not guaranteed: that an attempt has no effects outside of the store besides the one whose result is
 * recorded. A member that is slow or cut off may still be at it when the next one begins.
 */
export class WorkQueue implements AsyncDisposable {
  /** What the leader does about work: the coordinator runs it while it leads. */
  readonly desk: WorkDesk;
  readonly #options: WorkQueueOptions;
  readonly #clock: Clock;
  readonly #setting: WorkSetting;
  readonly #handovers: Handovers;
  readonly #submissions: Submissions;
  readonly #shelf: WorkShelf;
  readonly #deadLetters: DeadLetters;
  readonly #handedOut = new OpenClaims();
  readonly #closed = new AbortController();
  #loops = 0;

  /**
   * Makes the node's part in the cluster's work.
   *
   * @param options The node, and how much work the cluster holds.
   * @throws {RangeError} when a limit is out of range.
   */
  constructor(options: WorkQueueOptions) {
    const { store, instanceId, timing, storePath, members, intervalMs } = options;
    const { maxBacklog, retainMs } = resolveWorkLimits(options.limits);
    const keys = new WorkKeys(options.cluster);
    const { clock } = store;
    this.#options = options;
    this.#clock = clock;
    this.#setting = {
      store,
      keys,
      instanceId,
      timing,
      storePath,
      maxBacklog,
      transitions: new WorkTransitions({ keys, clock, retainMs }),
      standingMs: options.standingMs,
      closed: this.#closed.signal,
      commits: new GroupCommit(store, timing.attemptTimeoutMs),
      counters: new WorkCounters(),
    };
    const stalledMs = STALLED_LEASES * timing.leaseMs;
    const roster = new Roster({ read: members, clock, maxAgeMs: timing.blindPollMs, stalledMs });
    const assigner = new Assigner(this.#setting, roster);
    this.#handovers = new Handovers(this.#setting);
    this.#submissions = new Submissions({
      setting: this.#setting,
      assigner,
      handovers: this.#handovers,
      term: options.term,
      random: options.random,
    });
    this.#shelf = new WorkShelf(this.#setting);
    this.#deadLetters = new DeadLetters(this.#setting, this.#shelf);
    this.desk = new WorkDesk({
      setting: this.#setting,
      roster,
      assigner,
      intervalMs,
    });
  }

  /** How many claims were handed out here and are in force: its heartbeat says so. */
  get openClaims(): number {
    return this.#handedOut.count;
  }

  /** Whether this node takes work at the moment: its heartbeat says so. */
  get takesWork(): boolean {
    return this.#loops > 0;
  }

  /**
   * Has an item done by some member of the cluster. Once this has answered, the item is not lost.
   *
   * The same payload and labels again, under the id of an item that is there, are answered with the
   * member that has it, or had it last: also when it is dead, or was completed up to `retainMs` ago.
   * The item keeps the priority and the limits that it has. Members take items strictly by priority:
   * one of a lower priority waits for as long as there are others.
   *
   * On a node that does not lead, the end of the time and the signal first take the order back, which
   * lasts up to four attempts of `attemptTimeoutMs`. On the leader they take it back at once unless it
   * was sent to the store: then it may still be acknowledged.
   *
   * @param item What is to be done, and by whom it may be.
   * @param options How long to wait.
   * @returns The id of the instance to which it was assigned. It may pass to another later.
   * @throws {WorkRefusedError} when it is too large, the backlog is full, nobody takes such work,
   * 1,000 calls of this process wait already, or an item with another payload or other labels stands
   * under its id.
   * @throws {WorkUnacknowledgedError} when nobody acknowledged it in time; assigning it again under
   * the same id is safe.
   * @throws {TypeError} when the payload is not JSON, a text is none that a key may have, or anything
   * is not of the type it should be.
   * @throws {RangeError} when a number is out of range.
   */
  async assignWork(item: WorkItem, options: AssignOptions = {}): Promise<string> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = options;
    checkRange("timeoutMs", timeoutMs, 1, TIMEOUT_MAX_MS);
    const order = resolveWorkItem(checkWorkItem(item));
    signal?.throwIfAborted();
    const untilMs = this.#clock.monotonic() + timeoutMs;
    return await this.#submissions.submit(order, { untilMs, signal });
  }

  /**
   * Takes work: claims what is assigned to this node and hands it out. Leaving the loop gives back
   * what was not handed out; claims that were handed out go on until they are closed or run out.
   * Outages of the store are waited out.
   *
   * @param options What ends the loop, and how much it takes at once.
   * @returns One claim after the other.
   * @throws {RangeError} when `maxClaims` is out of range.
   * @throws {StoreUnavailableError} when the store handle is closed.
   */
  async *work(options: WorkOptions = {}): AsyncGenerator<Claim, void, undefined> {
    const { maxClaims = 1, signal } = options;
    checkRange("maxClaims", maxClaims, 1, CLAIMS_MAX);
    const stop = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    if (stop.aborted) return;
    const loop = new ClaimLoop({
      setting: this.#setting,
      incarnation: this.#options.incarnation,
      maxClaims,
    });
    this.#loops++;
    try {
      await this.#announce();
      for await (const claim of loop.claims(stop)) {
        this.#handedOut.add(claim);
        yield claim;
      }
    } finally {
      this.#loops--;
      if (!this.takesWork) await this.#stopTaking();
    }
  }

  /**
   * Reads an item.
   *
   * @param id Its id.
   * @returns The item as it stands; null when there is none, or it was completed long ago.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {CorruptRecordError} when something else stands there.
   */
  async getWork(id: string): Promise<WorkInfo | null> {
    const item = await this.#shelf.get(checkIdentifier("id", id));
    return item && describeWork(item.record);
  }

  /**
   * Lists items.
   *
   * @param filter Which ones, and how many.
   * @returns The items; those whose records cannot be read are left out and counted.
   * @throws {TypeError} when the filter is none.
   * @throws {RangeError} when its limit is out of range.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async listWork(filter: WorkFilter = {}): Promise<WorkInfo[]> {
    return await this.#shelf.list(checkWorkFilter(filter));
  }

  /**
   * Drives a dead item again, with all its attempts. It does not count against `maxBacklog`'s refusal.
   *
   * @param id Its id.
   * @returns Whether this call did it; false when there is no dead item of that id.
   * @throws {TypeError} when the id is none that a key may have.
   * @throws {StoreUnavailableError} when it is not known: call again; false may then mean it did it.
   */
  async redriveWork(id: string): Promise<boolean> {
    return await this.#deadLetters.redrive(checkIdentifier("id", id));
  }

  /**
   * Removes a dead item for good.
   *
   * @param id Its id.
   * @returns Whether this call did it; false when there is no dead item of that id.
   * @throws {TypeError} when the id is none that a key may have.
   * @throws {StoreUnavailableError} when it is not known: call again; false may then mean it did it.
   */
  async dropWork(id: string): Promise<boolean> {
    return await this.#deadLetters.drop(checkIdentifier("id", id));
  }

  /** @returns How many items are neither completed nor dead. */
  async backlog(): Promise<number> {
    return await readBacklog(this.#setting);
  }

  /** @returns What this node did about work so far. */
  getMetrics(): WorkMetrics {
    return this.#setting.counters.read();
  }

  /** Ends every loop; waits until nothing listens any more. Calls of `assignWork` end by themselves. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#handovers.close();
  }

  /** What the heartbeat cannot tell now, the next one tells. */
  async #announce(): Promise<void> {
    try {
      await this.#options.announce();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#setting.counters.fault(error);
    }
  }

  /** Asks the leader to give what is assigned here to others. */
  async #stopTaking(): Promise<void> {
    const { store, keys, timing, counters } = this.#setting;
    try {
      await this.#options.announce();
      const nonce = crypto.randomUUID();
      await store.commit({ checks: [], sets: [ring(keys.leaderBell, nonce)] }, {
        timeoutMs: timing.attemptTimeoutMs,
      });
    } catch (error) {
      counters.fault(error);
    }
  }
}
