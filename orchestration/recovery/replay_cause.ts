import { RecoveryResult } from "../../enums/recovery_result.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { type Condition, parseCondition } from "./condition.ts";
import { HEALTH_TRIGGERS, passesThreshold } from "./health_triggers.ts";
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

function judgeThreshold(
  { anomaly_type: name, action_type: recorded, reason }: RecoveryActionDict,
  { thresholds }: RecoveryRules,
): CauseVerdict {
  const action = HEALTH_TRIGGERS.find((each) => each.name === name)?.action ?? recorded;
  const passes = passesThreshold(name, reason, thresholds);
  if (passes === null) {
    return { ...asked([always(action)], "the figure is not recorded"), assumed: true };
  }
  if (passes) return asked([always(action)], `${reason} passes the threshold`);
  return { kind: "ignored", result: null, reason: `${reason} passes the threshold no more` };
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
