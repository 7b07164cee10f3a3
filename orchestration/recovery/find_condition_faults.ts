import type { SchemaFault } from "../../config/files/schema_fault.ts";
import type { RecoveryPoliciesDocument } from "../../config/schemas/recovery_policies_document.ts";
import { parseCondition } from "./condition.ts";
import { ConditionError } from "./condition_error.ts";

/**
 * Looks for conditions that cannot be read. Each fault has the path of its condition, with which a
 * configuration is told about by file, line and column, and names the offset in the condition.
 *
 * @param document The policies.
 * @returns What is wrong, in the order of the document; nothing of a condition's text stands in a
 * message, as it may come out of a variable.
 *
 * @example A condition with a typing error
 * ```ts
 * import { parseConfig, recoveryPoliciesSchema } from "@baton/orchestration/config";
 * import { findConditionFaults } from "@baton/orchestration/orchestration";
 *
 * const text = `
 * recovery_actions: { restart: {} }
 * recovery_policies:
 *   crash: { escalation_chain: [{ action: restart, condition: severity = 0.5 }] }
 * `;
 * const { config } = await parseConfig(text, recoveryPoliciesSchema);
 * const [fault] = findConditionFaults(config);
 * if (fault?.message !== "Unexpected operator at offset 9") throw new Error(fault?.message);
 * ```
 */
export function findConditionFaults(document: RecoveryPoliciesDocument): readonly SchemaFault[] {
  return Object.entries(document.recovery_policies).flatMap(([name, policy]) =>
    policy.escalation_chain.flatMap(({ condition }, index) => {
      const error = errorOf(condition);
      if (error === undefined) return [];
      const { problem, offset, got, expected } = error;
      const path = ["recovery_policies", name, "escalation_chain", index, "condition"];
      return [{ path, message: `${problem} at offset ${offset}`, got, expected }];
    })
  );
}

function errorOf(condition: string): ConditionError | undefined {
  try {
    parseCondition(condition);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
}
