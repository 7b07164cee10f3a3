import { encodeRecord } from "../election_records.ts";
import { CorruptRecordError } from "../errors.ts";
import { RecordFields } from "../record_fields.ts";
import { Ballot } from "./ballot.ts";
import type { Elector } from "./ballot_proposal.ts";
import { VoteRecord } from "./vote_record.ts";

/** A ballot as it stands in the store. */
export interface StoredBallot {
  /** What everybody may see of it. */
  readonly ballot: Ballot;
  /** Names this opening of it: electors, votes and counters stand below. */
  readonly roll: string;
  /** The versionstamp by which it was sealed; null unless it is decided. */
  readonly sealedStamp: string | null;
  /** The record's own versionstamp: what every change of it checks. */
  readonly versionstamp: string;
}

/** @returns The stored form. */
export function encodeBallot(
  stored: Omit<StoredBallot, "versionstamp">,
  nonce: string,
): Record<string, unknown> {
  const { ballot, roll, sealedStamp } = stored;
  return encodeRecord({ ...ballot.toDict(), roll, sealed_stamp: sealedStamp, nonce });
}

/**
 * @returns The ballot; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseBallot(entry: Deno.KvEntryMaybe<unknown>): StoredBallot | null {
  if (entry.versionstamp === null) return null;
  const fields = new RecordFields(entry.key, entry.value);
  return {
    ballot: Ballot.fromDict(entry.value, entry.key),
    roll: fields.text("roll"),
    sealedStamp: fields.textOrNull("sealed_stamp"),
    versionstamp: entry.versionstamp,
  };
}

/** @returns The stored form of an elector. */
export function encodeElector({ weight, mayVeto }: Required<Elector>): Record<string, unknown> {
  return encodeRecord({ weight, may_veto: mayVeto });
}

/**
 * @returns The elector; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseElector(entry: Deno.KvEntryMaybe<unknown>): Required<Elector> | null {
  if (entry.versionstamp === null) return null;
  const fields = new RecordFields(entry.key, entry.value);
  return {
    instanceId: lastPart(entry.key),
    weight: fields.integer("weight", 1, Number.MAX_SAFE_INTEGER),
    mayVeto: fields.raw("may_veto") === true,
  };
}

/** @returns The stored form. */
export function encodeVote(vote: VoteRecord, nonce: string): Record<string, unknown> {
  const { versionstamp: _isTheEntrys, ...dict } = vote.toDict();
  return encodeRecord({ ...dict, nonce });
}

/**
 * @returns The vote; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseVote(entry: Deno.KvEntryMaybe<unknown>): VoteRecord | null {
  if (entry.versionstamp === null) return null;
  new RecordFields(entry.key, entry.value);
  const { versionstamp } = entry;
  return VoteRecord.fromDict({ ...(entry.value as object), versionstamp }, entry.key);
}

/** @returns The stored form of an entry that names the roll of a ballot. */
export function encodeRoll(roll: string): Record<string, unknown> {
  return encodeRecord({ roll });
}

/**
 * @returns The roll that an entry names.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseRoll(entry: Deno.KvEntry<unknown>): string {
  return new RecordFields(entry.key, entry.value).text("roll");
}

/**
 * @param nonce Names the writer.
 * @param isGone Whether the roll's ballot is gone: then no proposer can be at work on it.
 * @returns The stored form of an entry for a roll that has no ballot.
 */
export function encodeStray(nonce: string, isGone: boolean): Record<string, unknown> {
  return encodeRecord({ nonce, gone: isGone });
}

/** @returns Whether an entry says that the roll's ballot is gone. */
export function isGoneStray({ value }: Deno.KvEntry<unknown>): boolean {
  return typeof value === "object" && value !== null && "gone" in value && value.gone === true;
}

/**
 * @returns What a counter stands at; 0 when nothing was ever added to it.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseCounter(entry: Deno.KvEntryMaybe<unknown>): number {
  if (entry.versionstamp === null) return 0;
  const { key, value } = entry;
  if (value instanceof Deno.KvU64 && value.value <= BigInt(Number.MAX_SAFE_INTEGER)) {
    return Number(value.value);
  }
  throw new CorruptRecordError(key, "expected a counter");
}

/** @returns The last part of a key that ends in an id. */
export function lastPart(key: Deno.KvKey): string {
  return String(key.at(-1));
}
