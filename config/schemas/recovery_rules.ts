import { IssueSeverity } from "../../enums/issue_severity.ts";
import type { SchemaFault } from "../files/schema_fault.ts";

/** The part of a recovery document that names actions. */
interface NamesActions {
  readonly cooldowns: Readonly<Record<string, number>>;
  readonly recovery_actions: Readonly<Record<string, unknown>>;
}

/** The part of a policies document whose steps name actions. */
interface HasPolicies extends NamesActions {
  readonly recovery_policies: Readonly<
    Record<string, { readonly escalation_chain: readonly { readonly action: string }[] }>
  >;
}

/** Warns of the cooldown of an action that is not listed: most likely a misspelt name. */
export function cooldownsOfKnownActions(document: NamesActions): readonly SchemaFault[] {
  const known = Object.keys(document.recovery_actions);
  if (known.length === 0) return [];
  const isUnknown = (name: string) => !Object.hasOwn(document.recovery_actions, name);
  return Object.keys(document.cooldowns).filter(isUnknown).map((name) => ({
    path: ["cooldowns", name],
    message: "a cooldown of an unknown action",
    known,
    expected: "an action of recovery_actions",
    severity: IssueSeverity.WARNING,
    isAboutKey: true,
  }));
}

/** Warns of a step whose action is not listed. */
export function stepsOfKnownActions(document: HasPolicies): readonly SchemaFault[] {
  const known = Object.keys(document.recovery_actions);
  const isUnknown = (name: string) => !Object.hasOwn(document.recovery_actions, name);
  return Object.entries(document.recovery_policies).flatMap(([policy, { escalation_chain }]) =>
    [...escalation_chain.entries()]
      .filter(([, { action }]) => isUnknown(action))
      .map(([index]) => ({
        path: ["recovery_policies", policy, "escalation_chain", index, "action"],
        message: "a step with an unknown action",
        known,
        expected: "an action of recovery_actions",
        severity: IssueSeverity.WARNING,
      }))
  );
}
