import type {
  RecoveryLogging,
  RecoveryThresholds,
} from "../../config/schemas/recovery_sections.ts";
import type { ActionScope } from "../../enums/action_scope.ts";
import type { Condition } from "./condition.ts";

/** What holds for one action. */
export interface ActionRules {
  /** The action's name. */
  readonly name: string;
  /** What it does, for people. */
  readonly description: string;
  /** Whether it may run. */
  readonly enabled: boolean;
  /** How long one attempt may take, in ms, where the step does not say. */
  readonly timeoutMs: number;
  /** How often it is tried again after a failure. */
  readonly maxRetries: number;
  /** How long it rests after it ran, in ms. */
  readonly cooldownMs: number;
  /** In which phases it may run; null for all. */
  readonly phases: ReadonlyMap<string, boolean> | null;
  /** Where in a cluster it runs. */
  readonly scope: ActionScope;
}

/** One step of a policy. */
export interface StepRules {
  /** The action. */
  readonly action: string;
  /** When it is taken. */
  readonly condition: Condition;
  /** What the action is given. */
  readonly params: Readonly<Record<string, unknown>>;
  /** How long one attempt may take, in ms. */
  readonly timeoutMs: number;
}

/** What is done about one kind of anomaly. */
export interface PolicyRules {
  /** The kind of anomaly. */
  readonly name: string;
  /** What it is about, for people. */
  readonly description: string;
  /** From which severity on, from 0 to 1. */
  readonly severityThreshold: number;
  /** What is done, one step after the other. */
  readonly steps: readonly StepRules[];
  /** Which component's failure raises the anomaly; null for none. */
  readonly watch: ComponentWatch | null;
}

/** When a component's health raises an anomaly. */
export interface ComponentWatch {
  /** The component's name. */
  readonly component: string;
  /** How long it must have been unwell, in ms. */
  readonly forMs: number;
  /** Whether a degraded component counts as unwell. */
  readonly degraded: boolean;
}

/** How much recovery may do. */
export interface RecoveryLimits {
  /** Actions at once. */
  readonly concurrent: number;
  /** Actions that wait for their turn. */
  readonly waiting: number;
  /** Actions in an hour. */
  readonly perHour: number;
  /** Entries into safe mode in a day. */
  readonly safeModePerDay: number;
  /** Anomalies that wait. */
  readonly pending: number;
  /** The share of members that must be alive. */
  readonly minAliveShare: number;
  /** The share of members that must be alive and say that they are well. */
  readonly minHealthyShare: number;
  /** For how long nothing is done after too few were, in ms. */
  readonly stormCooldownMs: number;
}

/** What recovery goes by: a policy file, read and compiled. It never changes. */
export interface RecoveryRules {
  /** Where it comes from; null for the defaults, or a document that the program gave. */
  readonly source: string | null;
  /** Whether recovery runs. */
  readonly enabled: boolean;
  /** How often health is looked at, in ms. */
  readonly pollMs: number;
  /** Whether actions are only told of. */
  readonly dryRun: boolean;
  /** When health alone is a reason to act. */
  readonly thresholds: RecoveryThresholds;
  /** The actions that the file lists, declares or gives a cooldown, and the built-in ones. */
  readonly actions: ReadonlyMap<string, ActionRules>;
  /** What is done, by kind of anomaly. */
  readonly policies: ReadonlyMap<string, PolicyRules>;
  /** How much may be done. */
  readonly limits: RecoveryLimits;
  /** By what time limits are multiplied. */
  readonly timeoutMultiplier: number;
  /** Whether a phase that is not listed, or not known, lets an action run. */
  readonly allowUnknownPhase: boolean;
  /** How it is checked that an action helped. */
  readonly verification: {
    /** Whether it is. */
    readonly enabled: boolean;
    /** How long to wait before each check, in ms. */
    readonly delayMs: number;
    /** How many checks to make. */
    readonly attempts: number;
  };
  /** What failures lead to. */
  readonly escalation: {
    /** Whether failures bring on the next step. */
    readonly auto: boolean;
    /** After how many in a row they do. */
    readonly threshold: number;
    /** After how many in a row that did not help an action is left alone. */
    readonly futilityThreshold: number;
    /** For how long it is left alone, in ms. */
    readonly freezeMs: number;
  };
  /** How long to wait between two steps, in ms. */
  readonly stepDelayMs: number;
  /** After how long without news an anomaly that comes back counts as a new one, in ms. */
  readonly episodeGapMs: number;
  /** What is kept of what was done. */
  readonly history: {
    /** How many entries. */
    readonly maxEntries: number;
    /** For how long, in ms. */
    readonly retentionMs: number;
  };
  /** Who is told, and how it is logged. */
  readonly logging: RecoveryLogging;
}

/** What is done about anomalies that no policy names. */
export const UNKNOWN_ANOMALY = "unknown_anomaly";

/**
 * Finds what is done about an anomaly.
 *
 * @param rules What recovery goes by.
 * @param anomalyType The kind of anomaly.
 * @returns Its policy, else the one for those that none names; null when there is neither.
 */
export function policyFor(rules: RecoveryRules, anomalyType: string): PolicyRules | null {
  return rules.policies.get(anomalyType) ?? rules.policies.get(UNKNOWN_ANOMALY) ?? null;
}
