import { RecoveryResult } from "../../enums/recovery_result.ts";
import type { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import type { Condition } from "./condition.ts";
import { ConditionError } from "./condition_error.ts";
import { decideAction, type GateVerdict } from "./gate.ts";
import type { ActionRules, RecoveryRules } from "./recovery_rules.ts";
import type { StepInputs } from "./step_inputs.ts";

/** A step that is to be decided. */
export interface StepQuestion {
  /** The action of the step. */
  readonly action: ActionRules;
  /** When the step is taken. */
  readonly condition: Condition;
  /** What it is asked for by. */
  readonly trigger: RecoveryTrigger;
}

/** What is decided about a step. */
export type StepDecision = GateVerdict & {
  /** Whether the step is taken because of what became of the one before it, whatever its condition. */
  readonly escalated: boolean;
};

/**
 * Decides a step: its condition, or what became of the step before it, and then the gate. Pure: the
 * same inputs and rules give the same decision, today and when it is replayed.
 *
 * @param question The step.
 * @param inputs How things are.
 * @param rules What recovery goes by.
 * @returns Whether it is taken, else why not.
 */
export function decideStep(
  { action, condition, trigger }: StepQuestion,
  inputs: StepInputs,
  rules: RecoveryRules,
): StepDecision {
  const escalated = isEscalated(inputs, rules);
  const unmet = escalated ? null : unmetCondition(condition, inputs);
  if (unmet !== null) return { ...unmet, escalated };
  const request = { action, trigger, force: inputs.force };
  return { ...decideAction(request, inputs.facts, rules), escalated };
}

/** A step that failed too often in a row, or was left alone for that, brings on the next one. */
function isEscalated(inputs: StepInputs, { escalation }: RecoveryRules): boolean {
  if (!escalation.auto) return false;
  if (inputs.previous_result === RecoveryResult.SKIPPED_FROZEN) return true;
  return inputs.previous_result === RecoveryResult.FAILED &&
    inputs.previous_failures >= escalation.threshold;
}

function unmetCondition(condition: Condition, { context }: StepInputs): GateVerdict | null {
  try {
    if (condition.evaluate(context)) return null;
    return {
      kind: "refuse",
      result: RecoveryResult.CONDITION_NOT_MET,
      reason: `not so: ${condition.text}`,
      retryAtMs: null,
    };
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    return {
      kind: "refuse",
      result: RecoveryResult.CONDITION_ERROR,
      reason: error.message,
      retryAtMs: null,
    };
  }
}
