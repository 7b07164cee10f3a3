import type { Clock } from "../clock.ts";
import {
  type ElectionKeys,
  encodeRecord,
  fenceKey,
  leaseObservation,
  type LeaseRecord,
  parseLeaseRecord,
  parseTermRecord,
  TERM_MAX,
  type TermRecord,
} from "./election_records.ts";
import { CorruptRecordError, StoreUnavailableError } from "./errors.ts";
import type { KvStore } from "./kv_store.ts";
import type { LeaseObservation } from "./lease.ts";
import type { LeaseTiming } from "./lease_timing.ts";
import { coordinationLogger } from "./logger.ts";
import { type Moment, momentOf } from "./lease_validity.ts";
import { keyId } from "./pulse_batch.ts";

/** What stands in the store, with the versionstamps that a takeover must find unchanged. */
export interface ElectionObservation extends LeaseObservation {
  /** Versionstamp of the term record; null when there is none. */
  readonly termStamp: string | null;
  /** Versionstamp of the lease record; null when there is none. */
  readonly leaseStamp: string | null;
  /**
   * The fences that stand: one at most, that of the last term. They are looked for, not told by the
   * term record, which may have been deleted or put back by hand.
   */
  readonly fences: readonly Deno.KvKey[];
  /** Identifies the store's life; null before the first term. */
  readonly storeId: string | null;
}

/** A term that was written, and when its validity begins. */
export interface TakenTerm {
  /** The record that made it. */
  readonly record: TermRecord & { readonly holderId: string };
  /** Versionstamp of that record, and of its fence. */
  readonly versionstamp: string;
  /** A moment before it was sent. */
  readonly sentAt: Moment;
}

/** Who reads and writes an election's records. */
export interface ElectionLedgerOptions {
  /** Name of the election, for messages. */
  readonly name: string;
  /** Where the records stand. */
  readonly keys: ElectionKeys;
  /** Under which name terms are taken. */
  readonly holderId: string;
  /** Identifies this process. */
  readonly incarnation: string;
  /** The timing in force. */
  readonly timing: LeaseTiming;
  /** The port. */
  readonly store: KvStore;
}

/** A round trip before any was measured, in ms. */
const FIRST_ROUND_TRIP_MS = 1;
/** Weight of the newest round trip in the running mean. */
const ROUND_TRIP_WEIGHT = 0.2;

/** Reads an election's records as one candidate sees them change, and writes the next term. */
export class ElectionLedger {
  readonly #options: ElectionLedgerOptions;
  readonly #clock: Clock;
  #last: ElectionObservation | null = null;
  #highestTerm = 0;
  #ownNonce: string | undefined;
  #roundTripMs = FIRST_ROUND_TRIP_MS;

  /** @param options Whose view it is, and of what. */
  constructor(options: ElectionLedgerOptions) {
    this.#options = options;
    this.#clock = options.store.clock;
  }

  /** Running mean of a read's duration, in ms. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /**
   * Reads both records and the fence, at one moment.
   *
   * @returns What stands there; `unchangedSinceMs` is the time of the first answer that showed it.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {CorruptRecordError} when a foreign value stands there.
   */
  async observe(): Promise<ElectionObservation> {
    const { keys, store, timing } = this.#options;
    const sentAtMs = this.#clock.monotonic();
    const entries = await store.list(keys.prefix, { timeoutMs: timing.attemptTimeoutMs });
    const [termEntry, leaseEntry] = [entryAt(entries, keys.term), entryAt(entries, keys.lease)];
    const fences = entries.map(({ key }) => key).filter((key) => isChildOf(key, keys.fences));
    const seenAtMs = this.#clock.monotonic();
    this.#roundTripMs += ROUND_TRIP_WEIGHT * (seenAtMs - sentAtMs - this.#roundTripMs);
    // In a store that was set back, other records may have the same versionstamps.
    const sameFences = this.#last?.fences.map(keyId).join() === fences.map(keyId).join();
    const unchanged = sameFences && this.#last?.termStamp === termEntry.versionstamp &&
      this.#last.leaseStamp === leaseEntry.versionstamp;
    if (this.#last && unchanged) return this.#last;
    const record = parseTermRecord(termEntry);
    const lease = parseLeaseRecord(leaseEntry);
    this.#noticeRestore(record);
    this.#highestTerm = Math.max(this.#highestTerm, record?.term ?? 0, lease?.term ?? 0);
    const sighting = { record, lease, unchangedSinceMs: seenAtMs, defaultLeaseMs: timing.leaseMs };
    return this.#last = {
      ...leaseObservation(sighting),
      termStamp: termEntry.versionstamp,
      leaseStamp: leaseEntry.versionstamp,
      fences,
      storeId: record?.storeId ?? null,
    };
  }

