import { z } from "zod";

/** The longest text that a setting may hold, in UTF-16 units. */
const TEXT_MAX = 1_000;

/** The longest text that a program, a URL or a template may hold, in UTF-16 units. */
const LONG_TEXT_MAX = 10_000;

/** The longest time that a setting may name: a year, in seconds. */
const SECONDS_MAX = 31_536_000;

/** @returns A time in seconds, zero or more. */
export function seconds(): z.ZodNumber {
  return z.number().min(0).max(SECONDS_MAX);
}

/** @returns A time limit in seconds: more than zero. */
export function timeLimit(): z.ZodNumber {
  return z.number().gt(0).max(SECONDS_MAX);
}

/** @returns A share, from 0 to 1. */
export function share(): z.ZodNumber {
  return z.number().min(0).max(1);
}

/** @returns A whole number between two bounds. */
export function whole(min: number, max: number): z.ZodInt {
  return z.int().min(min).max(max);
}

/** @returns A text of any length up to the limit, also an empty one. */
export function text(): z.ZodString {
  return z.string().max(TEXT_MAX);
}

/** @returns A name: a text that is not empty. */
export function name(): z.ZodString {
  return z.string().min(1).max(100);
}

/** @returns A text that may be a script, an address or a template. */
export function longText(): z.ZodString {
  return z.string().max(LONG_TEXT_MAX);
}

/** @returns A port. */
export function port(): z.ZodInt {
  return whole(1, 65_535);
}

const ADDRESS = "an http or https address";

/** @returns The address of an HTTP server. */
export function httpAddress(): z.ZodString {
  return z.string().max(2_000).regex(/^https?:\/\/./i, ADDRESS).refine(
    (address) => URL.canParse(address),
    ADDRESS,
  );
}

/**
 * @param words Those that there are.
 * @returns One of them, in any letter case.
 */
export function wordOf<T extends string>(words: readonly T[]): z.ZodType<T, string> {
  return z.string().meta({ examples: [...words] }).transform((given, context): T => {
    const word = words.find((each) => each.toLowerCase() === given.toLowerCase());
    if (word !== undefined) return word;
    context.addIssue({ code: "invalid_value", values: [...words], input: given });
    return z.NEVER;
  });
}
