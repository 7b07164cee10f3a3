import type { ConfigPath } from "./config_fault.ts";

/**
 * Lists the keys that a JSON Schema names at a place.
 *
 * @param schema The schema of the document.
 * @param path A map in it.
 * @returns The keys; none when the schema names none.
 */
export function knownKeys(schema: unknown, path: ConfigPath): readonly string[] {
  let place = choose(schema);
  for (const part of path) {
    const next = typeof part === "number"
      ? field(place, "items")
      : field(field(place, "properties"), part) ?? field(place, "additionalProperties");
    place = choose(next);
  }
  const properties = field(place, "properties");
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

/** Of several forms the one that has keys or items: the others are null, or a variable. */
function choose(place: unknown): unknown {
  const forms = field(place, "anyOf");
  if (!Array.isArray(forms)) return place;
  return forms.find((form) => KEYWORDS.some((keyword) => field(form, keyword) !== undefined));
}

const KEYWORDS = ["properties", "additionalProperties", "items"];

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
