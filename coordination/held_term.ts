import type { Clock } from "../clock.ts";
import { describeError } from "../config/describe_error.ts";
import { LossCause } from "../enums/loss_cause.ts";
import { withDeadline } from "./deadline.ts";
import {
  type ElectionKeys,
  encodeRecord,
  fenceKey,
  type LeaseRecord,
  parseTermRecord,
  type TermRecord,
} from "./election_records.ts";
import { type LeadershipLoss, LeadershipLostError } from "./errors.ts";
import { checkIdentifier } from "./identifiers.ts";
import type { KvStore } from "./kv_store.ts";
import type { LeaseTiming } from "./lease_timing.ts";
import { type Moment, momentOf, remainingValidityMs } from "./lease_validity.ts";
import { coordinationLogger } from "./logger.ts";
import type { Pulse } from "./pulse.ts";
import type { PulseContribution, PulseMember } from "./pulse_member.ts";
import { releaseTerm } from "./release_term.ts";
import type { ResignOptions, Term } from "./term.ts";

/** What {@link HeldTerm} needs of the election that made it. */
export interface HeldTermOptions {
  /** Name of the election. */
  readonly election: string;
  /** Where its records stand. */
  readonly keys: ElectionKeys;
  /** The record that made this term. */
  readonly record: TermRecord & { readonly holderId: string };
  /** The versionstamp of that record, and of the term's fence. */
  readonly versionstamp: string;
  /** A moment before the record was sent. */
  readonly sentAt: Moment;
  /** The timing in force. */
  readonly timing: LeaseTiming;
  /** Where it is renewed. */
  readonly store: KvStore;
  /** What renews it. */
  readonly pulse: Pulse;
}

type Entry = Deno.KvEntryMaybe<unknown>;

const TERM_DIGITS = 16;
const RENEWAL_CHECKS = 3;

/** A {@link Term} in force: renews itself through the pulse and watches its own clock. */
export class HeldTerm implements Term, PulseMember {
  /** Fencing token for other stores; see {@link Term.fence}. */
  readonly fence: string;
  readonly #options: HeldTermOptions;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  /** Of the last renewal as we know it. */
  #leaseStamp: string | null;
  #renewedAt: Moment;
  #renewals = 0;
  #lastFailure: unknown;
  #ending: Promise<unknown> | undefined;
  #releasing: Promise<void> | undefined;

  /** @param options The record that made the term, and what renews it. */
  constructor(options: HeldTermOptions) {
    this.#options = options;
    this.#clock = options.store.clock;
    this.#renewedAt = options.sentAt;
    this.fence = `${
      String(options.record.term).padStart(TERM_DIGITS, "0")
    }-${options.versionstamp}`;
    this.#leaseStamp = options.versionstamp;
  }

  /** Begins to renew. */
  start(): void {
    this.#options.pulse.add(this);
    void this.#expireInTime();
  }

  /** Name of the election. */
  get election(): string {
    return this.#options.election;
  }

  /** The id under which the term is held. */
  get holderId(): string {
    return this.#options.record.holderId;
  }

  /** The term's number. */
  get term(): number {
    return this.#options.record.term;
  }

  /** Aborts when the term ends. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** What every write of this term checks. */
  get check(): Deno.AtomicCheck {
    const { keys, record, versionstamp } = this.#options;
    return { key: fenceKey(keys, record.nonce), versionstamp };
  }

  /** Whether the term may still be acted on. */
  isValid(): boolean {
    return this.remainingMs() > 0;
  }

  /** For how many ms the term may still be acted on. */
  remainingMs(): number {
    if (this.signal.aborted) return 0;
    const leftMs = this.#leftMs();
    if (leftMs > 0) return leftMs;
    this.#end(this.#overdue());
    return 0;
  }

  /** Begins an operation that commits only while this term stands. */
  atomic(): Deno.AtomicOperation {
    return this.#options.store.kv.atomic().check(this.check);
  }

  /** Ends the term; see {@link Term.resign}. */
  resign(options: ResignOptions = {}): Promise<void> {
    return this.#releasing ??= this.#release(null, options);
  }

  /** @returns When a release under way has come to its end; at once when there is none. */
  async released(): Promise<void> {
    await this.#releasing?.catch(() => {});
  }

