/** How deep lists and objects may be nested: no stack, of whatever process reads it, is short of that. */
const LEVELS_MAX = 500;
const SHOWN_KEYS_MAX = 3;

/**
 * Writes a value as JSON, so that what is read back equals what was given.
 *
 * @param name What the value is, for the message.
 * @param value The value; undefined counts as null, and properties that are undefined are left out.
 * @returns The text.
 * @throws {TypeError} when the value holds something that JSON would change, such as a Map, a Date,
 * a bigint, NaN or itself, or is nested more than 500 levels deep.
 */
export function toJsonText(name: string, value: unknown): string {
  const given = value ?? null;
  const fault = findFault(given, { keys: [], holders: [] });
  if (fault === null) return JSON.stringify(given);
  throw new TypeError(`${name} must be a JSON value, found ${fault}`);
}

/** @returns How many bytes a text takes in the store: two a character unless all are Latin-1. */
export function storedBytes(text: string): number {
  // deno-lint-ignore no-control-regex
  return /[^\u0000-\u00ff]/.test(text) ? 2 * text.length : text.length;
}

/** How a value is reached. */
interface Trail {
  readonly keys: string[];
  /** The lists and objects on the way, the outermost first. */
  readonly holders: object[];
}

function findFault(value: unknown, trail: Trail): string | null {
  const fault = faultOf(value, Array.isArray(trail.holders.at(-1)));
  if (fault !== null) return `${fault} at ${place(trail.keys)}`;
  if (typeof value !== "object" || value === null) return null;
  const { keys, holders } = trail;
  if (holders.length === LEVELS_MAX) return tooDeep(value, trail);
  holders.push(value);
  // Not Object.keys: that leaves out the holes of a list.
  const inner = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of inner) {
    keys.push(String(key));
    const found = findFault((value as Record<string, unknown>)[key], trail);
    if (found !== null) return found;
    keys.pop();
  }
  holders.pop();
  return null;
}

/** What holds itself is met again before the levels run out, unless it is very large. */
function tooDeep(value: object, { keys, holders }: Trail): string {
  const seen = new Set<object>();
  const again = [...holders, value].findIndex((holder) => seen.size === seen.add(holder).size);
  if (again < 0) return `more than ${LEVELS_MAX} levels at ${place(keys)}`;
  return `a circular reference at ${place(keys.slice(0, again))}`;
}

function place(keys: readonly string[]): string {
  if (keys.length === 0) return "the top";
  const shown = keys.slice(0, SHOWN_KEYS_MAX).map((key) => JSON.stringify(key));
  return [...shown, ...(keys.length > SHOWN_KEYS_MAX ? ["…"] : [])].join(".");
}

function faultOf(value: unknown, isInList: boolean): string | null {
  switch (typeof value) {
    case "string":
    case "boolean":
      return null;
    case "number":
      return Number.isFinite(value) ? null : String(value);
    case "undefined":
      return isInList ? "undefined" : null;
    case "object":
      return value === null ? null : faultOfObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function faultOfObject(value: object): string | null {
  if (!Array.isArray(value) && !isPlain(value)) {
    return `a ${value.constructor?.name ?? "foreign object"}`;
  }
  return "toJSON" in value && typeof value.toJSON === "function" ? "a toJSON method" : null;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
