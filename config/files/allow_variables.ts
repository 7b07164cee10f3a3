/** A part of a JSON Schema. */
type Part = Readonly<Record<string, unknown>>;

const PLACEHOLDER = String.raw`\$\{[^}]+\}`;

/** What may stand for a value of each type, beyond the value. */
const STAND_INS: Readonly<Record<string, string>> = {
  number: `^${PLACEHOLDER}$`,
  integer: `^${PLACEHOLDER}$`,
  boolean: `^(?:${PLACEHOLDER}|[Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff])$`,
  string: PLACEHOLDER,
};

/** What is said about a part rather than asked of a value. */
const ANNOTATIONS = ["title", "description", "default", "examples"];

/** Keywords behind which one part stands, a list of them, or some by name. */
const ONE = ["items", "additionalProperties", "additionalItems", "contains", "not"];
const LISTS = ["items", "anyOf", "oneOf", "allOf"];
const MAPS = ["properties", "patternProperties", "definitions", "$defs"];

/**
 * Lets variables stand in the values of a JSON Schema, so that an editor does not object to them:
 * `${NAME}` for a number, and also `yes` or `off` for a boolean, as a file is read.
 *
 * @param schema The schema, draft-7.
 * @returns It with variables; keys have none.
 */
export function allowVariables(schema: Part): Record<string, unknown> {
  const inner = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, below(keyword, value)]),
  );
  const pattern = standInFor(schema);
  if (pattern === undefined) return inner;
  const isAnnotation = ([keyword]: [string, unknown]) => ANNOTATIONS.includes(keyword);
  const entries = Object.entries(inner);
  return {
    ...Object.fromEntries(entries.filter(isAnnotation)),
    anyOf: [
      Object.fromEntries(entries.filter((entry) => !isAnnotation(entry))),
      { type: "string", pattern },
    ],
  };
}

/** Free text takes a variable as it is; a word of a list, or a text of a certain form, does not. */
function standInFor(part: Part): string | undefined {
  const types = [part["type"]].flat().map(String);
  const isFreeText = types.includes("string") &&
    !["enum", "const", "pattern", "format"].some((keyword) => Object.hasOwn(part, keyword));
  if (isFreeText) return undefined;
  const type = types.find((each) => Object.hasOwn(STAND_INS, each));
  return type === undefined ? undefined : STAND_INS[type];
}

function below(keyword: string, value: unknown): unknown {
  if (Array.isArray(value)) return LISTS.includes(keyword) ? value.map(allowIn) : value;
  if (ONE.includes(keyword)) return allowIn(value);
  if (!MAPS.includes(keyword) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, allowIn(part)]));
}

function allowIn(part: unknown): unknown {
  return typeof part === "object" && part !== null ? allowVariables(part as Part) : part;
}
