import {
  anyNumber,
  count,
  type Field,
  isObject,
  member,
  nullable,
  optional,
  type Read,
  required,
  text,
} from "../../enums/records/field.ts";
import { type Fields, RecordShape, type ValuesOf } from "../../enums/records/record_shape.ts";
import { RecoveryResult } from "../../enums/recovery_result.ts";
import { showValue } from "../../enums/show_value.ts";
import { emptyLedger, type Ledger, type LedgerCounters } from "./ledger.ts";
import { storedValueBytes } from "./storage_change.ts";

/** A ledger as it is stored: maps as lists of pairs, whole ms, times after the first as distances. */
export type LedgerRecord = Readonly<Record<string, unknown>>;

/** What a storage takes of one value. */
const RECORD_MAX_BYTES = 60_000;

/** What is left out of a record that would be longer, in this order. */
const SPARE = [
  "refusals",
  "by_anomaly",
  "by_action",
  "episodes",
  "step_failures",
  "actions",
] as const;

/**
 * Makes what is stored of a ledger, which any storage takes. In a ledger full of very long names, what
 * was heard of least recently is left out, standings of actions last of all.
 *
 * @param ledger The ledger.
 * @returns What is stored of it.
 */
export function encodeLedger(ledger: Ledger): LedgerRecord {
  const record = recordOfAll(ledger);
  let excess = storedValueBytes(record) - RECORD_MAX_BYTES;
  for (const part of SPARE) {
    while (excess > 0 && record[part].length > 0) {
      record[part] = record[part].slice(Math.ceil(record[part].length / 2));
      excess = storedValueBytes(record) - RECORD_MAX_BYTES;
    }
  }
  return record;
}

function recordOfAll(ledger: Ledger) {
  const { counters, lastAction } = ledger;
  return {
    at_ms: whole(ledger.atMs),
    next_seq: ledger.nextSeq,
    first_seq: ledger.firstSeq,
    actions: pairs(ledger.actions, ({ endedMs, failures, futile, frozenUntilMs }) => ({
      ended_ms: whole(endedMs),
      failures,
      futile,
      frozen_until_ms: whole(frozenUntilMs),
    })),
    runs_ms: distances(ledger.runsMs),
    safe_modes_ms: distances(ledger.safeModesMs),
    step_failures: pairs(ledger.stepFailures, (failures) => failures),
    episodes: pairs(ledger.episodes, ({ firstMs, lastMs, recurrences }) => ({
      first_ms: whole(firstMs),
      last_ms: whole(lastMs),
      recurrences,
    })),
    refusals: pairs(ledger.refusals, (refusal) => refusal),
    storm_seen_ms: whole(ledger.stormSeenMs),
    counters: Object.fromEntries(
      COUNTERS.map((name) => [snakeCase(name), counters[name]]),
    ),
    by_action: pairs(ledger.byAction, (count) => count),
    by_anomaly: pairs(ledger.byAnomaly, (count) => count),
    by_result: pairs(ledger.byResult, (count) => count),
    last_action: lastAction && { name: lastAction.name, at_ms: whole(lastAction.atMs) },
  };
}

/**
 * Reads a stored ledger.
 *
 * @param value What was stored.
 * @returns The ledger.
 * @throws {InvalidRecordError} when it is none.
 */
export function decodeLedger(value: unknown): Ledger {
  const read = LEDGER.fromDict(value);
  return {
    atMs: read.atMs,
    nextSeq: read.nextSeq,
    firstSeq: read.firstSeq,
    actions: new Map(read.actions),
    runsMs: times(read.runsMs),
    safeModesMs: times(read.safeModesMs),
    stepFailures: new Map(read.stepFailures),
    episodes: new Map(read.episodes),
    refusals: new Map(read.refusals),
    stormSeenMs: read.stormSeenMs,
    counters: { ...read.counters },
    byAction: new Map(read.byAction),
    byAnomaly: new Map(read.byAnomaly),
    byResult: new Map(read.byResult),
    lastAction: read.lastAction && { name: read.lastAction.name, atMs: read.lastAction.atMs },
  };
}

const COUNTERS = Object.keys(emptyLedger().counters) as (keyof LedgerCounters)[];

type Pairs<T> = readonly (readonly [string, T])[];

const numbers: Read<readonly number[]> = (value, at) => listOf(anyNumber)(value, at);

const LEDGER = new RecordShape("RecoveryLedger", {
  atMs: required(anyNumber),
  nextSeq: required(count),
  firstSeq: required(count),
  actions: required(pairsOf(recordOf({
    endedMs: nullable(anyNumber),
    failures: required(count),
    futile: required(count),
    frozenUntilMs: nullable(anyNumber),
  }))),
  runsMs: required(numbers),
  safeModesMs: required(numbers),
  stepFailures: required(pairsOf(count)),
  episodes: required(pairsOf(recordOf({
    firstMs: required(anyNumber),
    lastMs: required(anyNumber),
    recurrences: required(count),
  }))),
  refusals: required(pairsOf(recordOf({
    seq: required(count),
    result: required(member(RecoveryResult)),
  }))),
  stormSeenMs: nullable(anyNumber),
  counters: required(recordOf(
    Object.fromEntries(COUNTERS.map((name) => [name, optional(anyNumber, 0)])) as Record<
      keyof LedgerCounters,
      Field<number>
    >,
  )),
  byAction: required(pairsOf(count)),
  byAnomaly: required(pairsOf(count)),
  byResult: required(pairsOf(count)),
  lastAction: nullable(recordOf({ name: required(text), atMs: required(anyNumber) })),
});

function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) return fault(at, "a list", value);
    const before = at.faults.length;
    const items = value.map((item: unknown, i) => read(item, { ...at, path: `${at.path}[${i}]` }));
    return at.faults.length === before ? items as readonly T[] : undefined;
  };
}

function pairsOf<T>(read: Read<T>): Read<Pairs<T>> {
  return listOf((value, at) => {
    if (!Array.isArray(value) || value.length !== 2 || typeof value[0] !== "string") {
      return fault(at, "a name with a value", value);
    }
    const [name, item] = value as [string, unknown];
    const found = read(item, at);
    return found === undefined ? undefined : [name, found] as const;
  });
}

function recordOf<F extends Fields>(fields: F): Read<ValuesOf<F>> {
  const shape = new RecordShape("", fields);
  return (value, at) => {
    if (!isObject(value)) return fault(at, "an object", value);
    try {
      return shape.fromDict(value);
    } catch (error) {
      return fault(at, `readable (${error instanceof Error ? error.message : error})`, value);
    }
  };
}

function fault(at: Parameters<Read<unknown>>[1], wanted: string, value: unknown): undefined {
  at.faults.push({ path: at.path, message: `must be ${wanted}, got ${showValue(value)}` });
  return undefined;
}

function pairs<V>(map: ReadonlyMap<string, V>, encode: (value: V) => unknown): unknown[] {
  return [...map].map(([key, value]) => [key, encode(value)]);
}

function distances(times: readonly number[]): readonly number[] {
  return times.map((ms, i) => whole(ms) - (i === 0 ? 0 : whole(times[i - 1]!)));
}

/** @returns The next whole ms, as fractions would make a record three times as long. */
function whole<T extends number | null>(ms: T): T {
  return (ms === null ? null : Math.ceil(ms)) as T;
}

function times(distances: readonly number[]): readonly number[] {
  let ms = 0;
  return distances.map((distance) => ms += distance);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
