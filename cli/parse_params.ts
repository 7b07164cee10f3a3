/**
 * Reads what an action is given.
 *
 * @param text Pairs such as "unit=web" or "retries=3", separated by commas; a comma that no pair
 * follows belongs to the value. A value that is JSON is read as such, any other one is a text.
 * @returns The values; a later pair of the same key wins.
 * @throws {RangeError} when a pair has no key or no equals sign.
 */
export function parseParams(text: string): Readonly<Record<string, unknown>> {
  const pairs = text.split(/,(?=\s*[\w.-]+=)/).filter((pair) => pair.trim() !== "");
  return Object.fromEntries(pairs.map(parsePair));
}

function parsePair(pair: string): [string, unknown] {
  const at = pair.indexOf("=");
  const key = pair.slice(0, at).trim();
  if (at < 0 || key === "") throw new RangeError(`expected key=value, got "${pair}"`);
  return [key, parseValue(pair.slice(at + 1))];
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
