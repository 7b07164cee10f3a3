/** How much of itself a service offers, from all of it to the bare minimum. */
export const FallbackMode = {
  /** Everything works. */
  PRIMARY: "PRIMARY",
  /** Simpler substitutes stand in for what is broken. */
  HEURISTIC: "HEURISTIC",
  /** Only what is safe goes on. */
  SAFE: "SAFE",
} as const;

/** How much of itself a service offers, from all of it to the bare minimum. */
export type FallbackMode = (typeof FallbackMode)[keyof typeof FallbackMode];
