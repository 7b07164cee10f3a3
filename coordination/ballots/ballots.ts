import { checkClusterName, checkIdentifier } from "../identifiers.ts";
import type { Ballot } from "./ballot.ts";
import { type BallotRecount, certify, recountOf } from "./ballot_audit.ts";
import { BallotCarrier } from "./ballot_carrier.ts";
import type { BallotCertificate } from "./ballot_certificate.ts";
import type { BallotContext } from "./ballot_context.ts";
import { BallotCounters, type BallotMetrics } from "./ballot_counters.ts";
import { BallotDuty } from "./ballot_duty.ts";
import { BallotKeys } from "./ballot_keys.ts";
import type { ProposeOptions } from "./ballot_proposal.ts";
import { BallotProposer } from "./ballot_proposer.ts";
import { BallotRegister } from "./ballot_register.ts";
import { type BallotWatch, untilDecided, votableBallots } from "./ballot_watch.ts";
import type { BallotsOptions, BallotWaitOptions, ListBallotsOptions } from "./ballots_options.ts";
import { VoteCaster } from "./vote_caster.ts";

const RETAIN_DEFAULT_MS = 86_400_000;

/**
 * Questions that the members of a cluster decide once, by voting. A member votes at most once on a
 * ballot, and an outcome never changes.
 *
 * Not guaranteed: that a deadline is the same moment for all. Each node counts it from when it first
 * saw the ballot, and from then on sends no vote and closes the ballot; a vote that was sent before
 * counts if it arrives before somebody has.
 *
 * @example Ask, vote, and read the outcome
 * ```ts
 * import { systemClock } from "../../clock.ts";
 * import { KvStore } from "../kv_store.ts";
 * import { Ballots } from "./ballots.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using ballots = new Ballots({
 *   store: new KvStore(kv, { clock: systemClock, random: () => 0.5 }),
 *   cluster: "default",
 *   instanceId: "a",
 *   attemptTimeoutMs: 1_000,
 *   pollMs: 500,
 *   storePath: ":memory:",
 *   members: () => Promise.resolve([]),
 * });
 * const { ballotId } = await ballots.propose("Roll out version 2?", ["yes", "no"], {
 *   deadlineMs: 60_000,
 *   electors: ["a"],
 * });
 * await ballots.vote(ballotId, "yes");
 * const { outcome } = await ballots.decided(ballotId);
 * if (outcome?.choice !== "yes") throw new Error("not decided");
 * ```
 */
export class Ballots implements AsyncDisposable {
  readonly #options: BallotsOptions;
  readonly #context: BallotContext;
  readonly #carrier: BallotCarrier;
  readonly #caster: VoteCaster;
  readonly #duty: BallotDuty;
  readonly #proposer: BallotProposer;
  readonly #register: BallotRegister;
  readonly #closed = new AbortController();

