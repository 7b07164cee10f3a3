/** Which language model the tests of a layer talk to. */
export const LlmMode = {
  /** A real one, which takes time and money. */
  REAL: "real",
  /** A stand-in with fixed answers. */
  MOCK: "mock",
  /** A real one where a test asks for it, else a stand-in. */
  HYBRID: "hybrid",
} as const;

/** Which language model the tests of a layer talk to. */
export type LlmMode = (typeof LlmMode)[keyof typeof LlmMode];
