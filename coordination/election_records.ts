import { LEASE_MAX_MS, LEASE_MIN_MS } from "./lease_timing.ts";
import type { LeaseObservation } from "./lease.ts";
import { RECORD_VERSION, RecordFields } from "./record_fields.ts";

/** The largest term that can be told from its neighbours. */
export const TERM_MAX = Number.MAX_SAFE_INTEGER;

/** What stands under an election's term key. It changes only when leadership changes hands. */
export interface TermRecord {
  /** Grows by one with every acquisition. */
  readonly term: number;
  /** Who leads; null after a resignation. */
  readonly holderId: string | null;
  /** Identifies the process of the holder, or of the one that resigned. */
  readonly incarnation: string;
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
  /** How long the record must stand unchanged before it may be taken over. */
  readonly leaseMs: number;
  /** Identifies the store's life: a new one when terms were found to have gone back. */
  readonly storeId: string;
  /** For whom the next term is reserved; null for anybody. */
  readonly reservedFor: string | null;
  /** When it was written, UTC ISO by the writer's clock: for people. */
  readonly writtenAt: string;
}

/** What stands under an election's lease key. It changes at every renewal. */
export interface LeaseRecord {
  /** The term that is being prolonged. */
  readonly term: number;
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
  /** The lease in force; a holder may change it while it leads. */
  readonly leaseMs: number;
  /** How often this term has been renewed. */
  readonly renewals: number;
  /** When it was written, UTC ISO by the writer's clock: for people. */
  readonly writtenAt: string;
}

/** Where an election keeps its records. */
export interface ElectionKeys {
  /** Everything of the election is below it. */
  readonly prefix: Deno.KvKey;
  /** Of the {@link TermRecord}. */
  readonly term: Deno.KvKey;
  /** Of the {@link LeaseRecord}. */
  readonly lease: Deno.KvKey;
  /** The fence of the term in force is below it; see {@link fenceKey}. */
  readonly fences: Deno.KvKey;
}

/** @returns The keys of an election below a prefix. */
export function electionKeys(prefix: Deno.KvKey, name: string): ElectionKeys {
  const base = [...prefix, "election", name];
  return {
    prefix: base,
    term: [...base, "term"],
    lease: [...base, "lease"],
    fences: [...base, "fence"],
  };
}

/**
 * The key that exists exactly as long as a term stands: what the term's writes check. The term key
 * will not do. In a store that was set back versionstamps come a second time, so another term's
 * record may have the very one that a deposed leader checks.
 *
 * @param keys Where the election keeps its records.
 * @param nonce That of the commit that took the term: no other term has it, in no store.
 * @returns Where the term's fence stands.
 */
export function fenceKey(keys: ElectionKeys, nonce: string): Deno.KvKey {
  return [...keys.fences, nonce];
}

/** @returns The stored form. */
export function encodeRecord<T extends object>(record: T): T & { readonly v: number } {
  return { v: RECORD_VERSION, ...record };
}

/**
 * @returns The record; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseTermRecord(entry: Deno.KvEntryMaybe<unknown>): TermRecord | null {
  if (entry.versionstamp === null) return null;
  const fields = new RecordFields(entry.key, entry.value);
  return {
    term: fields.integer("term", 1, TERM_MAX),
    holderId: fields.textOrNull("holderId"),
    incarnation: fields.text("incarnation"),
    nonce: fields.text("nonce"),
    leaseMs: fields.number("leaseMs", LEASE_MIN_MS, LEASE_MAX_MS),
    storeId: fields.text("storeId"),
    reservedFor: fields.textOrNull("reservedFor"),
    writtenAt: fields.text("writtenAt"),
  };
}

/**
 * @returns The record; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseLeaseRecord(entry: Deno.KvEntryMaybe<unknown>): LeaseRecord | null {
  if (entry.versionstamp === null) return null;
  const fields = new RecordFields(entry.key, entry.value);
  return {
    term: fields.integer("term", 1, TERM_MAX),
    nonce: fields.text("nonce"),
    leaseMs: fields.number("leaseMs", LEASE_MIN_MS, LEASE_MAX_MS),
    renewals: fields.integer("renewals", 0, Number.MAX_SAFE_INTEGER),
    writtenAt: fields.text("writtenAt"),
  };
}

/** What {@link leaseObservation} puts together. */
export interface LeaseSighting {
  /** The term record; null when there is none. */
  readonly record: TermRecord | null;
  /** The lease record; null when there is none. */
  readonly lease: LeaseRecord | null;
  /** When this process first saw the two as they stand, in monotonic ms. */
  readonly unchangedSinceMs: number;
  /** The lease to assume where no record says one. */
  readonly defaultLeaseMs: number;
}

/** @returns What a decision needs of the records: the latest lease counts, a resigned holder does not. */
export function leaseObservation(sighting: LeaseSighting): LeaseObservation {
  const { record, lease, unchangedSinceMs, defaultLeaseMs } = sighting;
  const holderId = record?.holderId ?? null;
  return {
    term: record?.term ?? 0,
    holderId,
    incarnation: holderId === null ? null : record?.incarnation ?? null,
    leaseMs: lease?.leaseMs ?? record?.leaseMs ?? defaultLeaseMs,
    reservedFor: record?.reservedFor ?? null,
    unchangedSinceMs,
  };
}
