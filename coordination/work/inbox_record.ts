import { WorkRefusal } from "../../enums/work_refusal.ts";
import { RecordFields } from "../record_fields.ts";
import type { WorkOrder } from "./work_item.ts";
import { parseWorkOrder } from "./work_record.ts";

/** What a follower hands to the leader. */
export interface InboxRecord extends WorkOrder {
  /** The member that waits for the answer. */
  readonly from: string;
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
}

/** The leader's no. */
export interface RefusalRecord {
  /** Why. */
  readonly reason: WorkRefusal;
  /** The nonce of the inbox entry that it answers: another call's is no answer. */
  readonly of: string;
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
}

/**
 * @returns The record.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseInboxRecord(entry: Deno.KvEntry<unknown>): InboxRecord {
  const fields = new RecordFields(entry.key, entry.value);
  const order = parseWorkOrder(fields);
  if (order.id !== entry.key.at(-1)) throw fields.fault(`it says it is of "${order.id}"`);
  return { ...order, from: fields.text("from"), nonce: fields.text("nonce") };
}

const REASONS: ReadonlySet<unknown> = new Set(Object.values<string>(WorkRefusal));

/**
 * @returns The record; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseRefusalRecord(entry: Deno.KvEntryMaybe<unknown>): RefusalRecord | null {
  if (entry.versionstamp === null) return null;
  const fields = new RecordFields(entry.key, entry.value);
  const reason = fields.raw("reason");
  if (!REASONS.has(reason)) throw fields.fault(`expected "reason" to be known`);
  return { reason: reason as WorkRefusal, of: fields.text("of"), nonce: fields.text("nonce") };
}