  /** Ends the term in favour of one candidate; see {@link Term.transfer}. */
  async transfer(to: string): Promise<void> {
    if (checkIdentifier("to", to) === this.holderId) {
      throw new TypeError(`Cannot transfer "${this.election}" to its holder "${to}"`);
    }
    if (!this.isValid()) throw this.signal.reason;
    await (this.#releasing ??= this.#release(to, {}));
  }

  /** Resigns; a store that cannot be told is logged, since disposal must not throw. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.resign();
    } catch (error) {
      coordinationLogger.warn("Could not release {election}: {error}", {
        election: this.election,
        term: this.term,
        error: describeError(error),
      });
    }
  }

  // As a member of the pulse

  /** How often it is written, in ms. */
  get intervalMs(): number {
    return this.#options.timing.renewMs;
  }

  /** Deadline of one attempt, in ms. */
  get timeoutMs(): number {
    return this.#options.timing.attemptTimeoutMs;
  }

  /** A renewal that is answered after the lease has run out prolongs nothing. */
  get usefulForMs(): number {
    return this.#leftMs();
  }

  /** How many checks a renewal has. */
  get checkCount(): number {
    return RENEWAL_CHECKS;
  }

  /**
   * What to write now. It checks the fence, since in a store that was set back another's record may
   * have our versionstamp; the term's record, so that a refusal says who leads; and the lease, which
   * it changes: a client that hears no answer may send it again for ever, and nobody must take a
   * holder for alive by that.
   */
  contribute(nonce: string): PulseContribution | null {
    if (!this.isValid()) return null;
    const { keys, timing, versionstamp } = this.#options;
    const record: LeaseRecord = {
      term: this.term,
      nonce,
      leaseMs: timing.leaseMs,
      renewals: this.#renewals + 1,
      writtenAt: new Date(this.#clock.now()).toISOString(),
    };
    return {
      checks: [
        this.check,
        { key: keys.term, versionstamp },
        { key: keys.lease, versionstamp: this.#leaseStamp },
      ],
      sets: [{ key: keys.lease, value: encodeRecord(record) }],
      witness: keys.lease,
    };
  }

  /** Takes note of a commit. */
  committed(sentAt: Moment, versionstamp: string): void {
    if (!this.isValid()) return;
    this.#leaseStamp = versionstamp;
    this.#renewedAt = sentAt;
    this.#renewals++;
    this.#lastFailure = undefined;
  }

  /**
   * While fence and record stand, nobody else leads: what stands under the lease is a renewal of our
   * own that arrived late, or was put there by hand, and we go on from there.
   */
  refused(current: readonly Entry[]): "retry" | "drop" {
    const [fence, term, lease] = current as [Entry, Entry, Entry];
    const { versionstamp } = this.#options;
    if (fence.versionstamp === versionstamp && term.versionstamp === versionstamp) {
      this.#leaseStamp = lease.versionstamp;
      return "retry";
    }
    this.#end(superseded(readable(term)));
    return "drop";
  }

  /** Takes note that the outcome is not known. */
  unknown(error: unknown): void {
    this.#lastFailure = error;
  }

  #leftMs(): number {
    const { validityMs } = this.#options.timing;
    return remainingValidityMs(this.#renewedAt, validityMs, momentOf(this.#clock));
  }

  #overdue(): LeadershipLoss {
    if (this.#lastFailure !== undefined) {
      return { kind: LossCause.STORE_UNAVAILABLE, error: this.#lastFailure };
    }
    const silentMs = this.#options.timing.validityMs - this.#leftMs();
    return { kind: LossCause.EXPIRED, silentMs };
  }

  /** Ends the term at its time even when nobody asks; each renewal moves that time on. */
  async #expireInTime(): Promise<void> {
    while (this.isValid()) {
      const leftMs = Math.max(1, this.remainingMs());
      await this.#clock.sleep(leftMs, { signal: this.signal }).catch(() => {});
    }
  }

  #end(loss: LeadershipLoss): void {
    if (this.signal.aborted) return;
    this.#ending = this.#options.pulse.remove(this);
    this.#ended.abort(new LeadershipLostError(this.election, this.term, loss));
  }

  async #hasSettled(work: Promise<unknown> | undefined, timeoutMs: number): Promise<boolean> {
    try {
      await withDeadline(Promise.allSettled([work]), timeoutMs, this.#clock);
      return true;
    } catch {
      return false;
    }
  }

  /** A renewal under way is awaited first: one that overtook the release would prolong a dead term. */
  async #release(reservedFor: string | null, { after }: ResignOptions): Promise<void> {
    const leftMs = this.remainingMs();
    this.#end({ kind: LossCause.RESIGNED });
    await this.#ending;
    if (leftMs === 0 || !await this.#hasSettled(after, leftMs)) return;
    await releaseTerm(this.#options, reservedFor);
  }
}

function superseded(record: TermRecord | null): LeadershipLoss {
  const { holderId = null, term = null } = record ?? {};
  return { kind: LossCause.SUPERSEDED, holderId, term };
}

/** @returns The record, or null when it is gone or cannot be read: it is not ours either way. */
function readable(entry: Entry): TermRecord | null {
  try {
    return parseTermRecord(entry);
  } catch {
    return null;
  }
}
