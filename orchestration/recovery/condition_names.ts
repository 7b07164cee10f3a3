/** Variables that hold a number, or a word that is only tested for being equal. */
export const CONDITION_VARIABLES = [
  "severity",
  "recurrence_count",
  "confidence",
  "step",
  "duration",
] as const;

/** One of {@link CONDITION_VARIABLES}. */
export type ConditionVariable = (typeof CONDITION_VARIABLES)[number];

/** The name of a flag. */
export type ConditionFlag = `${string}_failed`;

const FLAG = /^[A-Za-z][A-Za-z0-9_]*_failed$/;

/** @returns Whether it is the name of a variable. */
export function isVariable(name: string): name is ConditionVariable {
  return CONDITION_VARIABLES.some((known) => known === name);
}

/** @returns Whether it can be the name of a flag. It is not known which actions there are. */
export function isFlag(name: string): name is ConditionFlag {
  return FLAG.test(name);
}
