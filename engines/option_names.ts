import { nearestWord } from "../config/nearest_word.ts";
import { isObject } from "../enums/records/field.ts";
import { InvalidRecordError, type RecordFault } from "../enums/records/invalid_record_error.ts";
import { childPath } from "../enums/records/json_value.ts";
import { showValue } from "../enums/show_value.ts";

/**
 * Refuses options that nobody reads: a misspelled one would be ignored without a word.
 *
 * @param what What is made of the options.
 * @param options The options; it may be anything.
 * @param known The options that there are, each with `true`.
 * @throws {TypeError} when it is no object.
 * @throws {InvalidRecordError} when it holds others; it says what may be meant.
 */
export function checkOptionNames(
  what: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
): void {
  if (!isObject(options)) {
    throw new TypeError(`The options of ${what} must be an object, got ${showValue(options)}`);
  }
  if (Object.keys(options).every((name) => Object.hasOwn(known, name))) return;
  throw new InvalidRecordError(what, unknownOptions(options, Object.keys(known)));
}

/**
 * Lists options that nobody reads.
 *
 * @param options The options.
 * @param known The names of those that there are.
 * @returns The others, each with what may be meant.
 */
export function unknownOptions(options: object, known: readonly string[]): RecordFault[] {
  const unknown = Object.keys(options).filter((key) => !known.includes(key));
  return unknown.map((key) => {
    const meant = nearestWord(key, known);
    const hint = meant === undefined ? `known are ${known.join(", ")}` : `did you mean ${meant}?`;
    return { path: childPath("", key), message: `is no option: ${hint}` };
  });
}
