import { type Clock, systemClock } from "../clock.ts";
import { ElectionLedger, type ElectionObservation } from "./election_ledger.ts";
import { type ElectionKeys, electionKeys } from "./election_records.ts";
import { StoreUnavailableError } from "./errors.ts";
import { HeldTerm } from "./held_term.ts";
import { checkIdentifier, checkPrefix } from "./identifiers.ts";
import { isHandleClosed } from "./kv_store.ts";
import type { LeaderElectionOptions, LeaderView, WaitOptions } from "./leader_election_options.ts";
import { decideLease, type LeaseAction } from "./lease.ts";
import { type LeaseTiming, resolveLeaseTiming } from "./lease_timing.ts";
import { aborted, UNNEEDED } from "./signals.ts";
import { type SharedStore, sharedStore } from "./shared_store.ts";
import type { Term } from "./term.ts";
import { Waker } from "./waker.ts";

const LOST_RACES_MAX = 16;
/** The longest wait before a takeover, as a share of the lease. */
const TAKEOVER_JITTER_SHARE = 1 / 20;

/**
 * An election among processes that share a store: at most one of them holds a {@link Term} at a
 * time, and what a deposed holder writes through its term can no longer commit.
 *
 * Not guaranteed: that a holder learns of its loss before another holds the election, when its
 * process was frozen meanwhile. Only writes through `term.atomic()`, or a resource that checks
 * `term.fence`, are safe then.
 *
 * @example Write as the leader
 * ```ts
 * import { LeaderElection } from "@baton/orchestration/coordination";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using election = new LeaderElection({ kv, name: "reports", storePath: ":memory:" });
 * await using term = await election.campaign();
 * const { ok } = await term.atomic().set(["report"], `made in term ${term.term}`).commit();
 * if (!ok) throw new Error("deposed meanwhile");
 * ```
 */
export class LeaderElection implements AsyncDisposable {
  /** Name of the election. */
  readonly name: string;
  /** Under which name this process stands. */
  readonly holderId: string;
  /** The timing in force. */
  readonly timing: LeaseTiming;
  readonly #keys: ElectionKeys;
  readonly #incarnation: string = crypto.randomUUID();
  readonly #storePath: string | undefined;
  readonly #shared: SharedStore;
  readonly #ledger: ElectionLedger;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #closed = new AbortController();
  #attempt: Promise<unknown> = Promise.resolve();
  #held: HeldTerm | null = null;
  #lostRaces = 0;

