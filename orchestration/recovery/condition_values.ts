import type { ConditionContext } from "./condition_context.ts";
import { ConditionError } from "./condition_error.ts";
import type { FlagOperand, VariableOperand } from "./condition_tree.ts";

/**
 * Reads a variable that must be a number.
 *
 * @param context Where to look.
 * @param operand The variable.
 * @param text The condition, for errors.
 * @returns The number.
 * @throws {ConditionError} with kind `missing_variable` or `type`.
 */
export function readNumber(
  context: ConditionContext,
  operand: VariableOperand,
  text: string,
): number {
  const value = readOwn(context, operand, text);
  if (typeof value === "number") return value;
  throw wrongValue(value, operand, text, "a number");
}

/**
 * Reads a variable that is only tested for being equal: it may be a word.
 *
 * @param context Where to look.
 * @param operand The variable.
 * @param text The condition, for errors.
 * @returns The number, or the word.
 * @throws {ConditionError} with kind `missing_variable` or `type`.
 */
export function readNumberOrWord(
  context: ConditionContext,
  operand: VariableOperand,
  text: string,
): number | string {
  const value = readOwn(context, operand, text);
  if (typeof value === "number" || typeof value === "string") return value;
  throw wrongValue(value, operand, text, "a number or a text");
}

/**
 * Reads a flag.
 *
 * @param context Where to look.
 * @param operand The flag.
 * @param text The condition, for errors.
 * @returns Whether it is set; false where the context does not have it.
 * @throws {ConditionError} with kind `type` when it is there and is neither true nor false.
 */
export function readFlag(context: ConditionContext, operand: FlagOperand, text: string): boolean {
  const value = readOwn(context, operand, text) ?? false;
  if (typeof value === "boolean") return value;
  throw wrongValue(value, operand, text, "true or false");
}

/** Never looks at a prototype; whatever the context does when it is read becomes an error of ours. */
function readOwn(
  context: ConditionContext,
  operand: VariableOperand | FlagOperand,
  text: string,
): unknown {
  const { name, offset } = operand;
  try {
    return Object.hasOwn(context, name) ? context[name] : undefined;
  } catch (cause) {
    throw new ConditionError({
      kind: "type",
      text,
      offset,
      problem: `${name} cannot be read from the context`,
      got: "an error",
      expected: "an object of plain values",
    }, { cause });
  }
}

function wrongValue(
  value: unknown,
  { name, offset }: VariableOperand | FlagOperand,
  text: string,
  expected: string,
): ConditionError {
  const isMissing = value === undefined || value === null;
  return new ConditionError({
    kind: isMissing ? "missing_variable" : "type",
    text,
    offset,
    problem: isMissing ? `${name} is not provided in context` : `${name} is of the wrong type`,
    got: isMissing
      ? "nothing"
      : Array.isArray(value)
      ? "an array"
      : `a value of type ${typeof value}`,
    expected,
  });
}
