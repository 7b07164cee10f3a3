const MAX_TEXT_LENGTH = 80;

/** @returns A short text that shows a value in a message, whatever it is. Never throws. */
export function showValue(value: unknown): string {
  if (typeof value === "string") {
    const isLong = value.length > MAX_TEXT_LENGTH;
    return JSON.stringify(isLong ? `${value.slice(0, MAX_TEXT_LENGTH)}…` : value);
  }
  if (value === null || ["number", "boolean", "undefined"].includes(typeof value)) {
    return String(value);
  }
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
