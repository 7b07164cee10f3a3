import type { z } from "zod";

/**
 * Makes a check that a map holds exactly one of some keys.
 *
 * @param keys Those of which there must be one.
 * @returns What a shape's `superRefine` takes.
 */
export function exactlyOneOf(
  keys: readonly string[],
): (value: object, context: z.RefinementCtx) => void {
  return (value, context) => {
    const given = keys.filter((key) => Object.hasOwn(value, key));
    if (given.length === 1) return;
    const found = given.length === 0 ? "none" : given.join(" and ");
    context.addIssue({
      code: "custom",
      message: `not exactly one of ${keys.join(", ")}: there is ${found}`,
    });
  };
}
