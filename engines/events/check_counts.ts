/**
 * Checks bounds, each of which is a whole number from 1.
 *
 * @param counts The numbers, by the names of their options.
 * @throws {RangeError} when one is none; it names the first.
 */
export function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`${name} must be a whole number from 1, got ${value}`);
  }
}
