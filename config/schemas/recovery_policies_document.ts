import { z } from "zod";
import type { ActionScope } from "../../enums/action_scope.ts";
import { type ConfigSchema, configSchema } from "../files/config_schema.ts";
import { name, seconds, share, text, timeLimit, whole } from "./common_shapes.ts";
import {
  actionFields,
  commonFields,
  type RecoveryActionSettings,
  type RecoveryCommon,
} from "./recovery_common.ts";
import { scope } from "./recovery_handlers.ts";
import {
  COMMON_RULES,
  scopesAgree,
  stepsOfKnownActions,
  watchedComponents,
} from "./recovery_rules.ts";

/** One step of a policy: an action, and when it is taken. */
export interface EscalationStep {
  /** The action's name. */
  readonly action: string;
  /** When it is taken, such as "severity >= 0.8 or recurrence_count >= 2". Default "always". */
  readonly condition: string;
  /** What the action is given. Default nothing. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How long it may take, in seconds; null for the time limit of the action. Default null. */
  readonly timeout: number | null;
}

/** What is done about one kind of anomaly. */
export interface RecoveryPolicy {
  /** From which severity on, from 0 to 1. Default 0.8. */
  readonly severity_threshold: number;
  /** What it is about, for people. Default "". */
  readonly description: string;
  /**
   * The component of `health.yaml` whose failure raises this anomaly; null for an anomaly that only
   * the program tells of. Default null.
   */
  readonly component: string | null;
  /**
   * How long the component must have been failing, in seconds. The time begins anew whenever nobody
   * knows how it is. Default 0.
   */
  readonly for: number;
  /** Whether a component that is only degraded counts as failing. Default false. */
  readonly degraded: boolean;
  /**
   * What is done, one step after the other: at most 24,000 bytes as it is stored with each run of it,
   * what becomes of each step included.
   */
  readonly escalation_chain: readonly EscalationStep[];
}

/** One action of {@link RecoveryPoliciesDocument}. */
export interface PolicyActionSettings extends RecoveryActionSettings {
  /** How often it is tried again. Default 0. */
  readonly max_retries: number;
  /** What it does, for people. Default "". */
  readonly description: string;
  /** In which phases it may run; null for all. Default null. */
  readonly phase_restrictions: Readonly<Record<string, boolean>> | null;
  /** Where in a cluster it runs; null for what its handler says, or recovery decides. Default null. */
  readonly scope: ActionScope | null;
}

/** What `recovery_policies.yaml` says: recovery by policies that escalate. */
export interface RecoveryPoliciesDocument extends RecoveryCommon {
  /** Whether actions are only told of. Default false. */
  readonly dry_run_mode: boolean;
  /** What is done, by kind of anomaly. Default nothing. */
  readonly recovery_policies: Readonly<Record<string, RecoveryPolicy>>;
  /** The actions. Default none. */
  readonly recovery_actions: Readonly<Record<string, PolicyActionSettings>>;
}

/** The longest condition, in UTF-16 units. */
const CONDITION_MAX = 1_000;

/** The largest chain, in bytes as a storage counts them. With all else of a run it fits a record. */
const CHAIN_MAX_BYTES = 24_000;
/** What a run keeps of a step, at the longest. */
const LONGEST_RESULT = { result: "skipped_safe_mode_limit", verified: false };
/** A year, a hundred times: see `timeLimit` and `action_timeout_multiplier`. */
const LONGEST_TIMEOUT_MS = 31_536_000_000 * 100;
/** Units of text that are not stored as one byte. */
const OUTSIDE_LATIN_1 = /[^\0-\xff]/g;

/** @returns How many bytes the steps of a chain take in the record of a run, at most. */
function runBytes(chain: readonly EscalationStep[]): number {
  return storedBytes([
    chain.map(({ timeout: _, ...kept }) => ({ ...kept, timeoutMs: LONGEST_TIMEOUT_MS })),
    chain.map(({ action }) => ({ action, ...LONGEST_RESULT })),
    chain.map(({ action }) => `${action}_failed: true`),
  ]);
}

/**
 * Storages write one byte a character, or two where not all are Latin-1; or they escape those, if that
 * is shorter.
 *
 * @returns How many bytes a value takes; endless for what JSON cannot hold.
 */
function storedBytes(value: unknown): number {
  try {
    const json = JSON.stringify(value);
    const { length } = json;
    const outside = json.match(OUTSIDE_LATIN_1)?.length ?? 0;
    return outside === 0 ? length : Math.min(2 * length, length + 5 * outside);
  } catch {
    return Infinity;
  }
}

const step = z.strictObject({
  action: name().describe("The action's name"),
  condition: z.string().trim().min(1).max(CONDITION_MAX).default("always").describe(
    "When the step is taken, such as: severity >= 0.8 or recurrence_count >= 2",
  ),
  params: z.record(z.string(), z.unknown()).default({}).describe("What the action is given"),
  timeout: timeLimit().nullable().default(null).describe(
    "How long the action may take, in seconds; null for the time limit of the action",
  ),
});

const policy = z.strictObject({
  severity_threshold: share().default(0.8).describe("From which severity on to act"),
  description: text().default("").describe("What it is about, for people"),
  component: name().nullable().default(null).describe(
    "The component of health.yaml whose failure raises this anomaly",
  ),
  for: seconds().default(0).describe("How long it must have been failing, in seconds"),
  degraded: z.boolean().default(false).describe("Whether a degraded component counts as failing"),
  escalation_chain: z.array(step).min(1).max(100).refine(
    (chain) => runBytes(chain) <= CHAIN_MAX_BYTES,
    `more than ${CHAIN_MAX_BYTES} bytes as it is stored with each run`,
  ).describe("What is done, step by step"),
});

const action = z.strictObject({
  ...actionFields(30),
  max_retries: whole(0, 100).default(0).describe("How often it is tried again"),
  description: text().default("").describe("What it does, for people"),
  phase_restrictions: z.record(name(), z.boolean()).nullable().default(null).describe(
    "In which phases it may run",
  ),
  scope: scope(),
});

const document = z.strictObject({
  ...commonFields,
  dry_run_mode: z.boolean().default(false).describe("Whether actions are only told of"),
  cooldowns: z.record(name(), seconds()).default({}).describe(
    "How long an action rests, in seconds, by action",
  ),
  recovery_policies: z.record(name(), policy).default({}).describe(
    "What is done, by kind of anomaly",
  ),
  recovery_actions: z.record(name(), action).default({}).describe("The actions"),
}).describe("Recovery by policies that escalate");

/** The schema of {@link RecoveryPoliciesDocument}, with zod behind it. */
export const schema: ConfigSchema<RecoveryPoliciesDocument> = configSchema<
  RecoveryPoliciesDocument
>({
  name: "recovery policies",
  schema: document,
  rules: [...COMMON_RULES, stepsOfKnownActions, watchedComponents, scopesAgree],
});
