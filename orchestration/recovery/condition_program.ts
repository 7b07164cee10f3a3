import type { ConditionContext } from "./condition_context.ts";
import type {
  ConditionOperand,
  ConditionTree,
  EqualityComparison,
  OrderComparison,
  OrderOperand,
} from "./condition_tree.ts";
import { readFlag, readNumber, readNumberOrWord } from "./condition_values.ts";

/** Answers a condition in a context. */
export type ConditionProgram = (context: ConditionContext) => boolean;

/**
 * Makes a tree of functions out of what a condition means. It keeps no state, so that one program
 * can be asked from anywhere at any time.
 *
 * @param tree What the condition means.
 * @param text The condition, for errors.
 * @returns The program.
 */
export function compile(tree: ConditionTree, text: string): ConditionProgram {
  switch (tree.kind) {
    case "always":
      return () => true;
    case "flag":
      return (context) => readFlag(context, tree, text);
    case "not": {
      const inner = compile(tree.inner, text);
      return (context) => !inner(context);
    }
    case "and": {
      const [left, right] = [compile(tree.left, text), compile(tree.right, text)];
      return (context) => left(context) && right(context);
    }
    case "or": {
      const [left, right] = [compile(tree.left, text), compile(tree.right, text)];
      return (context) => left(context) || right(context);
    }
    case "equality":
      return compileEquality(tree, text);
    case "order":
      return compileOrder(tree, text);
    default:
      return tree satisfies never;
  }
}

function compileEquality(tree: EqualityComparison, text: string): ConditionProgram {
  const [left, right] = [equalityReader(tree.left, text), equalityReader(tree.right, text)];
  return tree.operator === "=="
    ? (context) => left(context) === right(context)
    : (context) => left(context) !== right(context);
}

function compileOrder({ operator, ...tree }: OrderComparison, text: string): ConditionProgram {
  const [left, right] = [orderReader(tree.left, text), orderReader(tree.right, text)];
  switch (operator) {
    case ">=":
      return (context) => left(context) >= right(context);
    case "<=":
      return (context) => left(context) <= right(context);
    case ">":
      return (context) => left(context) > right(context);
    case "<":
      return (context) => left(context) < right(context);
    default:
      return operator satisfies never;
  }
}

/** Reads what is tested for being equal. */
function equalityReader(
  operand: ConditionOperand,
  text: string,
): (context: ConditionContext) => number | string | boolean {
  switch (operand.kind) {
    case "flag":
      return (context) => readFlag(context, operand, text);
    case "variable":
      return (context) => readNumberOrWord(context, operand, text);
    default: {
      const { value } = operand;
      return () => value;
    }
  }
}

/** Reads what is put in order: numbers, or texts that stand in the condition. */
function orderReader(
  operand: OrderOperand,
  text: string,
): (context: ConditionContext) => number | string {
  if (operand.kind === "variable") return (context) => readNumber(context, operand, text);
  const { value } = operand;
  return () => value;
}
