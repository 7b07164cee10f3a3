import { FaultClass } from "./fault_class.ts";

const CLASSES_MIN = 3;
const CLASS_SHARE = 0.3;

/** Classes that came later: they are drawn apart from the others. */
export const LATER_CLASSES: ReadonlySet<FaultClass> = new Set([
  FaultClass.PANIC,
  FaultClass.OWN_WATCH,
  FaultClass.SERVER_LIMITS,
  FaultClass.VERSION_GAPS,
  FaultClass.EXPIRY,
  FaultClass.STALE_READ,
]);

/**
 * Draws which classes of faults a schedule has: each with the same chance, and three at least.
 *
 * @param all What to draw from.
 * @param chanceOf Gives the chance that a class draws from: values in [0, 1).
 * @returns The classes.
 */
export function drawClasses(
  all: readonly FaultClass[],
  chanceOf: (name: FaultClass) => () => number,
): FaultClass[] {
  const ranked = all.map((name) => ({ name, rank: chanceOf(name)() }))
    .sort((a, b) => a.rank - b.rank);
  return ranked.filter(({ rank }, i) => i < CLASSES_MIN || rank < CLASS_SHARE)
    .map(({ name }) => name);
}
