import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import { copyJson, type JsonObject } from "../../enums/records/json_value.ts";
import { sha256 } from "../context/sha256.ts";
import { canonicalJson } from "./canonical_json.ts";
import { isArray, showUnreadable, showValue } from "../../enums/show_value.ts";

/** The fields of a run's state that no step may lose or change unless it says so. */
export interface CriticalFields {
  /** What is about money: a change is critical. */
  readonly revenue: readonly string[];
  /** What else the user relies on: a change weighs high. */
  readonly data: readonly string[];
}

/** The critical fields of the reference. */
export const CRITICAL_FIELDS: CriticalFields = Object.freeze({
  revenue: Object.freeze([
    "revenue_calculation",
    "cost_analysis",
    "savings_potential",
    "roi_percentage",
    "payback_period_months",
    "total_potential_savings",
  ]),
  data: Object.freeze([
    "customer_id",
    "current_monthly_cost",
    "projected_savings",
    "optimization_recommendations",
    "implementation_timeline",
  ]),
});

/** The critical fields of a state as they stood when it was taken: a frozen copy. */
export interface StateSnapshot {
  /** Those fields that were there, at the top of the state, with their values. */
  readonly fields: JsonObject;
  /** SHA-256, in hex, of their canonical JSON: equal for equal fields. */
  readonly hash: string;
}

/**
 * Copies the critical fields of a state. Take one before a step begins and another when it has ended:
 * what happens to the state between them cannot reach the first.
 *
 * @param state The state. A field that is undefined is not there.
 * @param critical Which fields. @default CRITICAL_FIELDS
 * @returns The snapshot.
 * @throws {InvalidRecordError} when the state is no object, or JSON cannot carry one of the fields.
 */
export function takeSnapshot(
  state: unknown,
  critical: CriticalFields = CRITICAL_FIELDS,
): StateSnapshot {
  if (typeof state !== "object" || state === null || isArray(state)) {
    throw refusal([{ path: "", message: `must be an object, got ${showValue(state)}` }]);
  }
  const faults: RecordFault[] = [];
  const values: [string, unknown][] = [...critical.revenue, ...critical.data]
    .map((name) => [name, read(state, name, faults)]);
  const present = values.filter(([, value]) => value !== undefined);
  if (present.length === 0 && faults.length === 0) return empty ??= snapshotOf({});
  const fields = copyJson(Object.fromEntries(present), "", faults);
  if (faults.length > 0) throw refusal(faults);
  return snapshotOf(fields as JsonObject);
}

/** Of a state without critical fields, as most are: there is one, and it is hashed once. */
let empty: StateSnapshot | undefined;

function snapshotOf(fields: JsonObject): StateSnapshot {
  return Object.freeze({ fields: Object.freeze(fields), hash: sha256(canonicalJson(fields)) });
}

function read(state: object, name: string, faults: RecordFault[]): unknown {
  try {
    return Object.hasOwn(state, name) ? Reflect.get(state, name) : undefined;
  } catch (error) {
    faults.push({ path: name, message: showUnreadable(error) });
    return undefined;
  }
}

function refusal(faults: readonly RecordFault[]): InvalidRecordError {
  return new InvalidRecordError("StateSnapshot", faults);
}
