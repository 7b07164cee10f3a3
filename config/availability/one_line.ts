import { displayText } from "../display_text.ts";

const BREAKS = /[\t\r\n\u2028\u2029]+/g;

/**
 * Makes a text fit for one line of a terminal or a log: line breaks and tabs become blanks, and whatever could
 * move the cursor, colour the screen or turn the reading direction a replacement character.
 *
 * @param text Any text.
 * @returns The text on one line.
 */
export function oneLine(text: string): string {
  return displayText(text.replace(BREAKS, " "));
}
