/** A step of a recorded chain. */
export interface RecordedStep {
  /** Its action; null where the history does not tell it. */
  readonly action: string | null;
  /** Whether that is known, and not only likely. */
  readonly isKnown: boolean;
}

/** Where a step stands in one of two chains, or in both; from 0. */
export interface StepPair {
  /** Its place in the recorded chain; null when it is new. */
  readonly before: number | null;
  /** Its place in the chain now; null when it is gone. */
  readonly after: number | null;
}

/**
 * Finds which steps of two chains are the same: as many as possible, in their order, by the actions'
 * names. A recorded step of which the action is not known may be any of them.
 *
 * @param before The recorded chain.
 * @param after The chain now.
 * @returns All steps of both, in an order that fits both.
 */
export function alignSteps(
  before: readonly RecordedStep[],
  after: readonly string[],
): readonly StepPair[] {
  const scores = scoresOf(before, after);
  const pairs: StepPair[] = [];
  let [b, a] = [0, 0];
  while (b < before.length && a < after.length) {
    const score = similarity(before[b]!, after[a]!);
    if (score > 0 && scores[b]![a] === score + scores[b + 1]![a + 1]!) {
      pairs.push({ before: b++, after: a++ });
    } else if (scores[b + 1]![a]! >= scores[b]![a + 1]!) pairs.push({ before: b++, after: null });
    else pairs.push({ before: null, after: a++ });
  }
  while (b < before.length) pairs.push({ before: b++, after: null });
  while (a < after.length) pairs.push({ before: null, after: a++ });
  return pairs;
}

/** The most that the rests of both chains from each place on have in common. */
function scoresOf(before: readonly RecordedStep[], after: readonly string[]): number[][] {
  const scores = Array.from(
    { length: before.length + 1 },
    () => new Array<number>(after.length + 1).fill(0),
  );
  for (let b = before.length - 1; b >= 0; b--) {
    for (let a = after.length - 1; a >= 0; a--) {
      const score = similarity(before[b]!, after[a]!);
      const together = score === 0 ? 0 : score + scores[b + 1]![a + 1]!;
      scores[b]![a] = Math.max(together, scores[b + 1]![a]!, scores[b]![a + 1]!);
    }
  }
  return scores;
}

function similarity({ action, isKnown }: RecordedStep, after: string): number {
  if (action === after) return 2;
  return isKnown ? 0 : 1;
}
