/** Where something stands in a text. */
export interface TextPosition {
  /** From 1. */
  readonly line: number;
  /** In UTF-16 units, from 1. */
  readonly column: number;
}

/** Turns offsets in a text into lines and columns. */
export class TextPositions {
  readonly #text: string;
  #lineStarts: readonly number[] | undefined;

  /** @param text The text. */
  constructor(text: string) {
    this.#text = text;
  }

  /** @returns Where an offset is. */
  of(offset: number): TextPosition {
    this.#lineStarts ??= lineStartsOf(this.#text);
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n?|\n/g)) {
    starts.push(index + lineBreak.length);
  }
  return starts;
}
