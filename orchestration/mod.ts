/**
 * Recovery by policy. So far the room holds one thing, the language of the conditions in
 * `recovery_policies.yaml`: it reads and answers conditions, and finds those of a file that cannot be
 * read. Nothing in here recovers anything yet.
 *
 * Not guaranteed: that a flag which a condition names is ever set, or that a context has the variables
 * that a condition needs. Only whoever makes the contexts can know.
 *
 * @example When to escalate
 * ```ts
 * import { ConditionError, parseCondition } from "@baton/orchestration/orchestration";
 *
 * const condition = parseCondition("severity >= 0.8 or recurrence_count >= 2");
 * if (!condition.evaluate({ severity: 0.3, recurrence_count: 2 })) throw new Error("it came back");
 * try {
 *   parseCondition("severity >> 0.8");
 *   throw new Error("unreachable");
 * } catch (error) {
 *   if (!(error instanceof ConditionError && error.kind === "syntax" && error.offset === 10)) {
 *     throw error;
 *   }
 * }
 * ```
 *
 * @module
 */

export { type Condition, parseCondition } from "./recovery/condition.ts";
export type { ConditionContext } from "./recovery/condition_context.ts";
export {
  ConditionError,
  type ConditionErrorFields,
  type ConditionErrorKind,
} from "./recovery/condition_error.ts";
export { findConditionFaults } from "./recovery/find_condition_faults.ts";
