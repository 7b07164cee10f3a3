import { InvalidRecordError, type RecordFault } from "../../enums/records/invalid_record_error.ts";
import { copyJson, type JsonValue } from "../../enums/records/json_value.ts";

/**
 * Plain data that was judged and copied already, on its way from one part of the engine to another:
 * nobody need do so again. It never reaches an agent or an application; what these give is judged.
 */
export class JudgedData<T = JsonValue> {
  /** The data, frozen to its depths. */
  readonly value: T;
  readonly #isGenuine = true;

  /**
   * Marks data as judged.
   *
   * @param value The data: what was copied here, or is put together from that. Each part was held to the
   * limits by itself, all of them together are not: so a report can have many large results.
   */
  constructor(value: T) {
    this.value = value;
  }

  /**
   * Recognises its own by what cannot be imitated.
   *
   * @param value Anything.
   * @returns Whether this class made it.
   */
  static is(value: unknown): value is JudgedData {
    return typeof value === "object" && value !== null && #isGenuine in value;
  }
}

/**
 * Copies a value that JSON can carry, as `copyJson` does, unless it was judged already.
 *
 * @param value Anything.
 * @param path How a fault names its place.
 * @param faults Gets what is wrong, each with its place.
 * @returns The copy, frozen; undefined when it is not such a value.
 */
export function readPlain(
  value: unknown,
  path: string,
  faults: RecordFault[],
): JsonValue | undefined {
  return JudgedData.is(value) ? value.value : copyJson(value, path, faults);
}

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
  const copy = readPlain(value ?? null, what, faults);
  if (copy === undefined) throw new InvalidRecordError(what, faults);
  return copy;
}
