import type { ConfigPath } from "./config_fault.ts";

/**
 * Lists the keys that a JSON Schema names at a place.
 *
 * @param schema The schema of the document.
 * @param path A map in it.
 * @returns The keys; none when the schema names none.
 */
export function knownKeys(schema: unknown, path: ConfigPath): readonly string[] {
  let place = schema;
  for (const part of path) {
    place = typeof part === "number"
      ? field(place, "items")
      : field(field(place, "properties"), part) ?? field(place, "additionalProperties");
  }
  const properties = field(place, "properties");
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
