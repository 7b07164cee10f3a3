import { nearestWord } from "../nearest_word.ts";

/**
 * Guesses which word somebody meant, for a message.
 *
 * @param word What they wrote.
 * @param known What they could have written.
 * @returns `, did you mean "…"?`; "" when nothing is near.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? "" : `, did you mean "${nearest}"?`;
}
