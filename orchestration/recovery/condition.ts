import type { ConditionContext } from "./condition_context.ts";
import { ConditionError } from "./condition_error.ts";
import { compile } from "./condition_program.ts";
import { readTree } from "./condition_syntax.ts";
import { namesIn } from "./condition_tree.ts";

/** A condition that was read, once and for all. It never changes and can be shared. */
export interface Condition {
  /** The text it was made from. */
  readonly text: string;
  /** The variables and flags that it names, sorted; nothing else of a context is ever looked at. */
  readonly names: readonly string[];
  /**
   * Answers it. What is on the right of an `and` or an `or` is looked at only when it matters.
   *
   * @param context The values.
   * @returns Whether it holds.
   * @throws {ConditionError} with kind `missing_variable` when the answer needs a variable that the
   * context does not have, `type` when what it has there is of another type.
   */
  evaluate(context: ConditionContext): boolean;
}

/**
 * Reads a condition.
 *
 * - `always`, in any case, is a condition by itself. Else it is made of comparisons and flags, `not`,
 *   `and`, `or` (in lower case, in that order of precedence) and parentheses.
 * - A comparison is `>=`, `<=`, `>`, `<`, `==` or `!=` between two of: a number without sign or
 *   exponent; a text in single or double quotes, without escapes; `severity`, `recurrence_count`,
 *   `confidence`, `step`, `duration`.
 * - A flag is a name that ends in `_failed`, such as `restart_failed`; it stands alone, or is compared
 *   with a flag by `==` or `!=`. Which flags there are is not known here: see {@link Condition.names}.
 *
 * Nothing is ever converted. A number and a text are not equal, and cannot be put in order; of texts
 * only those that stand in the condition can.
 *
 * Limits: printable ASCII and its white space, 1,000 characters, 50 tokens with the end among them,
 * 24 levels of parentheses and `not`.
 *
 * @param text The condition.
 * @returns The condition, frozen.
 * @throws {ConditionError} with kind and offset when it cannot be read.
 *
 * @example When to escalate
 * ```ts
 * import { parseCondition } from "@baton/orchestration/orchestration";
 *
 * const condition = parseCondition("severity >= 0.9 or restart_failed");
 * if (!condition.evaluate({ severity: 0.95 })) throw new Error("severe enough");
 * if (!condition.evaluate({ severity: 0.5, restart_failed: true })) throw new Error("it failed");
 * if (condition.evaluate({ severity: 0.5 })) throw new Error("neither");
 * ```
 */
export function parseCondition(text: string): Condition {
  if (typeof text !== "string") throw notText(text);
  const tree = readTree(text);
  return Object.freeze<Condition>({
    text,
    names: Object.freeze(namesIn(tree)),
    evaluate: compile(tree, text),
  });
}

function notText(value: unknown): ConditionError {
  return new ConditionError({
    kind: "type",
    text: "",
    offset: 0,
    problem: "something that is no text",
    got: value === null
      ? "null"
      : Array.isArray(value)
      ? "an array"
      : `a value of type ${typeof value}`,
    expected: 'a text such as "severity >= 0.8"',
  });
}
