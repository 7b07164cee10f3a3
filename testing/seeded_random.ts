const HASH_OFFSET = 0x811c9dc5;
const HASH_PRIME = 0x01000193;
const TWO_TO_32 = 4_294_967_296;

/**
 * Chance that comes from a seed: the same seed and stream give the same numbers. Not for secrets.
 *
 * Source: FNV-1a to mix seed and stream, splitmix32 for the numbers.
 *
 * @param seed Any whole number.
 * @param stream Sets apart what draws from one seed, so that one draw more here changes nothing there.
 * @returns A function that gives numbers in [0, 1).
 *
 * @example The same numbers again
 * ```ts
 * import { seededRandom } from "@baton/orchestration/testing";
 *
 * const [a, b] = [seededRandom(7), seededRandom(7)];
 * if (a() !== b()) throw new Error("not the same");
 * ```
 */
export function seededRandom(seed: number, stream = ""): () => number {
  let state = HASH_OFFSET;
  for (const character of `${seed}/${stream}`) {
    state = Math.imul(state ^ character.codePointAt(0)!, HASH_PRIME);
  }
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return (mixed >>> 0) / TWO_TO_32;
  };
}
