import type { ConfigSchema, SchemaOutcome } from "../../config/files/config_schema.ts";
import type { SchemaFault } from "../../config/files/schema_fault.ts";
import { recoverySchema } from "../../config/schemas/recovery.ts";
import type { RecoveryCommon } from "../../config/schemas/recovery_common.ts";
import type { RecoveryDocument } from "../../config/schemas/recovery_document.ts";
import { recoveryPoliciesSchema } from "../../config/schemas/recovery_policies.ts";
import type { RecoveryPoliciesDocument } from "../../config/schemas/recovery_policies_document.ts";
import { IssueSeverity } from "../../enums/issue_severity.ts";
import { parseCondition } from "./condition.ts";
import { isFlag } from "./condition_names.ts";
import { findConditionFaults } from "./find_condition_faults.ts";
import { findLoggingFaults } from "./find_logging_faults.ts";
import { findHandlerFaults } from "./handlers/find_handler_faults.ts";
import { flagsOf } from "./recovery_chain.ts";

/**
 * The schema of `recovery.yaml`, with all that recovery itself can tell about it: what stands in the
 * texts of its handlers, and where it is to tell of things.
 */
export const checkedRecoverySchema: ConfigSchema<RecoveryDocument> = checked(
  recoverySchema,
  findCommonFaults,
  () => [],
);

/**
 * The schema of `recovery_policies.yaml`, with all that recovery itself can tell about it: conditions
 * that cannot be read make the file invalid, and flags that nothing ever sets are warned of.
 */
export const checkedPoliciesSchema: ConfigSchema<RecoveryPoliciesDocument> = checked(
  recoveryPoliciesSchema,
  (document) => [...findConditionFaults(document), ...findCommonFaults(document)],
  findIdleFlags,
);

function findCommonFaults(document: RecoveryCommon): readonly SchemaFault[] {
  return [...findHandlerFaults(document), ...findLoggingFaults(document)];
}

function checked<T>(
  schema: ConfigSchema<T>,
  findFaults: (document: T) => readonly SchemaFault[],
  findWarnings: (document: T) => readonly SchemaFault[],
): ConfigSchema<T> {
  return Object.freeze<ConfigSchema<T>>({
    ...schema,
    parse: async (value): Promise<SchemaOutcome<T>> => {
      const outcome = await schema.parse(value);
      if (outcome.kind === "invalid") return outcome;
      const faults = findFaults(outcome.value);
      if (faults.length > 0) return { kind: "invalid", faults };
      const warnings = findWarnings(outcome.value);
      return { ...outcome, contradictions: [...outcome.contradictions, ...warnings] };
    },
  });
}

/** Warns of flags in conditions that no step before sets. */
function findIdleFlags(document: RecoveryPoliciesDocument): readonly SchemaFault[] {
  return Object.entries(document.recovery_policies).flatMap(([name, { escalation_chain: steps }]) =>
    steps.flatMap(({ condition }, index) => {
      const known = steps.slice(0, index).flatMap(({ action }) => flagsOf(action));
      const settable: readonly string[] = index === 0 ? [] : ["previous_step_failed", ...known];
      const idle = parseCondition(condition).names
        .filter((each) => isFlag(each) && !settable.includes(each));
      return idle.map((flag) => ({
        path: ["recovery_policies", name, "escalation_chain", index, "condition"],
        message: `the flag ${flag} is never set`,
        got: "no step before this one that sets it",
        expected: settable.length === 0 ? "no flag in the first step" : settable.join(", "),
        severity: IssueSeverity.WARNING,
      }));
    })
  );
}
