/**
 * Writes a value as JSON, so that what is read back equals what was given.
 *
 * @param name What the value is, for the message.
 * @param value The value; undefined counts as null, and properties that are undefined are left out.
 * @returns The text.
 * @throws {TypeError} when the value holds something that JSON would change, such as a Map, a Date,
 * a bigint, NaN or itself.
 */
export function toJsonText(name: string, value: unknown): string {
  return JSON.stringify(value ?? null, function (this: unknown, key: string, shown: unknown) {
    const given = key === "" ? value ?? null : (this as Record<string, unknown>)[key];
    const fault = faultOf(given, Array.isArray(this));
    if (fault !== null) {
      throw new TypeError(`${name} must be a JSON value, found ${fault} at ${place(key)}`);
    }
    return shown;
  });
}

/** @returns How many bytes a text takes in the store: two a character unless all are Latin-1. */
export function storedBytes(text: string): number {
  // deno-lint-ignore no-control-regex
  return /[^\u0000-\u00ff]/.test(text) ? 2 * text.length : text.length;
}

function place(key: string): string {
  return key === "" ? "the top" : JSON.stringify(key);
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
      return value === null || Array.isArray(value) || isPlain(value)
        ? null
        : `a ${value.constructor?.name ?? "foreign object"}`;
    default:
      return `a ${typeof value}`;
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
