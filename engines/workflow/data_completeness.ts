import { DataSufficiency } from "../../enums/data_sufficiency.ts";
import { nullable, numberWithin, textSet } from "../../enums/records/field.ts";
import { RecordShape } from "../../enums/records/record_shape.ts";

/** What is known of the data of a request. Null, undefined and absent all mean: not given. */
export interface DataCompletenessInput {
  /** How complete they are, 0 to 1, when somebody knows. 0 is an answer like any other. */
  readonly completeness?: number | null;
  /** What is there, by name; each name counts once. */
  readonly available?: readonly string[] | null;
  /** What is not there, by name; each name counts once. A name in both lists is missing. */
  readonly missing?: readonly string[] | null;
}

/** How complete the data of a request are. */
export interface DataCompleteness {
  /** 0 to 1. */
  readonly completeness: number;
  /** What that means: from 0.8 `sufficient`, from 0.4 `partial`, else `insufficient`. */
  readonly sufficiency: Exclude<DataSufficiency, "unknown">;
}

/** From here on the data suffice. */
const SUFFICIENT_FROM = 0.8;
/** From here on they suffice in part. */
const PARTIAL_FROM = 0.4;
/** How many names are taken for all, when nobody says what is missing. */
const EXPECTED_NAMES = 10;
/** What an estimate cannot exceed that does not know what is missing: it never suffices. */
const ESTIMATE_MAX = 0.7;

const SHAPE = new RecordShape("DataCompleteness", {
  completeness: nullable(numberWithin({ min: 0, max: 1 })),
  available: nullable(textSet),
  missing: nullable(textSet),
});

/**
 * Says how complete the data of a request are. Pure.
 *
 * A given `completeness` counts, 0 included. Without one it is estimated: when something is there and
 * something is missing, by the share of what is there; else by a tenth for each name that is there, 0.7
 * at most, because nobody can tell what is missing. Without any name it is 0.
 *
 * @param input What is known.
 * @returns How complete they are; both limits of `sufficiency` belong to the better side.
 * @throws {InvalidRecordError} when the completeness is no number of 0 to 1, or a list is none.
 *
 * @example Three of four are there
 * ```ts
 * import { assessDataCompleteness } from "@baton/orchestration/engines";
 *
 * const { completeness, sufficiency } = assessDataCompleteness({
 *   available: ["bills", "usage", "contracts"],
 *   missing: ["forecast"],
 * });
 * if (completeness !== 0.75 || sufficiency !== "partial") throw new Error("unexpected");
 * ```
 */
export function assessDataCompleteness(input: DataCompletenessInput): DataCompleteness {
  const given = SHAPE.fromOptions(input);
  const missing = new Set(given.missing);
  const available = new Set(given.available).difference(missing);
  const completeness = given.completeness ?? estimate(available.size, missing.size);
  return { completeness, sufficiency: sufficiencyOf(completeness) };
}

function estimate(available: number, missing: number): number {
  if (available > 0 && missing > 0) return available / (available + missing);
  return Math.min(ESTIMATE_MAX, available / EXPECTED_NAMES);
}

function sufficiencyOf(completeness: number): DataCompleteness["sufficiency"] {
  if (completeness >= SUFFICIENT_FROM) return DataSufficiency.SUFFICIENT;
  return completeness >= PARTIAL_FROM ? DataSufficiency.PARTIAL : DataSufficiency.INSUFFICIENT;
}
