import { RecordFields } from "../record_fields.ts";
import { ORDER_BOUNDS } from "./work_item.ts";

/** What stands under a claim's key: what the leader needs to judge it. */
export interface ClaimedRecord {
  /** The item's id. */
  readonly id: string;
  /** The member that claimed it. */
  readonly member: string;
  /** Identifies that member's process. */
  readonly incarnation: string;
  /** How long the claim stands without a renewal, in ms. */
  readonly claimMs: number;
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
}

/**
 * @returns The record.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseClaimedRecord(entry: Deno.KvEntry<unknown>): ClaimedRecord {
  const fields = new RecordFields(entry.key, entry.value);
  const { min, max } = ORDER_BOUNDS.claimMs;
  const record = {
    id: fields.text("id"),
    member: fields.text("member"),
    incarnation: fields.text("incarnation"),
    claimMs: fields.number("claimMs", min, max),
    nonce: fields.text("nonce"),
  };
  if (record.id !== entry.key.at(-1) || record.member !== entry.key.at(-2)) {
    throw fields.fault(`it says it is of "${record.id}" and "${record.member}"`);
  }
  return record;
}
