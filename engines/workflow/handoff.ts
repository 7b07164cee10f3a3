import { BusinessImpact } from "../../enums/business_impact.ts";
import type { JsonObject, JsonValue } from "../../enums/records/json_value.ts";
import { canonicalJson } from "./canonical_json.ts";
import type { CriticalFields, StateSnapshot } from "./state_snapshot.ts";

/** The state around a step. */
export interface Handoff {
  /** The agent of the step. */
  readonly agentName: string;
  /** The critical fields before it began. */
  readonly before: StateSnapshot;
  /** The critical fields when it had ended. */
  readonly after: StateSnapshot;
  /** The critical fields that are this step's to write: nothing is said about them. @default none */
  readonly mayChange?: readonly string[];
}

/** A field whose value changed, with wire keys. */
export interface ValueChange {
  /** The field. */
  readonly field: string;
  /** Its value before the step. */
  readonly pre_value: JsonValue;
  /** Its value after it. */
  readonly post_value: JsonValue;
}

/** What a step did to critical fields that are not its own, with wire keys. */
export interface CorruptionDetail {
  /** The agent of the step. */
  readonly agent_name: string;
  /** The fields whose values changed. */
  readonly corrupted_fields: readonly string[];
  /** The fields that were there before, and not after. */
  readonly missing_fields: readonly string[];
  /** The fields that were not there before: alone, they are no fault. */
  readonly added_fields: readonly string[];
  /** The values of the fields that changed. */
  readonly value_changes: readonly ValueChange[];
}

/**
 * Compares the critical fields before and after a step. Pure.
 *
 * @param handoff The state around the step.
 * @returns What differs; null when nothing does.
 */
export function compareHandoff(handoff: Handoff): CorruptionDetail | null {
  if (handoff.before.hash === handoff.after.hash) return null;
  const before = handoff.before.fields;
  const after = handoff.after.fields;
  const isJudged = (field: string): boolean => handoff.mayChange?.includes(field) !== true;
  const changed = Object.keys(before).filter((field) =>
    isJudged(field) && Object.hasOwn(after, field) && !isEqual(before, after, field)
  );
  const detail: CorruptionDetail = {
    agent_name: handoff.agentName,
    corrupted_fields: changed,
    missing_fields: Object.keys(before).filter((f) => isJudged(f) && !Object.hasOwn(after, f)),
    added_fields: Object.keys(after).filter((f) => isJudged(f) && !Object.hasOwn(before, f)),
    value_changes: changed.map((field) => ({
      field,
      pre_value: before[field]!,
      post_value: after[field]!,
    })),
  };
  const differences = [detail.corrupted_fields, detail.missing_fields, detail.added_fields];
  return differences.some((fields) => fields.length > 0) ? detail : null;
}

/**
 * Says whether a step broke something, rather than only adding to it.
 *
 * @param detail What differs.
 * @returns True when a field changed or is missing.
 */
export function isCorruption(detail: CorruptionDetail): boolean {
  return detail.corrupted_fields.length > 0 || detail.missing_fields.length > 0;
}

/**
 * Says how much it matters what steps did.
 *
 * @param details What differs, step by step.
 * @param critical Which fields weigh how much.
 * @returns `CRITICAL` when a field about money changed, `HIGH` when another did, `MEDIUM` when one is
 * missing, else `LOW`.
 */
export function impactOf(
  details: readonly CorruptionDetail[],
  critical: CriticalFields,
): BusinessImpact {
  const changed = details.flatMap((detail) => detail.corrupted_fields);
  if (changed.some((field) => critical.revenue.includes(field))) return BusinessImpact.CRITICAL;
  if (changed.length > 0) return BusinessImpact.HIGH;
  const isMissing = details.some((detail) => detail.missing_fields.length > 0);
  return isMissing ? BusinessImpact.MEDIUM : BusinessImpact.LOW;
}

function isEqual(before: JsonObject, after: JsonObject, field: string): boolean {
  return canonicalJson(before[field]!) === canonicalJson(after[field]!);
}
