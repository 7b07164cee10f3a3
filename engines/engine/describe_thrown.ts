const LENGTH_MAX = 500;

/**
 * Shows what was thrown, or why something was called off, in a message.
 *
 * @param thrown Anything.
 * @returns A text of at most 500 characters. Never throws.
 */
export function describeThrown(thrown: unknown): string {
  try {
    const text = String(thrown instanceof Error ? thrown.message : thrown);
    return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX - 1)}…` : text;
  } catch {
    return "what was thrown cannot be shown as text";
  }
}
