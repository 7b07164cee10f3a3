import { defineWorkflow, type WorkflowDefinition } from "./define_workflow.ts";
import type { StepResult } from "./step_result.ts";
import { planForTriage, TRIAGE_STEP } from "./triage_plans.ts";

/** The name under which runs of the standard workflow are kept. */
export const STANDARD_NAME = "standard";

/** Triage by itself: how it ends says which plan follows. */
export const TRIAGE_PLAN: WorkflowDefinition = defineWorkflow({
  name: STANDARD_NAME,
  steps: [{
    name: TRIAGE_STEP,
    stepType: "classification",
    strategy: "sequential",
    metadata: {
      step_type: "classification",
      order: 1,
      continue_on_error: false,
      requires_sequential: true,
    },
  }],
});

/**
 * Chooses the plan that follows triage. Unlike in `planForTriage`, triage is a step of each: also where
 * nothing builds on it, it was a step of the run.
 *
 * @param triage How triage ended.
 * @returns The plan.
 */
export function planAfter(triage: StepResult | null): WorkflowDefinition {
  const plan = planForTriage(triage);
  if (plan.step(TRIAGE_STEP) !== undefined) return plan;
  return defineWorkflow({ name: plan.name, steps: [...TRIAGE_PLAN.steps, ...plan.steps] });
}
