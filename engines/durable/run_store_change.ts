import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import { copyJson } from "../../enums/records/json_value.ts";
import type { RunStoreChange, RunStoreKey } from "./run_store.ts";
import { checkRunStoreKey } from "./run_store_key.ts";

const CHECKS_MAX = 8;
const EFFECTS_MAX = 500;
/** Deno KV takes 65,536 bytes of a value, and 819,200 of a change with its keys. */
const VALUE_MAX_BYTES = 60_000;
const VALUES_MAX_BYTES = 600_000;

const utf8 = new TextEncoder();

/** A {@link RunStoreChange} that every store takes, copied. */
export interface CheckedRunStoreChange {
  /** What must still stand. */
  readonly checks: readonly { readonly key: RunStoreKey; readonly version: string | null }[];
  /** What is written, as JSON in UTF-8. */
  readonly sets: readonly { readonly key: RunStoreKey; readonly json: Uint8Array }[];
  /** What is removed. */
  readonly deletes: readonly RunStoreKey[];
}

/**
 * Refuses a change that not every store takes, before anything is done.
 *
 * @param change The change.
 * @returns A copy without the fence.
 * @throws {TypeError} when a key or a value is no proper one, or when a key is changed twice.
 * @throws {RangeError} when there is too much of it.
 */
export function checkRunStoreChange(change: RunStoreChange): CheckedRunStoreChange {
  const { checks = [], sets = [], deletes = [] } = change;
  atMost("checks", checks.length, CHECKS_MAX);
  atMost("writes and removals", sets.length + deletes.length, EFFECTS_MAX);
  const checked = {
    checks: checks.map(({ key, version }) => ({ key: checkRunStoreKey(key), version })),
    sets: sets.map(({ key, value }) => ({ key: checkRunStoreKey(key), json: encode(value) })),
    deletes: deletes.map(checkRunStoreKey),
  };
  refuseTwice([...checked.sets.map(({ key }) => key), ...checked.deletes]);
  atMost("bytes", checked.sets.reduce((sum, { json }) => sum + json.length, 0), VALUES_MAX_BYTES);
  return checked;
}

/**
 * Says whether a store takes a value.
 *
 * @param value What JSON carries.
 * @returns How many bytes it is too large; 0 when it is not.
 */
export function excessBytes(value: unknown): number {
  return Math.max(0, utf8.encode(JSON.stringify(value)).length - VALUE_MAX_BYTES);
}

function encode(value: unknown): Uint8Array {
  const faults: RecordFault[] = [];
  const copy = copyJson(value, "value", faults);
  if (copy === undefined) throw new InvalidRecordError("RunStoreChange", faults);
  const json = utf8.encode(JSON.stringify(copy));
  atMost("bytes of one value", json.length, VALUE_MAX_BYTES);
  return json;
}

function refuseTwice(keys: readonly RunStoreKey[]): void {
  const names = keys.map((key) => JSON.stringify(key));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new TypeError(`A change must name each key once, got ${twice} twice`);
}

function atMost(what: string, count: number, max: number): void {
  if (count > max) throw new RangeError(`A change may have at most ${max} ${what}, got ${count}`);
}
