import type { ActionScope } from "../../enums/action_scope.ts";
import { IssueSeverity } from "../../enums/issue_severity.ts";
import { RecoveryNoticeKind } from "../../enums/recovery_notice_kind.ts";
import type { SchemaFault } from "../files/schema_fault.ts";
import { RECOVERY_ACTION_NAMES } from "./recovery_action_names.ts";

/** The part of a recovery document that names actions. */
interface NamesActions {
  readonly cooldowns: Readonly<Record<string, number>>;
  readonly recovery_actions: Readonly<Record<string, unknown>>;
  readonly handlers: Readonly<Record<string, unknown>>;
}

/** The part of a recovery document that names events. */
interface NamesEvents {
  readonly logging: { readonly slack_events: readonly string[] };
}

/** The part of a policies document whose steps name actions. */
interface HasPolicies extends NamesActions {
  readonly recovery_policies: Readonly<
    Record<string, { readonly escalation_chain: readonly { readonly action: string }[] }>
  >;
}

/** The part of a policies document that says what is watched. */
interface WatchesComponents {
  readonly recovery_policies: Readonly<
    Record<
      string,
      {
        readonly component: string | null;
        readonly for: number;
        readonly degraded: boolean;
        readonly severity_threshold: number;
      }
    >
  >;
}

/** The part of a policies document that says where actions run. */
interface HasScopes {
  readonly recovery_actions: Readonly<Record<string, { readonly scope: ActionScope | null }>>;
  readonly handlers: Readonly<Record<string, { readonly scope: ActionScope | null }>>;
}

/** Warns of the cooldown of an action that nobody knows: most likely a misspelt name. */
export function cooldownsOfKnownActions(document: NamesActions): readonly SchemaFault[] {
  const known = knownActions(document);
  return Object.keys(document.cooldowns).filter((name) => !known.has(name)).map((name) => ({
    path: ["cooldowns", name],
    message: "a cooldown of an unknown action",
    known: [...known],
    expected: KNOWN_ACTION,
    severity: IssueSeverity.WARNING,
    isAboutKey: true,
  }));
}

/** Warns of a step whose action nobody knows. */
export function stepsOfKnownActions(document: HasPolicies): readonly SchemaFault[] {
  const known = knownActions(document);
  return Object.entries(document.recovery_policies).flatMap(([policy, { escalation_chain }]) =>
    [...escalation_chain.entries()]
      .filter(([, { action }]) => !known.has(action))
      .map(([index]) => ({
        path: ["recovery_policies", policy, "escalation_chain", index, "action"],
        message: "a step with an unknown action",
        known: [...known],
        expected: KNOWN_ACTION,
        severity: IssueSeverity.WARNING,
      }))
  );
}

const KNOWN_ACTION = "an action of recovery_actions or handlers, or a built-in one";

function knownActions({ recovery_actions, handlers }: NamesActions): ReadonlySet<string> {
  return new Set([
    ...Object.keys(recovery_actions),
    ...Object.keys(handlers),
    ...RECOVERY_ACTION_NAMES,
  ]);
}

/** Warns of an event that never happens, and so is never told. */
export function knownSlackEvents({ logging }: NamesEvents): readonly SchemaFault[] {
  const known: readonly string[] = Object.values(RecoveryNoticeKind);
  return [...logging.slack_events.entries()]
    .filter(([, event]) => !known.includes(event))
    .map(([index]) => ({
      path: ["logging", "slack_events", index],
      message: "an unknown event",
      known,
      expected: `one of ${known.join(", ")}`,
      severity: IssueSeverity.WARNING,
    }));
}

/** How severe the anomaly of a degraded component is. */
export const DEGRADED_SEVERITY = 0.5;

/** Warns of a policy that says how a component must fail, and not which, or not so that it acts. */
export function watchedComponents(document: WatchesComponents): readonly SchemaFault[] {
  return Object.entries(document.recovery_policies).flatMap(([policy, settings]) => {
    const { degraded, severity_threshold: threshold } = settings;
    if (settings.component !== null) {
      if (!degraded || threshold <= DEGRADED_SEVERITY) return [];
      return [{
        path: ["recovery_policies", policy, "degraded"],
        message: "a degraded component is not severe enough for the policy",
        expected: `a severity_threshold of at most ${DEGRADED_SEVERITY}`,
        severity: IssueSeverity.WARNING,
      }];
    }
    const idle = [...(settings.for > 0 ? ["for"] : []), ...(settings.degraded ? ["degraded"] : [])];
    return idle.map((key) => ({
      path: ["recovery_policies", policy, key],
      message: "without a component it has no effect",
      expected: "a component beside it",
      severity: IssueSeverity.WARNING,
    }));
  });
}

/** Warns of an action whose handler says another scope: the action's own holds. */
export function scopesAgree({ recovery_actions, handlers }: HasScopes): readonly SchemaFault[] {
  return Object.entries(handlers).flatMap(([name, { scope }]) => {
    const own = Object.hasOwn(recovery_actions, name) ? recovery_actions[name]!.scope : null;
    if (scope === null || own === null || scope === own) return [];
    return [{
      path: ["handlers", name, "scope"],
      message: "not the scope of the action",
      expected: `${own}, which recovery_actions says and which holds`,
      severity: IssueSeverity.WARNING,
    }];
  });
}

/** The rules that hold for both documents. */
export const COMMON_RULES: readonly ((
  document: NamesActions & NamesEvents,
) => readonly SchemaFault[])[] = [cooldownsOfKnownActions, knownSlackEvents];