  /**
   * Makes a candidate; it stands when asked to.
   *
   * @param options Store, name and timing.
   * @throws {RangeError} when the timing is out of range or does not fit together.
   * @throws {TypeError} when a name is empty or holds control characters.
   */
  constructor(options: LeaderElectionOptions) {
    this.name = checkIdentifier("name", options.name);
    this.holderId = checkIdentifier("holderId", options.holderId ?? crypto.randomUUID());
    this.timing = resolveLeaseTiming(options);
    this.#keys = electionKeys(checkPrefix(options.prefix ?? ["baton"]), this.name);
    this.#storePath = options.storePath;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    const { kv } = options;
    const { attemptTimeoutMs } = this.timing;
    this.#shared = sharedStore(kv, { clock: this.#clock, random: this.#random, attemptTimeoutMs });
    this.#ledger = new ElectionLedger({
      name: this.name,
      keys: this.#keys,
      holderId: this.holderId,
      incarnation: this.#incarnation,
      timing: this.timing,
      store: this.#shared.store,
    });
  }

  /** The term that this process holds now; null while it leads nothing. */
  get term(): Term | null {
    return this.#held?.isValid() ? this.#held : null;
  }

  /**
   * Tries once to lead, without waiting for anybody.
   *
   * @returns The term; null when somebody else holds the election, or may hold it: what another
   * process holds is taken over only after repeated calls have seen it unchanged for its lease.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {CorruptRecordError} when a foreign value stands under one of the election's keys.
   */
  async tryAcquire(): Promise<Term | null> {
    return await this.#exclusively(async () => {
      await this.#untilReleased(this.#closed.signal);
      if (this.term) return this.term;
      const observed = await this.#ledger.observe();
      return this.#decide(observed).kind === "acquire" ? await this.#take(observed) : null;
    });
  }

  /**
   * Waits until this process leads. Outages of the store are waited out.
   *
   * @param options The signal that ends the wait.
   * @returns The term; the one it holds when it leads already.
   * @throws {CorruptRecordError} when a foreign value stands under one of the election's keys.
   * @throws {StoreUnavailableError} when the store handle is closed.
   */
  async campaign(options: WaitOptions = {}): Promise<Term> {
    const signal = this.#orClosed(options.signal);
    signal.throwIfAborted();
    if (this.term) return this.term;
    const term = await this.#campaignOnce(signal);
    return await this.#unlessAborted(term, signal);
  }

  /**
   * Leads again and again: each value is a term, each further one is campaigned for when the last
   * has ended. Leaving the loop resigns.
   *
   * @param options The signal that ends the loop; the term held then is resigned.
   * @returns The terms, one after the other.
   */
  async *terms(options: WaitOptions = {}): AsyncGenerator<Term, void, undefined> {
    const signal = this.#orClosed(options.signal);
    await using waker = await this.#listen();
    while (!signal.aborted) {
      let term: Term;
      try {
        term = await this.#unlessAborted(await this.#campaign(waker, signal), signal);
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
      try {
        yield term;
        await aborted(AbortSignal.any([term.signal, signal]));
      } finally {
        await term[Symbol.asyncDispose]();
      }
    }
  }

  /**
   * Reads who leads.
   *
   * @returns The holder that the store names. It may have died up to one lease ago.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {CorruptRecordError} when a foreign value stands under one of the election's keys.
   */
  async leader(): Promise<LeaderView> {
    const { holderId, term } = await this.#exclusively(() => this.#ledger.observe());
    return { holderId, term };
  }

  /**
   * Follows who leads. Changes that follow each other closely may show as one; outages of the store
   * are waited out.
   *
   * @param options The signal that ends the loop.
   * @returns Who leads now, and each change from then on.
   */
  async *changes(options: WaitOptions = {}): AsyncGenerator<LeaderView, void, undefined> {
    const signal = this.#orClosed(options.signal);
    await using waker = await this.#listen();
    let last: LeaderView | undefined;
    while (!signal.aborted) {
      const view = await this.leader().catch((error) => this.#tolerate(error));
      if (view && (view.holderId !== last?.holderId || view.term !== last.term)) {
        yield last = view;
      }
      await waker.wait(this.timing.safetyPollMs, signal).catch(() => {});
    }
  }

  /** Resigns what this process holds and ends every wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new DOMException(`Election "${this.name}" was closed`, "AbortError"));
    await this.#attempt.catch(() => {});
    await this.#held?.[Symbol.asyncDispose]();
  }

  async #campaignOnce(signal: AbortSignal): Promise<Term> {
    await using waker = await this.#listen();
    return await this.#campaign(waker, signal);
  }

  async #campaign(waker: Waker, signal: AbortSignal): Promise<Term> {
    for (;;) {
      const next = await this.#exclusively(() => this.#advance(signal));
      if (typeof next !== "number") return next;
      await waker.wait(next, signal);
    }
  }

  /** Nobody waits any longer for a term that was won while its campaign was called off. */
  async #unlessAborted(term: Term, signal: AbortSignal): Promise<Term> {
    if (!signal.aborted) return term;
    await term[Symbol.asyncDispose]();
    throw signal.reason;
  }

  /** One turn of a campaign: the term, or for how many ms to wait. */
  async #advance(signal: AbortSignal): Promise<Term | number> {
    await this.#untilReleased(signal);
    if (this.term) return this.term;
    try {
      const observed = await this.#ledger.observe();
      const action = this.#decide(observed);
      if (action.kind === "wait") return action.untilMs - this.#clock.monotonic();
      const term = this.#lostRaces === 0
        ? await this.#take(observed)
        : await this.#takeAfterJitter(signal);
      this.#lostRaces = Math.min(LOST_RACES_MAX, Math.max(0, this.#lostRaces + (term ? -1 : 1)));
      return term ?? 0;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      this.#tolerate(error);
      return this.timing.attemptTimeoutMs * this.#random();
    }
  }

  /** A release that waits for work to end is waited for, but only for as long as anybody wants. */
  async #untilReleased(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    signal.throwIfAborted();
    await Promise.race([this.#held?.released(), aborted(signal, over.signal)]);
    over.abort(UNNEEDED);
    signal.throwIfAborted();
  }

  /** Who has lost races waits a little and looks again, so that many candidates spread out. */
  async #takeAfterJitter(signal: AbortSignal): Promise<Term | null> {
    await this.#clock.sleep(this.#jitterMs(), { signal });
    const observed = await this.#ledger.observe();
    return this.#decide(observed).kind === "acquire" ? await this.#take(observed) : null;
  }

  /** Doubles with every race lost in a row, up to a share of the lease. */
  #jitterMs(): number {
    const spreadMs = this.#ledger.roundTripMs * 2 ** this.#lostRaces;
    return this.#random() * Math.min(spreadMs, this.timing.leaseMs * TAKEOVER_JITTER_SHARE);
  }

  #decide(observed: ElectionObservation): LeaseAction {
    return decideLease(observed, this.#clock.monotonic(), {
      holderId: this.holderId,
      incarnation: this.#incarnation,
      held: null,
    });
  }

  async #take(observed: ElectionObservation): Promise<HeldTerm | null> {
    const taken = await this.#ledger.take(observed);
    if (!taken) return null;
    const { store, pulse } = this.#shared;
    const { name: election, timing } = this;
    this.#held = new HeldTerm({ ...taken, election, keys: this.#keys, timing, store, pulse });
    this.#held.start();
    return this.#held.isValid() ? this.#held : null;
  }

  /** Runs one attempt at a time, so that no two of this process compete with each other. */
  async #exclusively<T>(attempt: () => Promise<T>): Promise<T> {
    const turn = this.#attempt.catch(() => {}).then(attempt);
    this.#attempt = turn;
    return await turn;
  }

  async #listen(): Promise<Waker> {
    const waker = new Waker({
      ...this.timing,
      store: this.#shared.store,
      keys: [this.#keys.term, this.#keys.lease],
      storePath: this.#storePath,
    });
    await waker.start();
    return waker;
  }

  /** An outage passes; a closed handle or a foreign record does not. */
  #tolerate(error: unknown): undefined {
    if (error instanceof StoreUnavailableError && !isHandleClosed(error)) return undefined;
    throw error;
  }

  #orClosed(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
  }
}