  /**
   * Makes this node's part in the ballots of a cluster. Reads nothing.
   *
   * @param options The store, the cluster and this node.
   * @throws {TypeError} when a name is empty or holds control characters.
   */
  constructor(options: BallotsOptions) {
    this.#options = options;
    const { store, attemptTimeoutMs: timeoutMs, retainMs = RETAIN_DEFAULT_MS } = options;
    this.#context = {
      store,
      timeoutMs,
      keys: new BallotKeys(checkClusterName(options.cluster)),
      instanceId: checkIdentifier("instanceId", options.instanceId),
      counters: new BallotCounters(),
    };
    this.#carrier = new BallotCarrier(this.#context);
    this.#caster = new VoteCaster(this.#context, this.#carrier);
    this.#duty = new BallotDuty(this.#context, this.#carrier, retainMs);
    this.#proposer = new BallotProposer(this.#context, this.#carrier, options.members);
    this.#register = new BallotRegister(this.#context);
  }

  /**
   * Opens a ballot. Its electors are fixed from then on.
   *
   * @param topic What is asked, 1 to 256 characters.
   * @param choices What may be voted for: 2 to 32 texts of 1 to 256 characters.
   * @param options The deadline in ms, who may vote, and what passes.
   * @returns The open ballot; the standing one, in whatever state, when the same question was asked
   * under the same `ballotId` before.
   * @throws {BallotRefusedError} when another question stands under the id, or the same with other
   * electors than those that are named; when 1,000 ballots are open (other nodes that propose at the
   * same moment may pass that by their number); or when there is no elector.
   * @throws {TypeError} when a text, an elector or the policy is none.
   * @throws {RangeError} when a number or a length is out of range.
   * @throws {StoreUnavailableError} when it is not known whether the ballot opened: propose again
   * under the same `ballotId`.
   * @throws The signal's reason, or an `AbortError` when this object is closed.
   */
  async propose(
    topic: string,
    choices: readonly string[],
    options: ProposeOptions,
  ): Promise<Ballot> {
    return await this.#proposer.propose(topic, choices, options, this.#closed.signal);
  }

  /**
   * Votes. Voting again for the same choice changes nothing and succeeds, even after the end. When
   * the deadline has passed by this node's clock, the ballot is closed and the vote refused.
   *
   * @param ballotId The ballot.
   * @param choice One of its choices.
   * @returns When the vote is counted; if it settles the ballot, the ballot is decided by then unless
   * the store failed.
   * @throws {VoteRefusedError} when it is not counted, and why.
   * @throws {StoreUnavailableError} when it is not known whether it is counted: vote again.
   * @throws {CorruptRecordError} when a foreign value stands under one of the ballot's keys.
   * @throws {TypeError} when the id or the choice is no text.
   */
  async vote(ballotId: string, choice: string): Promise<void> {
    checkIdentifier("ballotId", ballotId);
    if (typeof choice !== "string") throw new TypeError(`choice must be a text, got ${choice}`);
    await this.#carrier.look(await this.#caster.cast(ballotId, choice));
  }

  /**
   * Takes part without a choice: it counts for the quorum, and as the vote of this node.
   *
   * @param ballotId The ballot.
   * @returns When the abstention is counted.
   * @throws {VoteRefusedError} when it is not counted, and why.
   * @throws {StoreUnavailableError} when it is not known whether it is counted: abstain again.
   * @throws {CorruptRecordError} when a foreign value stands under one of the ballot's keys.
   * @throws {TypeError} when the id is none.
   */
  async abstain(ballotId: string): Promise<void> {
    checkIdentifier("ballotId", ballotId);
    await this.#carrier.look(await this.#caster.cast(ballotId, null));
  }

  /**
   * Reads a ballot.
   *
   * @param ballotId The ballot.
   * @returns The ballot; null when there is none, or not any more.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {CorruptRecordError} when a foreign value stands under its key.
   * @throws {TypeError} when the id is none.
   */
  async getBallot(ballotId: string): Promise<Ballot | null> {
    checkIdentifier("ballotId", ballotId);
    return (await this.#carrier.read(ballotId))?.ballot ?? null;
  }

  /**
   * Reads several ballots. Records that cannot be read are left out and counted.
   *
   * @param options Which ones, and how many at most.
   * @returns The first of them in the order of their ids.
   * @throws {RangeError} when the limit is out of range.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async listBallots(options: ListBallotsOptions = {}): Promise<Ballot[]> {
    return await this.#register.list(options);
  }

  /**
   * Waits until a ballot is decided, and sees to it that it is: a waiting node seals and decides when
   * the votes suffice or the deadline has passed. Outages of the store are waited out.
   *
   * @param ballotId The ballot.
   * @param options The signal that ends the wait.
   * @returns The decided ballot.
   * @throws {BallotRefusedError} when there is no such ballot.
   * @throws {CorruptRecordError} when a foreign value stands under one of its keys.
   * @throws The signal's reason, or an `AbortError` when this object is closed.
   * @throws {TypeError} when the id is none.
   */
  async decided(ballotId: string, options: BallotWaitOptions = {}): Promise<Ballot> {
    checkIdentifier("ballotId", ballotId);
    return await untilDecided(this.#watch(options.signal), ballotId);
  }

  /**
   * Follows the open ballots on which this node may vote and has not voted yet. One that is left
   * without a vote does not come again. Outages of the store are waited out.
   *
   * @param options The signal that ends the loop.
   * @returns Each such ballot, the open ones at first in the order of their ids.
   */
  openBallots(options: BallotWaitOptions = {}): AsyncGenerator<Ballot, void, undefined> {
    return votableBallots(this.#watch(options.signal));
  }

  /**
   * Counts the votes of a decided ballot one by one.
   *
   * @param ballotId The ballot.
   * @returns What was counted beside what the outcome says.
   * @throws {BallotRefusedError} when it is not decided, or there is none.
   * @throws {CorruptRecordError} when a vote cannot be read.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {TypeError} when the id is none.
   */
  async recount(ballotId: string): Promise<BallotRecount> {
    checkIdentifier("ballotId", ballotId);
    return recountOf(await certify(this.#context, ballotId, "recount"));
  }

  /**
   * Reads a decided ballot with every vote, for somebody who wants to count again.
   *
   * @param ballotId The ballot.
   * @returns The ballot, its votes and the versionstamps of all that happened.
   * @throws {BallotRefusedError} when it is not decided, or there is none.
   * @throws {CorruptRecordError} when a vote cannot be read.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {TypeError} when the id is none.
   */
  async certificate(ballotId: string): Promise<BallotCertificate> {
    checkIdentifier("ballotId", ballotId);
    return await certify(this.#context, ballotId, "certify");
  }

  /**
   * What the leader does once an interval: seals and decides what is due, at most 100 open ballots a
   * call, in turn; gives up open ballots that it could not read for a minute; removes decided ballots
   * when their time is over. One read when nothing is open, and now and then three more. Needs no
   * fence: two leaders at once do no harm.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async carryOn(): Promise<void> {
    await this.#duty.carryOn();
  }

  /**
   * Counts what has happened.
   *
   * @returns Figures since this object was made.
   */
  getMetrics(): BallotMetrics {
    return this.#context.counters.getMetrics();
  }

  /** Ends every wait. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new DOMException("The ballots of this node were closed", "AbortError"));
    return Promise.resolve();
  }

  #watch(signal: AbortSignal | undefined): BallotWatch {
    const { pollMs, storePath } = this.#options;
    return {
      context: this.#context,
      carrier: this.#carrier,
      caster: this.#caster,
      pollMs,
      storePath,
      signal: signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal,
    };
  }
}
