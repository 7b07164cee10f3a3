import { WorkStatus } from "../../enums/work_status.ts";
import { RecordFields } from "../record_fields.ts";
import { ORDER_BOUNDS, type WorkOrder } from "./work_item.ts";

/** An item as it stands in the store. */
export interface WorkRecord extends WorkOrder {
  /** Where it stands. */
  readonly status: WorkStatus;
  /** How many attempts were begun since it was assigned or driven again. */
  readonly attempt: number;
  /** The member that has it, or had it last. */
  readonly assignee: string;
  /** Identifies the process that has claimed it; null while none has. */
  readonly incarnation: string | null;
  /** How long it waits, counted from when the leader first saw it wait, in ms. */
  readonly delayMs: number;
  /** The greatest progress of this attempt. */
  readonly progress: number;
  /** Its result as JSON; null until it is completed. */
  readonly result: string | null;
  /** What ended the last attempt that failed; null for none. */
  readonly error: string | null;
  /** Identifies the commit that wrote this record. */
  readonly nonce: string;
  /** Identifies the commit that ended the last attempt; null for none. */
  readonly endedBy: string | null;
  /** When it was assigned first, UTC ISO by the writer's clock: for people. */
  readonly createdAt: string;
  /** When this record was written, UTC ISO by the writer's clock: for people. */
  readonly writtenAt: string;
}

/** A record, and the versionstamp that it shares with every copy of it. */
export interface StoredWork {
  /** What stands there. */
  readonly record: WorkRecord;
  /** When it was written, in the order of the store. */
  readonly versionstamp: string;
}

/** A copy of a record under a key of its own. */
export interface WorkCopy extends StoredWork {
  /** Where the copy stands. */
  readonly key: Deno.KvKey;
}

const STATUSES: ReadonlySet<unknown> = new Set(Object.values<string>(WorkStatus));
const TIMES_MAX = Number.MAX_SAFE_INTEGER;

/**
 * Reads an order's fields.
 *
 * @throws {CorruptRecordError} when one is not what it should be.
 */
export function parseWorkOrder(fields: RecordFields): WorkOrder {
  const { priority, attempts, claimMs, progressMs, backoffMs } = ORDER_BOUNDS;
  return {
    id: fields.text("id"),
    payload: jsonOf(fields, "payload"),
    labels: fields.texts("labels"),
    priority: fields.integer("priority", priority.min, priority.max),
    maxAttempts: fields.integer("maxAttempts", attempts.min, attempts.max),
    claimMs: fields.number("claimMs", claimMs.min, claimMs.max),
    progressMs: fields.raw("progressMs") === null
      ? null
      : fields.number("progressMs", progressMs.min, progressMs.max),
    backoffMs: fields.number("backoffMs", backoffMs.min, backoffMs.max),
  };
}

/**
 * @returns The record.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseWorkRecord(entry: Deno.KvEntry<unknown>): WorkRecord {
  const fields = new RecordFields(entry.key, entry.value);
  const status = fields.raw("status");
  if (!STATUSES.has(status)) throw fields.fault(`expected "status" to be known`);
  return {
    ...parseWorkOrder(fields),
    status: status as WorkStatus,
    attempt: fields.integer("attempt", 0, TIMES_MAX),
    assignee: fields.text("assignee"),
    incarnation: fields.textOrNull("incarnation"),
    delayMs: fields.number("delayMs", 0, TIMES_MAX),
    progress: fields.number("progress", -Number.MAX_VALUE, Number.MAX_VALUE),
    result: fields.raw("result") === null ? null : jsonOf(fields, "result"),
    error: fields.textOrNull("error"),
    nonce: fields.text("nonce"),
    endedBy: fields.textOrNull("endedBy"),
    createdAt: fields.text("createdAt"),
    writtenAt: fields.text("writtenAt"),
  };
}

/**
 * Reads an item's own record.
 *
 * @returns The record; null when there is none.
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseStoredWork(entry: Deno.KvEntryMaybe<unknown>): StoredWork | null {
  if (entry.versionstamp === null) return null;
  const record = parseWorkRecord(entry);
  if (record.id !== entry.key.at(-1)) {
    throw new RecordFields(entry.key, entry.value).fault(`it says it is of "${record.id}"`);
  }
  return { record, versionstamp: entry.versionstamp };
}

/**
 * Reads a copy of an item's record.
 *
 * @throws {CorruptRecordError} when something else stands there.
 */
export function parseWorkCopy(entry: Deno.KvEntry<unknown>): WorkCopy {
  return { key: entry.key, record: parseWorkRecord(entry), versionstamp: entry.versionstamp };
}

function jsonOf(fields: RecordFields, name: string): string {
  const text = fields.text(name);
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw fields.fault(`expected "${name}" to be JSON`);
  }
}
