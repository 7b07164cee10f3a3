import type { z } from "zod";

/** The fields of a shape, each of them optional. */
export type ExactPartial<S extends z.ZodRawShape> = {
  -readonly [K in keyof S]: z.ZodExactOptional<S[K]>;
};

/**
 * Makes every field of a shape optional: it may be left out, but not be undefined.
 *
 * @param shape Fields without defaults.
 * @returns The same fields.
 */
export function exactPartial<S extends Record<string, z.ZodType & Optionable>>(
  shape: S,
): ExactPartial<S> {
  const fields = Object.entries(shape).map(([key, field]) => [key, field.exactOptional()]);
  return Object.fromEntries(fields) as ExactPartial<S>;
}

interface Optionable {
  exactOptional(): z.ZodType;
}
