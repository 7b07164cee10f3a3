import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import { copyJson, type JsonValue } from "../../enums/records/json_value.ts";

/**
 * Copies plain data and freezes the copy to its depths, so that nobody shares it with anybody.
 *
 * @param what What it is called in the message.
 * @param value Anything; undefined counts as null.
 * @returns The copy.
 * @throws {InvalidRecordError} when JSON cannot carry it.
 */
export function plainData(what: string, value: unknown): JsonValue {
  const faults: RecordFault[] = [];
  const copy = copyJson(value ?? null, what, faults);
  if (copy === undefined) throw new InvalidRecordError(what, faults);
  return copy;
}
