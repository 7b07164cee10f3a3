/**
 * Cuts a text that is too long for a cell of a table.
 *
 * @param text Any text.
 * @param maxLength How many characters it may have.
 * @returns The text, or its beginning with an ellipsis.
 */
export function shorten(text: string, maxLength: number): string {
  const characters = [...text];
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join("")}…` : text;
}
