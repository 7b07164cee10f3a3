import { displayWidth } from "./display_width.ts";

/**
 * Breaks a text between words; words that are too long are left whole.
 *
 * @param text A text on one line.
 * @param columns How wide a line may be.
 * @returns Its lines, at least one.
 */
export function wrapText(text: string, columns: number): readonly string[] {
  if (displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || displayWidth(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
