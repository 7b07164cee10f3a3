import type { HealthSource } from "../health/health_state.ts";
import { encodeRecord } from "./election_records.ts";
import { CorruptRecordError, DuplicateInstanceError, StoreUnavailableError } from "./errors.ts";
import type { KvStore } from "./kv_store.ts";
import { coordinationLogger } from "./logger.ts";
import { MemberPlace, type PlaceSighting } from "./member_place.ts";
import { type MemberRecord, parseMemberRecord } from "./member_record.ts";
import { MemberStanding, silenceBeforeTakeoverMs } from "./member_standing.ts";
import { PREPARE_SHARE } from "./lease_timing.ts";
import { type Moment, momentOf } from "./lease_validity.ts";
import type { PulseContribution, PulseMember } from "./pulse_member.ts";
import { reportSelf, type SelfReport } from "./self_report.ts";
import type { CommitOutcome } from "./write_batch.ts";

/** Options of {@link MemberBeat}. */
export interface MemberBeatOptions {
  /** The cluster's name, for messages. */
  readonly cluster: string;
  /** Where the member's record stands. */
  readonly key: Deno.KvKey;
  /** The member's id. */
  readonly instanceId: string;
  /** What it says about itself. */
  readonly labels: Readonly<Record<string, string>>;
  /** How often it promises to write, in ms. */
  readonly heartbeatMs: number;
  /** Deadline of one attempt, in ms. */
  readonly attemptTimeoutMs: number;
  /** How long a process of the same id must be silent to count as gone, in ms. */
  readonly leaseMs: number;
  /** After how many missed heartbeats others take the member for dead. */
  readonly deadAfterMissed: number;
  /** The port. */
  readonly store: KvStore;
  /** Says how healthy the node is. */
  readonly healthMonitor: HealthSource | undefined;
  /** Says which mode it chose for itself. */
  readonly ownMode: () => string | undefined;
  /** Says how busy it is besides its claims. */
  readonly load: (() => number) | undefined;
  /** Says how many claims it has been handed and not ended. */
  readonly openClaims: () => number;
  /** Says whether it takes work. */
  readonly takesWork: () => boolean;
  /** Hears what went wrong, and of every heartbeat. */
  readonly events: MemberBeatEvents;
}

/** What a {@link MemberBeat} tells. */
export interface MemberBeatEvents {
  /** A heartbeat was committed. */
  beat(): void;
  /** A heartbeat was not committed, or is not known to be. */
  beatFailed(error: unknown): void;
  /** The node could not say how it is, and abstained. */
  healthFault(fault: string): void;
  /** The application's own `load` failed. */
  observerFault(error: unknown): void;
  /** Another process stands under the member's key. */
  replaced(error: DuplicateInstanceError | CorruptRecordError): void;
}

/** How often a starting process looks whether a process of the same id is alive, in each lease. */
const LOOKS_PER_LEASE = 10;
/** How often a registration or departure is tried when what it saw has changed meanwhile. */
const TRIES_MAX = 3;

/** A member's place in the cluster: registers it, writes its heartbeats, and gives it up. */
export class MemberBeat implements PulseMember {
  /** Identifies this start of the process. */
  readonly incarnation: string = crypto.randomUUID();
  /** For how long others surely take the member for alive. */
  readonly standing: MemberStanding;
  readonly #options: MemberBeatOptions;
  readonly #place: MemberPlace;
  /** Of our record as we know it; null while the member is not registered. */
  #stamp: string | null = null;
  /** Whether a registration of ours is in the store, or may yet arrive there. */
  #mayStand = false;
  #registering: Promise<void> | undefined;
  #beats = 0;
  #report: SelfReport = { healthScore: null, vote: null, state: null, fault: null };

  /** @param options Who the member is. */
  constructor(options: MemberBeatOptions) {
    this.#options = options;
    this.#place = new MemberPlace(options);
    this.standing = new MemberStanding(options.store.clock, options);
  }

  /** How often it is written, in ms. */
  get intervalMs(): number {
    return this.#options.heartbeatMs;
  }

  /** Deadline of one attempt, in ms. */
  get timeoutMs(): number {
    return this.#options.attemptTimeoutMs;
  }

  /** How many checks a heartbeat has. */
  get checkCount(): number {
    return 1;
  }

