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
  if (isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** @returns A message about a value that threw this when it was read. Never throws. */
export function showUnreadable(thrown: unknown): string {
  try {
    return `cannot be read: ${showValue(thrown instanceof Error ? thrown.message : thrown)}`;
  } catch {
    return "cannot be read";
  }
}

/** @returns Whether it is an array. Never throws, as asking a revoked proxy does. */
export function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
