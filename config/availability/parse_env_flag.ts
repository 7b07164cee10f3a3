const WORDS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["0", false],
  ["no", false],
  ["off", false],
]);

/** The spellings that {@link parseEnvFlag} reads, for messages. */
export const ENV_FLAG_WORDS: string = [...WORDS.keys()].join(", ");

const WORD_MAX_LENGTH = 5;

/**
 * Reads an environment variable that switches something: `true`, `1`, `yes`, `on` or `false`, `0`,
 * `no`, `off`, in any case. Nothing is trimmed.
 *
 * @param value The variable's value, as it is set.
 * @returns What it says; undefined when it is none of these words, the empty text included.
 *
 * @example Three answers
 * ```ts
 * import { parseEnvFlag } from "@baton/orchestration/config";
 *
 * if (parseEnvFlag("YES") !== true) throw new Error("yes is on");
 * if (parseEnvFlag("0") !== false) throw new Error("0 is off");
 * if (parseEnvFlag(" true ") !== undefined) throw new Error("nothing is trimmed");
 * ```
 */
export function parseEnvFlag(value: string): boolean | undefined {
  return value.length > WORD_MAX_LENGTH ? undefined : WORDS.get(value.toLowerCase());
}
