import { copyJson } from "../../enums/records/json_value.ts";
import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import { isObject } from "../../enums/records/field.ts";
import { storedValueBytes } from "./storage_change.ts";
import { isCount, isKeyText, isMoment, isShare } from "./stored_values.ts";

/** An anomaly that somebody tells of. */
export interface AnomalyEvent {
  /** What kind it is: 1 to 100 characters. Policies are found by it. */
  readonly anomalyType: string;
  /** How severe it is, from 0 to 1. */
  readonly severityScore: number;
  /**
   * How sure the detection is, from 0 to 1.
   *
   * @default 0
   */
  readonly confidence?: number;
  /**
   * What else there is to say: plain data, at most 8,000 bytes as it is stored: one a character, or
   * two where not all are Latin-1. A number under `duration` is for how long it has lasted, in
   * seconds.
   *
   * @default {}
   */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /**
   * How often it came back, as far as the teller knows; those that recovery counts itself may be more.
   *
   * @default 0
   */
  readonly recurrenceCount?: number;
}

/** An anomaly that waits: one for each type, whatever came in meanwhile. */
export interface PendingAnomaly {
  /** What kind it is. */
  readonly type: string;
  /** The highest severity that was told. */
  readonly severity: number;
  /** The confidence that was told with it. */
  readonly confidence: number;
  /** What was told with it. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** How often it came back: as was told, or the times it was told again if those are more. */
  readonly recurrenceCount: number;
  /** When it was first told of, in ms since 1970 by the clock of the node that did. */
  readonly firstMs: number;
  /** When that node last told of it, by the same clock. */
  readonly lastMs: number;
  /** How often it was told of. */
  readonly told: number;
  /** Which node told of it first. */
  readonly node: string;
}

/** All that can wait in a lane, a few more included: storages list by name and not by severity. */
export const PENDING_LISTED_MAX = 110_000;

const TYPE_MAX_CHARS = 100;
const METADATA_MAX_BYTES = 8_000;

/**
 * Checks what was told, and makes it one that waits.
 *
 * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
 */
export function pendingOf(
  event: AnomalyEvent,
  { node, nowMs }: { readonly node: string; readonly nowMs: number },
): PendingAnomaly {
  const { anomalyType, severityScore, confidence = 0, metadata = {}, recurrenceCount = 0 } =
    isObject(event) ? event : {} as AnomalyEvent;
  const faults: RecordFault[] = [];
  const check = (path: string, isRight: boolean, wanted: string) => {
    if (!isRight) faults.push({ path, message: `must be ${wanted}` });
  };
  check(
    "anomalyType",
    isKeyText(anomalyType, TYPE_MAX_CHARS),
    `a well-formed text of 1 to ${TYPE_MAX_CHARS} characters without NUL`,
  );
  check("severityScore", isShare(severityScore), "a number from 0 to 1");
  check("confidence", isShare(confidence), "a number from 0 to 1");
  check("recurrenceCount", isCount(recurrenceCount), "a whole number from 0 up");
  check("metadata", isObject(metadata), "an object");
  const copy = isObject(metadata) ? copyJson(metadata, "metadata", faults) : {};
  const isShort = storedValueBytes(copy ?? null) <= METADATA_MAX_BYTES;
  check("metadata", isShort, `at most ${METADATA_MAX_BYTES} bytes as it is stored`);
  if (faults.length > 0) throw new InvalidRecordError("AnomalyEvent", faults);
  return {
    type: anomalyType,
    severity: severityScore,
    confidence,
    metadata: copy as Readonly<Record<string, unknown>>,
    recurrenceCount,
    firstMs: nowMs,
    lastMs: nowMs,
    told: 1,
    node,
  };
}

/** @returns Two tellings of the same type as one: the more severe of them, come back once more. */
export function coalesce(waiting: PendingAnomaly, next: PendingAnomaly): PendingAnomaly {
  const { confidence, metadata } = next.severity >= waiting.severity ? next : waiting;
  return {
    type: waiting.type,
    severity: Math.max(waiting.severity, next.severity),
    confidence,
    metadata,
    recurrenceCount: sum(waiting.recurrenceCount, next.told, next.recurrenceCount),
    firstMs: waiting.firstMs,
    // What another node's clock says is not compared with this.
    lastMs: waiting.node === next.node ? Math.max(waiting.lastMs, next.lastMs) : waiting.lastMs,
    told: sum(waiting.told, next.told),
    node: waiting.node,
  };
}

/** @returns For how long an anomaly was told of, in ms: all that its teller's clock is good for. */
export function toldForMs({ firstMs, lastMs }: PendingAnomaly): number {
  return Math.max(0, lastMs - firstMs);
}

/**
 * Orders anomalies that wait: the most severe first, of those the one that waits for longest, as far as
 * the clocks of the nodes that told of them agree.
 */
export function byUrgency(a: PendingAnomaly, b: PendingAnomaly): number {
  return b.severity - a.severity || a.firstMs - b.firstMs;
}

/**
 * Reads a stored anomaly.
 *
 * @param value What was stored.
 * @returns The anomaly; null when it is none.
 */
export function decodePending(value: unknown): PendingAnomaly | null {
  const read = value as PendingAnomaly | null;
  const isPending = isObject(read) && isKeyText(read.type, TYPE_MAX_CHARS) &&
    isShare(read.severity) && isShare(read.confidence) && isObject(read.metadata) &&
    isCount(read.recurrenceCount) && isCount(read.told) && read.told >= 1 &&
    isMoment(read.firstMs) && isMoment(read.lastMs) && typeof read.node === "string";
  return isPending ? read : null;
}

/** @returns The sum of two counts, or a third that is more; at the most what is exact. */
function sum(a: number, b: number, orMore = 0): number {
  return Math.min(Math.max(a + b, orMore), Number.MAX_SAFE_INTEGER);
}
