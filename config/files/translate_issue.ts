import type { ConfigPath } from "./config_fault.ts";
import { knownKeys } from "./known_keys.ts";
import type { ShapeFault } from "./schema_fault.ts";
import type { StandardIssue } from "./standard_schema.ts";

/** What zod says beyond Standard Schema; of other libraries nothing of it is there. */
interface DetailedIssue extends StandardIssue {
  readonly code?: unknown;
  readonly expected?: unknown;
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly inclusive?: unknown;
  readonly values?: readonly unknown[];
  readonly keys?: readonly string[];
  readonly issues?: readonly DetailedIssue[];
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false, without quotes",
  array: "a list",
  object: "a map",
  record: "a map",
};

const WANTED: Readonly<Record<string, ShapeFault["wanted"]>> = {
  string: "text",
  boolean: "boolean",
  array: "collection",
  object: "collection",
  record: "collection",
};

/**
 * Puts an issue of a schema library into our words: in full for zod, else with the library's own.
 *
 * @param issue The issue.
 * @param document What was checked.
 * @param jsonSchema Gives the schema of the document, for the keys that are known.
 * @returns The faults that it stands for.
 */
export function translateIssue(
  issue: StandardIssue,
  document: unknown,
  jsonSchema: () => unknown,
): readonly ShapeFault[] {
  const detailed: DetailedIssue = issue;
  const path = pathOf(issue);
  switch (detailed.code) {
    case "unrecognized_keys":
      return unknownKeys(detailed.keys ?? [], path, knownKeys(jsonSchema(), path));
    case "invalid_type":
      return [wrongType(String(detailed.expected), path, document)];
    case "too_small":
    case "too_big":
      return [{ path, message: "out of range", expected: describeBound(detailed) }];
    case "invalid_value":
      return [wrongWord(detailed.values ?? [], path, document)];
    case "invalid_format":
      return [{ path, message: "not in the right form", expected: issue.message }];
    case "invalid_key": {
      const expected = detailed.issues?.[0]?.message ?? "another key";
      return [{
        path,
        message: "a key in the wrong form",
        expected,
        isAboutKey: true,
        got: show(path.at(-1)),
      }];
    }
    default:
      return [{ path, message: issue.message, expected: "a value that the schema accepts" }];
  }
}

function pathOf({ path = [] }: StandardIssue): ConfigPath {
  return path.map((part) => {
    const key = typeof part === "object" ? part.key : part;
    return typeof key === "number" ? key : String(key);
  });
}

const KEYS_SHOWN = 12;

function unknownKeys(
  keys: readonly string[],
  path: ConfigPath,
  known: readonly string[],
): readonly ShapeFault[] {
  const rest = known.length > KEYS_SHOWN ? ", …" : "";
  const shown = known.slice(0, KEYS_SHOWN).join(", ") + rest;
  return keys.map((key) => ({
    path: [...path, key],
    message: "unknown key",
    known,
    got: show(key),
    expected: known.length === 0 ? "a known key" : `one of ${shown}`,
    isAboutKey: true,
  }));
}

function wrongType(kind: string, path: ConfigPath, document: unknown): ShapeFault {
  const isMissing = valueAt(document, path) === undefined;
  const wanted = WANTED[kind];
  return {
    path,
    message: isMissing ? "missing" : "wrong type",
    expected: KINDS[kind] ?? kind,
    ...(wanted === undefined ? {} : { wanted }),
  };
}

function wrongWord(values: readonly unknown[], path: ConfigPath, document: unknown): ShapeFault {
  const isMissing = valueAt(document, path) === undefined;
  const known = values.map(String);
  return {
    path,
    message: isMissing ? "missing" : "not a known value",
    expected: known.length === 1 ? known.join() : `one of ${known.join(", ")}`,
    ...(isMissing ? {} : { known }),
  };
}

const UNITS: Readonly<Record<string, string>> = {
  string: " characters",
  array: " items",
  set: " items",
  map: " keys",
};

function describeBound(issue: DetailedIssue): string {
  const isEmpty = issue.code === "too_small" && issue.minimum === 1 && issue.origin !== "number";
  if (isEmpty && Object.hasOwn(UNITS, String(issue.origin))) return "not an empty one";
  const unit = UNITS[String(issue.origin)] ?? "";
  const isInclusive = issue.inclusive !== false;
  return issue.code === "too_small"
    ? `${isInclusive ? "at least" : "more than"} ${issue.minimum}${unit}`
    : `${isInclusive ? "at most" : "less than"} ${issue.maximum}${unit}`;
}

function valueAt(document: unknown, path: ConfigPath): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) {
      return undefined;
    }
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function show(word: unknown): string {
  return JSON.stringify(word) ?? "nothing";
}
