const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Makes a text from outside fit for a terminal: whatever could move the cursor, colour the screen,
 * or turn the reading direction shows as a replacement character.
 *
 * @param text Any text.
 * @returns The text on one line.
 */
export function displayText(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd");
}
