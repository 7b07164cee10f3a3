/** The farthest moments that a date can name, in ms before and after 1970. */
const MOMENT_MAX_MS = 8.64e15;

/** Says whether a value is a text of 1 to so many UTF-16 units that can be a part of a storage key. */
export function isKeyText(value: unknown, maxChars: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= maxChars &&
    value.isWellFormed() && !value.includes("\0");
}

/** Says whether a value is a number from 0 to 1. */
export function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** Says whether a value is a whole number from 0 up that is small enough to be exact. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Says whether a value is a moment in ms since 1970 that a date can name. */
export function isMoment(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= MOMENT_MAX_MS;
}

/** Says whether a value is a text, or null. */
export function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
