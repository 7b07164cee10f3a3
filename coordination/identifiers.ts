const ID_MAX_LENGTH = 256;

/**
 * Refuses a name that cannot be part of a key. Separators are welcome: names are never joined.
 *
 * @param option The option's name, for the message.
 * @param value The name.
 * @returns The name.
 * @throws {TypeError} when it is not a text of 1 to 256 characters without control characters.
 */
export function checkIdentifier(option: string, value: string): string {
  // deno-lint-ignore no-control-regex
  if (typeof value !== "string" || value.length === 0 || /[\u0000-\u001f\u007f]/.test(value)) {
    throw new TypeError(
      `${option} must be a text without control characters, got ${JSON.stringify(value)}`,
    );
  }
  if (value.length > ID_MAX_LENGTH) {
    throw new RangeError(
      `${option} must have at most ${ID_MAX_LENGTH} characters, got ${value.length}`,
    );
  }
  return value;
}
