import { z } from "zod";
import { type ConfigSchema, configSchema } from "../files/config_schema.ts";
import { name, seconds, share, text, whole } from "./common_shapes.ts";
import { cooldownsOfKnownActions, stepsOfKnownActions } from "./recovery_rules.ts";
import {
  actionTimeout,
  advanced,
  logging,
  pollInterval,
  type RecoveryAdvanced,
  type RecoveryLogging,
  type RecoveryThresholds,
  thresholds,
} from "./recovery_sections.ts";

/** One step of a policy: an action, and when it is taken. */
export interface EscalationStep {
  /** The action's name. */
  readonly action: string;
  /** When it is taken, such as "severity >= 0.8 or recurrence_count >= 2". Default "always". */
  readonly condition: string;
  /** What the action is given. Default nothing. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How long it may take, in seconds. Default 30. */
  readonly timeout: number;
}

/** What is done about one kind of anomaly. */
export interface RecoveryPolicy {
  /** From which severity on, from 0 to 1. Default 0.8. */
  readonly severity_threshold: number;
  /** What it is about, for people. Default "". */
  readonly description: string;
  /** What is done, one step after the other. */
  readonly escalation_chain: readonly EscalationStep[];
}

/** One action of {@link RecoveryPoliciesDocument}. */
export interface PolicyActionSettings {
  /** Whether it may run. Default true. */
  readonly enabled: boolean;
  /** How long it may take where the step does not say, in seconds. Default 30. */
  readonly timeout: number;
  /** How often it is tried again. Default 0. */
  readonly max_retries: number;
  /** What it does, for people. Default "". */
  readonly description: string;
  /** In which phases it may run; null for all. Default null. */
  readonly phase_restrictions: Readonly<Record<string, boolean>> | null;
}

/** What `recovery_policies.yaml` says: recovery by policies that escalate. */
export interface RecoveryPoliciesDocument {
  /** Whether recovery runs. Default true. */
  readonly enabled: boolean;
  /** How often health is looked at, in seconds, from 0.1 to 86,400. Default 30. */
  readonly poll_interval: number;
  /** Whether actions are only told of. Default false. */
  readonly dry_run_mode: boolean;
  /** When health alone is a reason to act. */
  readonly thresholds: RecoveryThresholds;
  /** How long an action rests after it ran, in seconds, by action. Default none. */
  readonly cooldowns: Readonly<Record<string, number>>;
  /** What is done, by kind of anomaly. Default nothing. */
  readonly recovery_policies: Readonly<Record<string, RecoveryPolicy>>;
  /** The actions. Default none. */
  readonly recovery_actions: Readonly<Record<string, PolicyActionSettings>>;
  /** Limits and habits. */
  readonly advanced: RecoveryAdvanced;
  /** Who is told, and how it is logged. */
  readonly logging: RecoveryLogging;
}

/** The longest condition, in UTF-16 units. */
const CONDITION_MAX = 1_000;

const step = z.strictObject({
  action: name().describe("The action's name"),
  condition: z.string().trim().min(1).max(CONDITION_MAX).default("always").describe(
    "When the step is taken, such as: severity >= 0.8 or recurrence_count >= 2",
  ),
  params: z.record(z.string(), z.unknown()).default({}).describe("What the action is given"),
  timeout: actionTimeout(30),
});

const policy = z.strictObject({
  severity_threshold: share().default(0.8).describe("From which severity on to act"),
  description: text().default("").describe("What it is about, for people"),
  escalation_chain: z.array(step).min(1).max(100).describe("What is done, step by step"),
});

const action = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether the action may run"),
  timeout: actionTimeout(30),
  max_retries: whole(0, 100).default(0).describe("How often it is tried again"),
  description: text().default("").describe("What it does, for people"),
  phase_restrictions: z.record(name(), z.boolean()).nullable().default(null).describe(
    "In which phases it may run",
  ),
});

const document = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether recovery runs"),
  poll_interval: pollInterval,
  dry_run_mode: z.boolean().default(false).describe("Whether actions are only told of"),
  thresholds: thresholds.prefault({}).describe("When health alone is a reason to act"),
  cooldowns: z.record(name(), seconds()).default({}).describe(
    "How long an action rests, in seconds, by action",
  ),
  recovery_policies: z.record(name(), policy).default({}).describe(
    "What is done, by kind of anomaly",
  ),
  recovery_actions: z.record(name(), action).default({}).describe("The actions"),
  advanced: advanced.prefault({}).describe("Limits and habits"),
  logging: logging.prefault({}).describe("Who is told, and how it is logged"),
}).describe("Recovery by policies that escalate");

/** The schema of {@link RecoveryPoliciesDocument}, with zod behind it. */
export const schema: ConfigSchema<RecoveryPoliciesDocument> = configSchema<
  RecoveryPoliciesDocument
>({
  name: "recovery policies",
  schema: document,
  rules: [cooldownsOfKnownActions, stepsOfKnownActions],
});
