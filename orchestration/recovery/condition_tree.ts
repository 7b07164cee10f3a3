import type { ConditionFlag, ConditionVariable } from "./condition_names.ts";
import type { EqualityOperator, OrderOperator } from "./condition_tokens.ts";

/** What a condition means. Offsets are in UTF-16 units of its text. */
export type ConditionTree =
  | { readonly kind: "always" }
  | FlagOperand
  | { readonly kind: "not"; readonly inner: ConditionTree }
  | { readonly kind: "and" | "or"; readonly left: ConditionTree; readonly right: ConditionTree }
  | EqualityComparison
  | OrderComparison;

/** Two operands that are equal or not: two flags, or two that are none. */
export interface EqualityComparison {
  /** Tells it from other trees. */
  readonly kind: "equality";
  /** Whether they should be equal. */
  readonly operator: EqualityOperator;
  /** What stands on the left. */
  readonly left: ConditionOperand;
  /** What stands on the right. */
  readonly right: ConditionOperand;
}

/** Two operands, one after the other: two numbers, or two texts of the condition. */
export interface OrderComparison {
  /** Tells it from other trees. */
  readonly kind: "order";
  /** In which order they should be. */
  readonly operator: OrderOperator;
  /** What stands on the left. */
  readonly left: OrderOperand;
  /** What stands on the right. */
  readonly right: OrderOperand;
}

/** What can be put in order. */
export type OrderOperand = Exclude<ConditionOperand, FlagOperand>;

/** What can be compared. */
export type ConditionOperand =
  | { readonly kind: "number"; readonly value: number; readonly offset: number }
  | { readonly kind: "string"; readonly value: string; readonly offset: number }
  | VariableOperand
  | FlagOperand;

/** A variable that the context should have. */
export interface VariableOperand {
  /** Tells it from other operands. */
  readonly kind: "variable";
  /** Its name. */
  readonly name: ConditionVariable;
  /** Where it stands. */
  readonly offset: number;
}

/** A flag, which is false where the context does not have it. */
export interface FlagOperand {
  /** Tells it from other operands. */
  readonly kind: "flag";
  /** Its name. */
  readonly name: ConditionFlag;
  /** Where it stands. */
  readonly offset: number;
}

/**
 * Finds out what a condition depends on.
 *
 * @param tree What the condition means.
 * @returns Names of its variables and flags, sorted, each once.
 */
export function namesIn(tree: ConditionTree): string[] {
  const names = new Set<string>();
  const visit = (node: ConditionTree | ConditionOperand): void => {
    if ("name" in node) names.add(node.name);
    if ("inner" in node) visit(node.inner);
    if ("left" in node) {
      visit(node.left);
      visit(node.right);
    }
  };
  visit(tree);
  return [...names].sort();
}
