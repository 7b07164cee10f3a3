import { nearestWord } from "../nearest_word.ts";

/** Among more words than these nothing is guessed: it would take too long. */
export const KNOWN_MAX = 200;

/**
 * Guesses which word somebody meant, for a message.
 *
 * @param word What they wrote.
 * @param known What they could have written.
 * @returns `, did you mean "…"?`; "" when nothing is near, or there are too many words to look.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = known.length > KNOWN_MAX ? undefined : nearestWord(word, known);
  return nearest === undefined ? "" : `, did you mean "${nearest}"?`;
}
