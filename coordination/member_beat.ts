import type { HealthMonitor } from "../health/health_state.ts";
import { encodeRecord } from "./election_records.ts";
import { CorruptRecordError, DuplicateInstanceError, StoreUnavailableError } from "./errors.ts";
import type { KvStore } from "./kv_store.ts";
import { coordinationLogger } from "./logger.ts";
import { type MemberRecord, parseMemberRecord } from "./member_record.ts";
import { PREPARE_SHARE } from "./lease_timing.ts";
import type { PulseContribution, PulseMember } from "./pulse_member.ts";
import { reportSelf, type SelfReport } from "./self_report.ts";

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
  /** The port. */
  readonly store: KvStore;
  /** Says how healthy the node is. */
  readonly healthMonitor: HealthMonitor | undefined;
  /** Says which mode it chose for itself. */
  readonly ownMode: () => string | undefined;
  /** Says how busy it is. */
  readonly load: (() => number) | undefined;
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
const LOOKS_PER_LEASE = 20;

/** A member's place in the cluster: registers it, writes its heartbeats, and gives it up. */
export class MemberBeat implements PulseMember {
  /** Identifies this start of the process. */
  readonly incarnation: string = crypto.randomUUID();
  readonly #options: MemberBeatOptions;
  #stamp: string | null = null;
  #beats = 0;
  #report: SelfReport = { healthScore: null, vote: null, state: null, fault: null };

  /** @param options Who the member is. */
  constructor(options: MemberBeatOptions) {
    this.#options = options;
  }

  /** How often it is written, in ms. */
  get intervalMs(): number {
    return this.#options.heartbeatMs;
  }

  /** Deadline of one attempt, in ms. */
  get timeoutMs(): number {
    return this.#options.attemptTimeoutMs;
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
    const { store, key, attemptTimeoutMs: timeoutMs } = this.#options;
    this.#stamp = await this.#vacantStamp(signal);
    await this.prepare();
    const nonce = crypto.randomUUID();
    const contribution = this.contribute(nonce);
    const outcome = await store.commit({
      checks: [contribution.check],
      sets: contribution.sets,
      witness: { key, nonce },
    }, { timeoutMs });
    if (outcome.kind === "unknown") throw new StoreUnavailableError("join", outcome.error);
    if (outcome.kind === "refused") throw this.#duplicate();
    this.#stamp = outcome.versionstamp;
    this.#beats++;
  }

  /**
   * Removes the member, unless another process has taken its place.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async leave(): Promise<void> {
    const { store, key, attemptTimeoutMs: timeoutMs } = this.#options;
    const entry = await store.get(key, { timeoutMs });
    if (entry.versionstamp === null || !this.#isOurs(entry)) return;
    const outcome = await store.commit({
      checks: [entry],
      sets: [],
      deletes: [key],
    }, { timeoutMs });
    if (outcome.kind === "unknown") throw new StoreUnavailableError("leave", outcome.error);
  }

  /** Gathers what the next contribution needs. */
  async prepare(): Promise<void> {
    const { healthMonitor, ownMode, attemptTimeoutMs, store: { clock } } = this.#options;
    const timeoutMs = attemptTimeoutMs * PREPARE_SHARE;
    this.#report = await reportSelf({ healthMonitor, ownMode, timeoutMs, clock });
    if (this.#report.fault !== null) this.#options.events.healthFault(this.#report.fault);
  }

  /** What to write now. */
  contribute(nonce: string): PulseContribution {
    const { key, instanceId, labels, heartbeatMs, store } = this.#options;
    const { healthScore, vote, state } = this.#report;
    const record: MemberRecord = {
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
    return {
      check: { key, versionstamp: this.#stamp },
      sets: [{ key, value: encodeRecord(record) }],
      witness: key,
    };
  }

  /** Takes note of a commit. */
  committed(_sentAt: unknown, versionstamp: string): void {
    this.#stamp = versionstamp;
    this.#beats++;
    this.#options.events.beat();
  }

  /** A record that is gone was evicted, one of our own hand arrived late: both go on from there. */
  refused(current: Deno.KvEntryMaybe<unknown>): "retry" | "drop" {
    try {
      if (current.versionstamp === null || this.#isOurs(current)) {
        this.#stamp = current.versionstamp;
        return "retry";
      }
      this.#options.events.replaced(this.#duplicate());
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      this.#options.events.replaced(error);
    }
    return "drop";
  }

  /** Takes note that the outcome is not known. */
  unknown(error: unknown): void {
    this.#options.events.beatFailed(error);
  }

  /** Waits until nobody alive stands under the id. */
  async #vacantStamp(signal: AbortSignal): Promise<string | null> {
    const { store, key, attemptTimeoutMs: timeoutMs, leaseMs } = this.#options;
    const first = await store.get(key, { timeoutMs });
    if (first.versionstamp === null) return null;
    const { heartbeatMs } = parseMemberRecord(first);
    const patienceMs = Math.max(leaseMs, 2 * heartbeatMs);
    const until = store.clock.monotonic() + patienceMs;
    coordinationLogger.info("Waiting up to {patienceMs} ms: {instanceId} may still be alive", {
      patienceMs,
      instanceId: this.#options.instanceId,
    });
    while (store.clock.monotonic() < until) {
      await store.clock.sleep(patienceMs / LOOKS_PER_LEASE, { signal });
      const now = await store.get(key, { timeoutMs });
      if (now.versionstamp === null) return null;
      if (now.versionstamp !== first.versionstamp) throw this.#duplicate();
    }
    return first.versionstamp;
  }

  #isOurs(entry: Deno.KvEntry<unknown>): boolean {
    return parseMemberRecord(entry).incarnation === this.incarnation;
  }

  #load(): number {
    try {
      const load = this.#options.load?.() ?? 0;
      if (typeof load === "number" && load >= 0 && load < Infinity) return load;
      throw new RangeError(`load must be a number from 0, got ${load}`);
    } catch (error) {
      this.#options.events.observerFault(error);
      return 0;
    }
  }

  #duplicate(): DuplicateInstanceError {
    return new DuplicateInstanceError(this.#options.instanceId, this.#options.cluster);
  }
}
