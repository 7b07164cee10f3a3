import { checkIdentifier } from "./identifiers.ts";

const LABELS_MAX_LENGTH = 1_024;

/**
 * Refuses labels that do not fit a heartbeat.
 *
 * @param labels The labels.
 * @returns A frozen copy.
 * @throws {TypeError} when a name or a value is not a proper text.
 * @throws {RangeError} when they are too long together.
 */
export function checkLabels(
  labels: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(labels)) {
    checkIdentifier("a label's name", name);
    if (typeof value !== "string") {
      throw new TypeError(`label "${name}" must be a text, got ${typeof value}`);
    }
  }
  const { length } = JSON.stringify(labels);
  if (length > LABELS_MAX_LENGTH) {
    throw new RangeError(
      `labels must have at most ${LABELS_MAX_LENGTH} characters as JSON, got ${length}`,
    );
  }
  return Object.freeze({ ...labels });
}
