import type { JsonValue } from "../../enums/records/json_value.ts";

/**
 * Writes a value as the one text that every equal value has, after RFC 8785: keys sorted by their
 * UTF-16 code units, no blanks, numbers and texts as `JSON.stringify` writes them. Unlike there, half
 * of a surrogate pair is written as an escape and not refused.
 *
 * @param value The value.
 * @returns The text.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.keys(value).sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key]!)}`);
  return `{${entries.join(",")}}`;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