  /** A backup was restored, or another file stands there: fences of before prove nothing here. */
  #noticeRestore(record: TermRecord | null): void {
    const last = this.#last;
    const isOwn = record !== null && record.nonce === this.#ownNonce;
    if (last === null || isOwn) return;
    const wentBack = (record?.term ?? 0) < last.term;
    const isOther = last.storeId !== null && record !== null && record.storeId !== last.storeId;
    if (!wentBack && !isOther) return;
    this.#options.store.countRestore();
    coordinationLogger.warn("The records of {election} are of another store or went back", {
      election: this.#options.name,
      seenTerm: this.#highestTerm,
      term: record?.term ?? 0,
    });
  }

  /**
   * Writes the next term over exactly the records that were observed, and takes the fence of the
   * term before away. Terms that have gone back in the store (a restored backup, a deleted file) go
   * on from the highest this candidate has seen.
   *
   * @param observed What must still stand.
   * @returns The term; null when somebody was faster.
   * @throws {StoreUnavailableError} when the outcome stayed unknown: then nobody leads on it.
   */
  async take(observed: ElectionObservation): Promise<TakenTerm | null> {
    const { name, keys, timing, store } = this.#options;
    const record = this.#nextRecord(observed);
    const { term, nonce, leaseMs, writtenAt } = record;
    const lease: LeaseRecord = { term, nonce, leaseMs, writtenAt, renewals: 0 };
    const sentAt = momentOf(this.#clock);
    this.#ownNonce = nonce;
    const outcome = await store.commit({
      checks: [
        { key: keys.term, versionstamp: observed.termStamp },
        { key: keys.lease, versionstamp: observed.leaseStamp },
      ],
      sets: [
        { key: keys.term, value: encodeRecord(record) },
        { key: keys.lease, value: encodeRecord(lease) },
        { key: fenceKey(keys, nonce), value: encodeRecord({ term }) },
      ],
      deletes: observed.fences,
      witness: { key: keys.term, nonce },
    }, { timeoutMs: timing.attemptTimeoutMs });
    switch (outcome.kind) {
      case "committed":
        this.#highestTerm = record.term;
        return { record, versionstamp: outcome.versionstamp, sentAt };
      case "refused":
        return null;
      case "unknown":
        throw new StoreUnavailableError(`acquire "${name}"`, outcome.error);
      default:
        return outcome satisfies never;
    }
  }

  #nextRecord(observed: ElectionObservation): TakenTerm["record"] {
    const { keys, holderId, incarnation, timing } = this.#options;
    const wentBack = observed.term < this.#highestTerm || observed.storeId === null;
    const term = Math.max(observed.term, this.#highestTerm) + 1;
    if (term > TERM_MAX) throw new CorruptRecordError(keys.term, "there is no term after this one");
    const storeId = wentBack ? crypto.randomUUID() : observed.storeId;
    return {
      term,
      holderId,
      incarnation,
      nonce: crypto.randomUUID(),
      leaseMs: timing.leaseMs,
      storeId,
      reservedFor: null,
      writtenAt: new Date(this.#clock.now()).toISOString(),
    };
  }
}

function entryAt(
  entries: readonly Deno.KvEntry<unknown>[],
  wanted: Deno.KvKey,
): Deno.KvEntryMaybe<unknown> {
  const found = entries.find(({ key }) => keyId(key) === keyId(wanted));
  return found ?? { key: wanted, value: null, versionstamp: null };
}

function isChildOf(key: Deno.KvKey, parent: Deno.KvKey): boolean {
  return keyId(key.slice(0, -1)) === keyId(parent);
}
