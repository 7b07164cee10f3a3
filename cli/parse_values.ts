/** @returns A reader of a closed set of words, which also takes aliases. */
export function oneOf<T extends string>(
  words: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
): (text: string) => T {
  return (text) => {
    const word = words.find((each) => each === text) ?? aliases[text];
    if (word === undefined) throw new RangeError(`expected ${words.join(", ")}, got "${text}"`);
    return word;
  };
}

const SWITCH: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  "1": true,
  false: false,
  no: false,
  "0": false,
};

/** @returns Whether a switch is on: true, yes or 1; false, no or 0. */
export function parseSwitch(text: string): boolean {
  const on = SWITCH[text.toLowerCase()];
  if (on === undefined) throw new RangeError(`expected true or false, got "${text}"`);
  return on;
}

/** @returns A number that is more than zero. */
export function parsePositive(text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(`expected a number above 0, got "${text}"`);
  }
  return value;
}

/** @returns A whole number that is more than zero. */
export function parseCount(text: string): number {
  const value = parsePositive(text);
  if (!Number.isInteger(value)) throw new RangeError(`expected a whole number, got "${text}"`);
  return value;
}

/** @returns A text that is not empty. */
export function parseText(text: string): string {
  if (text === "") throw new RangeError("expected a text, got an empty one");
  return text;
}