  /**
   * Registers the member. A record that another process left under the same id is taken over when
   * it has not changed for a lease.
   *
   * @param signal Ends the wait for the other process.
   * @throws {DuplicateInstanceError} when that process is alive.
   * @throws {CorruptRecordError} when a foreign value stands under the key.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async join(signal: AbortSignal): Promise<void> {
    let seen = await this.#vacant(signal);
    await this.prepare();
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const outcome = await this.#register(seen);
      if (outcome.kind === "committed") return;
      if (outcome.kind === "unknown") throw new StoreUnavailableError("join", outcome.error);
      seen = await this.#place.look();
      if (seen.member.versionstamp !== null) break;
    }
    throw this.#duplicate();
  }

  /**
   * Removes the member, unless another process has taken its place.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async leave(): Promise<void> {
    await this.#registering;
    if (!this.#mayStand) return;
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const seen = await this.#place.look();
      if (seen.member.versionstamp !== null && !this.#isOurs(seen.member)) return;
      const outcome = await this.#place.vacate(seen);
      if (outcome.kind === "unknown") throw new StoreUnavailableError("leave", outcome.error);
      this.#mayStand = outcome.kind === "refused";
      if (!this.#mayStand) return;
    }
    throw new StoreUnavailableError("leave", new Error("refused again and again"));
  }

  /** Gathers what the next contribution needs. */
  async prepare(): Promise<void> {
    const { healthMonitor, ownMode, attemptTimeoutMs, store: { clock } } = this.#options;
    const timeoutMs = attemptTimeoutMs * PREPARE_SHARE;
    this.#report = await reportSelf({ healthMonitor, ownMode, timeoutMs, clock });
    if (this.#report.fault !== null) this.#options.events.healthFault(this.#report.fault);
  }

  /** What to write now; nothing while the member has to register again. */
  contribute(nonce: string): PulseContribution | null {
    const { key } = this.#options;
    if (this.#stamp === null) {
      this.#registerAgain();
      return null;
    }
    return {
      checks: [{ key, versionstamp: this.#stamp }],
      sets: [{ key, value: encodeRecord(this.#record(nonce)) }],
      witness: key,
    };
  }

  /** Takes note of a commit. */
  committed(sentAt: Moment, versionstamp: string): void {
    this.#stamp = versionstamp;
    this.standing.renew(sentAt);
    this.#beats++;
    this.#options.events.beat();
  }

  /** A record of our own hand arrived late: we go on from there. Without one we were evicted. */
  refused([current]: readonly Deno.KvEntryMaybe<unknown>[]): "retry" | "drop" {
    if (this.#adopt(current!)) return "retry";
    if (this.#stamp === null) this.#registerAgain();
    return "drop";
  }

  /** Takes note that the outcome is not known. */
  unknown(error: unknown): void {
    this.#options.events.beatFailed(error);
  }

  /** Waits until nobody alive stands under the id. */
  async #vacant(signal: AbortSignal): Promise<PlaceSighting> {
    const { store: { clock }, leaseMs, instanceId } = this.#options;
    let seen = await this.#place.look();
    const { member: first } = seen;
    if (first.versionstamp === null) return seen;
    const { heartbeatMs } = parseMemberRecord(first);
    const patienceMs = silenceBeforeTakeoverMs(leaseMs, heartbeatMs);
    const until = clock.monotonic() + patienceMs;
    coordinationLogger.info("Waiting up to {patienceMs} ms: {instanceId} may still be alive", {
      patienceMs,
      instanceId,
    });
    while (clock.monotonic() < until) {
      await clock.sleep(patienceMs / LOOKS_PER_LEASE, { signal });
      seen = await this.#place.look();
      if (seen.member.versionstamp === null) return seen;
      if (seen.member.versionstamp !== first.versionstamp) throw this.#duplicate();
    }
    return seen;
  }

  /** Not by the pulse: its one check could not tell a place left a second time from the first. */
  #registerAgain(): void {
    this.#registering ??= this.#tryRegister().finally(() => this.#registering = undefined);
  }

  async #tryRegister(): Promise<void> {
    const { events, instanceId } = this.#options;
    try {
      const seen = await this.#place.look();
      if (seen.member.versionstamp !== null) return void this.#adopt(seen.member);
      const outcome = await this.#register(seen);
      if (outcome.kind === "unknown") throw outcome.error;
      if (outcome.kind === "refused") throw new Error("another registration came first");
      coordinationLogger.warn("Registered {instanceId} again: it was evicted", { instanceId });
      events.beat();
    } catch (error) {
      events.beatFailed(error);
    }
  }

  async #register(seen: PlaceSighting): Promise<CommitOutcome> {
    this.#mayStand = true;
    const sentAt = momentOf(this.#options.store.clock);
    const outcome = await this.#place.take(seen, this.#record(crypto.randomUUID()));
    if (outcome.kind === "committed") {
      this.#stamp = outcome.versionstamp;
      this.standing.renew(sentAt);
      this.#beats++;
    }
    return outcome;
  }

  /** @returns Whether our own record stands there, to go on from. Tells of anybody else's. */
  #adopt(current: Deno.KvEntryMaybe<unknown>): boolean {
    try {
      if (current.versionstamp === null || this.#isOurs(current)) {
        this.#stamp = current.versionstamp;
        return this.#stamp !== null;
      }
      this.#options.events.replaced(this.#duplicate());
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      this.#options.events.replaced(error);
    }
    return false;
  }

  #record(nonce: string): MemberRecord {
    const { instanceId, labels, heartbeatMs, store } = this.#options;
    const { healthScore, vote, state } = this.#report;
    return {
      instanceId,
      incarnation: this.incarnation,
      nonce,
      beat: this.#beats + 1,
      heartbeatMs,
      writtenAt: new Date(store.clock.now()).toISOString(),
      labels,
      load: this.#load(),
      takesWork: this.#options.takesWork(),
      healthScore,
      vote,
      state,
    };
  }

  #isOurs(entry: Deno.KvEntry<unknown>): boolean {
    return parseMemberRecord(entry).incarnation === this.incarnation;
  }

  #load(): number {
    const claims = this.#options.openClaims();
    try {
      const load = this.#options.load?.() ?? 0;
      if (typeof load === "number" && load >= 0 && load + claims < Infinity) return load + claims;
      throw new RangeError(`load must be a number from 0, got ${load}`);
    } catch (error) {
      this.#options.events.observerFault(error);
      return claims;
    }
  }

  #duplicate(): DuplicateInstanceError {
    return new DuplicateInstanceError(this.#options.instanceId, this.#options.cluster);
  }
}
