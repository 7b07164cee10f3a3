import type { RecoveryDocument } from "../../config/schemas/recovery_document.ts";
import type {
  PolicyActionSettings,
  RecoveryPoliciesDocument,
  RecoveryPolicy,
} from "../../config/schemas/recovery_policies_document.ts";
import type { HandlerSettings } from "../../config/schemas/recovery_handlers.ts";
import { ActionScope } from "../../enums/action_scope.ts";
import { BUILTIN_ACTIONS } from "./builtin_action_names.ts";
import { parseCondition } from "./condition.ts";
import type { ActionRules, PolicyRules, RecoveryRules } from "./recovery_rules.ts";

/** Either of the documents that recovery goes by. */
export type AnyRecoveryDocument = RecoveryDocument | RecoveryPoliciesDocument;

/** @returns Whether a document is the one with policies. */
export function isPoliciesDocument(
  document: AnyRecoveryDocument,
): document is RecoveryPoliciesDocument {
  return "recovery_policies" in document;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const TIMEOUT_DEFAULT_SECONDS = 30;
const COOLDOWN_DEFAULT_SECONDS = 300;

/**
 * Compiles a document into what recovery goes by.
 *
 * @param document The document, as its schema gives it.
 * @param source The file it comes from; null for none.
 * @returns The rules.
 * @throws {ConditionError} when a condition cannot be read; see `findConditionFaults`.
 */
export function compileRules(document: AnyRecoveryDocument, source: string | null): RecoveryRules {
  const { advanced, handlers, recovery_actions: listed, cooldowns } = document;
  const names = new Set([
    ...BUILTIN_ACTIONS.keys(),
    ...Object.keys(listed),
    ...Object.keys(handlers),
    ...Object.keys(cooldowns),
  ]);
  const actions = [...names].map((name) => actionOf(name, document));
  const policies = isPoliciesDocument(document) ? document.recovery_policies : {};
  return Object.freeze<RecoveryRules>({
    source,
    enabled: document.enabled,
    pollMs: document.poll_interval * SECOND_MS,
    dryRun: isPoliciesDocument(document) && document.dry_run_mode,
    thresholds: document.thresholds,
    actions: new Map(actions.map((action) => [action.name, action])),
    policies: new Map(
      Object.entries(policies).map(([name, policy]) => [name, policyOf(name, policy, document)]),
    ),
    limits: {
      concurrent: advanced.max_concurrent_actions,
      waiting: advanced.max_waiting_actions,
      perHour: advanced.max_actions_per_hour,
      safeModePerDay: advanced.max_safe_mode_entries_per_day,
      pending: advanced.pending_max,
      minAliveShare: advanced.min_alive_share,
      minHealthyShare: advanced.min_healthy_share,
      stormCooldownMs: advanced.storm_cooldown_seconds * SECOND_MS,
    },
    timeoutMultiplier: advanced.action_timeout_multiplier,
    allowUnknownPhase: advanced.unknown_phase === "allow",
    verification: {
      enabled: advanced.verify_recovery_success,
      delayMs: advanced.verification_delay_seconds * SECOND_MS,
      attempts: advanced.max_verification_attempts,
    },
    escalation: {
      auto: advanced.auto_escalate_on_failure,
      threshold: advanced.escalation_failure_threshold,
      futilityThreshold: advanced.futility_threshold,
      freezeMs: advanced.futility_freeze_seconds * SECOND_MS,
    },
    stepDelayMs: advanced.step_delay_seconds * SECOND_MS,
    episodeGapMs: advanced.episode_gap_seconds * SECOND_MS,
    history: {
      maxEntries: advanced.max_history_entries,
      retentionMs: advanced.history_retention_days * DAY_MS,
    },
    logging: document.logging,
  });
}

/** @returns What holds for an action that no file says anything about. */
export function unlistedAction(name: string): ActionRules {
  return {
    name,
    description: "",
    enabled: true,
    timeoutMs: TIMEOUT_DEFAULT_SECONDS * SECOND_MS,
    maxRetries: 0,
    cooldownMs: COOLDOWN_DEFAULT_SECONDS * SECOND_MS,
    phases: null,
    scope: BUILTIN_ACTIONS.get(name) ?? ActionScope.CLUSTER,
  };
}

function actionOf(name: string, document: AnyRecoveryDocument): ActionRules {
  const unlisted = unlistedAction(name);
  const { cooldowns } = document;
  const listed = own<Partial<PolicyActionSettings>>(document.recovery_actions, name) ?? {};
  const handler = own<HandlerSettings>(document.handlers, name);
  const { phase_restrictions: phases = null } = listed;
  return {
    name,
    description: listed.description ?? "",
    enabled: listed.enabled ?? true,
    timeoutMs: listed.timeout === undefined ? unlisted.timeoutMs : listed.timeout * SECOND_MS,
    maxRetries: listed.max_retries ?? 0,
    cooldownMs: (own<number>(cooldowns, name) ?? COOLDOWN_DEFAULT_SECONDS) * SECOND_MS,
    phases: phases && new Map(Object.entries(phases)),
    scope: listed.scope ?? handler?.scope ?? unlisted.scope,
  };
}

function policyOf(
  name: string,
  policy: RecoveryPolicy,
  document: AnyRecoveryDocument,
): PolicyRules {
  const multiplier = document.advanced.action_timeout_multiplier;
  return {
    name,
    description: policy.description,
    severityThreshold: policy.severity_threshold,
    watch: policy.component === null ? null : {
      component: policy.component,
      forMs: policy.for * SECOND_MS,
      degraded: policy.degraded,
    },
    steps: policy.escalation_chain.map(({ action, condition, params, timeout }) => ({
      action,
      condition: parseCondition(condition),
      params,
      timeoutMs: multiplier *
        (timeout === null ? actionOf(action, document).timeoutMs : timeout * SECOND_MS),
    })),
  };
}

/** A name may be that of something every object has. */
function own<T>(map: object, name: string): T | undefined {
  return Object.hasOwn(map, name) ? (map as Record<string, T>)[name] : undefined;
}
