import { RecoveryResult } from "../../enums/recovery_result.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { HealthState } from "../../health/health_state.ts";
import { type Condition, parseCondition } from "./condition.ts";
import { findHealthTriggers, HEALTH_TRIGGERS } from "./health_triggers.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { policyFor, type RecoveryRules } from "./recovery_rules.ts";

/** A step as rules ask for it. */
export interface AskedStep {
  /** The action. */
  readonly action: string;
  /** When it is taken. */
  readonly condition: Condition;
}

/** What rules make of a cause. */
export type CauseVerdict =
  | {
    /** A chain begins. */
    readonly kind: "asked";
    /** Its steps. */
    readonly steps: readonly AskedStep[];
    /** Why, for people. */
    readonly reason: string;
    /** Whether that is only supposed, as the history does not tell enough. */
    readonly assumed: boolean;
  }
  | {
    /** Nothing is asked for. */
    readonly kind: "ignored";
    /** What that is called in a history; null where it is not in one. */
    readonly result: RecoveryResult | null;
    /** Why, for people. */
    readonly reason: string;
  };

/**
 * Says whether rules ask for anything, given what began a recorded chain, or did not begin one.
 *
 * @param entry Any entry of the chain.
 * @param rules The rules.
 * @returns What is asked for.
 */
export function judgeCause(entry: RecoveryActionDict, rules: RecoveryRules): CauseVerdict {
  switch (entry.trigger) {
    case RecoveryTrigger.ANOMALY:
      return judgeAnomaly(entry, rules);
    case RecoveryTrigger.HEALTH_CHECK:
      return judgeThreshold(entry, rules);
    case RecoveryTrigger.MANUAL_TRIGGER:
      return asked([always(entry.action_type)], "somebody asks for it");
    default:
      return entry.trigger satisfies never;
  }
}

function judgeAnomaly(
  { anomaly_type: type, severity_score: severity }: RecoveryActionDict,
  rules: RecoveryRules,
): CauseVerdict {
  const policy = policyFor(rules, type);
  if (policy === null) {
    return { kind: "ignored", result: RecoveryResult.NO_POLICY, reason: "no policy is about it" };
  }
  const { severityThreshold: threshold } = policy;
  const figures = `severity ${severity.toFixed(2)}`;
  if (severity < threshold) {
    const reason = `${figures} is below the threshold ${threshold}`;
    return { kind: "ignored", result: RecoveryResult.BELOW_THRESHOLD, reason };
  }
  return asked(policy.steps, `${figures} reaches the threshold ${threshold}`);
}

/** The figure that passed the threshold is in the entry's reason, such as `failures_1h=51`. */
function judgeThreshold(
  { anomaly_type: name, action_type: recorded, reason }: RecoveryActionDict,
  { thresholds }: RecoveryRules,
): CauseVerdict {
  const action = HEALTH_TRIGGERS.find((each) => each.name === name)?.action ?? recorded;
  const figure = Number(/=(-?[\d.e+-]+?)s?$/.exec(reason)?.[1] ?? NaN);
  const state = stateWith(name, figure);
  if (state === null || Number.isNaN(figure)) {
    return { ...asked([always(action)], "the figure is not recorded"), assumed: true };
  }
  const passed = findHealthTriggers(state, thresholds, () => {}).some((each) => each.name === name);
  if (passed) return asked([always(action)], `${reason} passes the threshold`);
  return { kind: "ignored", result: null, reason: `${reason} passes the threshold no more` };
}

function stateWith(threshold: string, figure: number): HealthState | null {
  switch (threshold) {
    case "circuit_open":
      return { circuit_breaker: { state: "OPEN", open_duration_seconds: figure } };
    case "retry_failures":
      return { retry: { failures_1h: figure } };
    case "failed_components":
      return { system: { failed_components: figure } };
    case "anomaly_accuracy":
      return { resources: { current_metrics: { anomaly_accuracy: figure } } };
    default:
      return null;
  }
}

function always(action: string): AskedStep {
  return { action, condition: parseCondition("always") };
}

function asked(
  steps: readonly AskedStep[],
  reason: string,
): Extract<CauseVerdict, { kind: "asked" }> {
  return { kind: "asked", steps, reason, assumed: false };
}
