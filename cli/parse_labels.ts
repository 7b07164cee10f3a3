/**
 * Reads labels.
 *
 * @param text Pairs such as "zone=eu-1", separated by commas.
 * @returns The labels; a later pair of the same key wins.
 * @throws {RangeError} when a pair has no key or no equals sign.
 */
export function parseLabels(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(",").map((pair) => pair.trim()).filter((pair) => pair !== "");
  return Object.fromEntries(pairs.map(parsePair));
}

function parsePair(pair: string): [string, string] {
  const at = pair.indexOf("=");
  const key = pair.slice(0, at).trim();
  if (at < 0 || key === "") throw new RangeError(`expected key=value, got "${pair}"`);
  return [key, pair.slice(at + 1).trim()];
}
