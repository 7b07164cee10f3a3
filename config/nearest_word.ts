/** Longer words are nobody's slip of the pen. */
const WORD_MAX_LENGTH = 64;
/** How much of a word may be wrong. */
const WRONG_SHARE_MAX = 1 / 3;

/**
 * Guesses which word somebody meant: the one that takes the fewest insertions, removals and
 * replacements of a letter, when those are at most a third of it. Letter case does not count.
 *
 * @param word What they wrote.
 * @param known What they could have written.
 * @returns The nearest one, the first of several; undefined when none is near.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  if (word.length > WORD_MAX_LENGTH) return undefined;
  let nearest: string | undefined;
  let fewest = Infinity;
  for (const candidate of known) {
    const wrong = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const most = Math.max(1, Math.floor(WRONG_SHARE_MAX * Math.max(word.length, candidate.length)));
    if (wrong > most || wrong >= fewest) continue;
    fewest = wrong;
    nearest = candidate;
  }
  return nearest;
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
