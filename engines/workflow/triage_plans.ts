import { AgentExecutionStrategy } from "../../enums/agent_execution_strategy.ts";
import { canonical } from "../../enums/canonical.ts";
import { DataSufficiency } from "../../enums/data_sufficiency.ts";
import type { JsonObject } from "../../enums/records/json_value.ts";
import { defineWorkflow, type WorkflowDefinition } from "./define_workflow.ts";
import type { StepResult } from "./step_result.ts";
import type { WorkflowStepOptions } from "./workflow_step.ts";

/** The step that comes first and says which plan is followed. */
export const TRIAGE_STEP = "triage";

/** The name under which runs of the standard workflow are kept: triage, and the plan that follows. */
export const STANDARD_NAME = "standard";

/** One line of a plan: the agent, the kind of its work, and which agents it waits for. */
type Line = readonly [agent: string, stepType: string, ...dependsOn: string[]];

/** What is found out about the costs as they are. */
const MEASURED = ["revenue_calculation", "cost_analysis", "current_monthly_cost"];

/** What is worked out about the costs as they could be. */
const ESTIMATED = [
  "savings_potential",
  "total_potential_savings",
  "projected_savings",
  "roi_percentage",
  "payback_period_months",
  "optimization_recommendations",
];

/** The critical fields that agents are there to write: who the customer is, none of them is. */
const MAY_CHANGE: Readonly<Record<string, readonly string[]>> = {
  data: MEASURED,
  optimization: ESTIMATED,
  actions: [...ESTIMATED, "implementation_timeline"],
};

/** The plans by what triage says of the data. The last line of each is the report on the others. */
const PLANS: Readonly<Record<DataSufficiency, WorkflowDefinition>> = Object.freeze({
  sufficient: plan("sufficient", [
    ["triage", "classification"],
    ["data", "insights", "triage"],
    ["optimization", "strategies", "triage", "data"],
    ["actions", "implementation", "triage", "optimization"],
    ["reporting", "full_report"],
  ]),
  partial: plan("partial", [
    ["triage", "classification"],
    ["data_helper", "data_guidance", "triage"],
    ["data", "partial_insights", "triage"],
    ["reporting", "partial_report"],
  ]),
  insufficient: plan("insufficient", [
    ["triage", "classification"],
    ["data_helper", "data_collection_guide", "triage"],
    ["reporting", "guidance_report"],
  ]),
  unknown: plan("fallback", [
    ["data_helper", "initial_guidance"],
    ["reporting", "fallback_report"],
  ]),
});

/** Triage by itself: how it ends says which plan follows. */
export const TRIAGE_PLAN: WorkflowDefinition = defineWorkflow({
  name: STANDARD_NAME,
  steps: [PLANS.sufficient.step(TRIAGE_STEP)!],
});

/** The plan `fallback` in a run that had triage, although nothing builds on what that said. */
const FALLBACK_AFTER_TRIAGE = defineWorkflow({
  name: PLANS.unknown.name,
  steps: [...TRIAGE_PLAN.steps, ...PLANS.unknown.steps],
});

/**
 * Chooses the plan of a run by how its triage ended. Triage is a step of three plans and not of the
 * fourth: run a plan with the result of triage among the results, and each of its other steps runs,
 * whatever its place.
 *
 * - `sufficient`: data, optimization, actions, one behind the other.
 * - `partial`: data_helper and data, at the same time.
 * - `insufficient`: data_helper.
 * - Without a triage that completed and said one of these: data_helper, by the plan `fallback`.
 *
 * Every plan ends with reporting, which always runs and is given what completed before it. The steps
 * say under `may_change` which critical fields are theirs to write: `data` what it measures,
 * `optimization` what it estimates, `actions` that too, which it refines, and the timeline.
 *
 * @param triage How triage ended; null when it did not run. Its `result.data_sufficiency` counts, in
 * any letter case.
 * @returns The plan; the same object for the same answer.
 *
 * @example Triage found a part of the data
 * ```ts
 * import { planForTriage, StepResult } from "@baton/orchestration/engines";
 *
 * const triage = new StepResult({
 *   agentName: "triage",
 *   status: "completed",
 *   result: { data_sufficiency: "partial" },
 *   startedAt: "2026-01-01T10:00:00Z",
 * });
 * const names = planForTriage(triage).steps.map((step) => step.name).join();
 * if (names !== "triage,data_helper,data,reporting") throw new Error("unexpected");
 * if (planForTriage(null).name !== "fallback") throw new Error("unexpected");
 * ```
 */
export function planForTriage(triage: StepResult | null): WorkflowDefinition {
  return PLANS[sufficiencyOf(triage)];
}

/**
 * Chooses the plan that follows {@link TRIAGE_PLAN}: as {@link planForTriage} does, but triage, which
 * was a step of the run, is a step of each.
 *
 * @param triage How triage ended; null when it did not run.
 * @returns The plan.
 */
export function planAfter(triage: StepResult | null): WorkflowDefinition {
  const plan = planForTriage(triage);
  return plan === PLANS.unknown ? FALLBACK_AFTER_TRIAGE : plan;
}

function sufficiencyOf(triage: StepResult | null): DataSufficiency {
  if (triage === null || !triage.success || !isJsonObject(triage.result)) {
    return DataSufficiency.UNKNOWN;
  }
  const said = Object.hasOwn(triage.result, "data_sufficiency")
    ? triage.result["data_sufficiency"]
    : undefined;
  return canonical(DataSufficiency, said) ?? DataSufficiency.UNKNOWN;
}

function isJsonObject(value: StepResult["result"]): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function plan(name: string, lines: readonly Line[]): WorkflowDefinition {
  const agents = lines.map(([agent]) => agent);
  const steps = lines.map(([agent, stepType, ...needs], i): WorkflowStepOptions => {
    const always = i === lines.length - 1;
    const dependsOn = always ? agents.slice(0, i) : needs;
    const may_change = MAY_CHANGE[agent];
    const twins = lines.slice(0, -1).filter(([, , ...others]) => others.join() === needs.join());
    const strategy = always || twins.length === 1
      ? AgentExecutionStrategy.SEQUENTIAL
      : AgentExecutionStrategy.PARALLEL;
    return {
      name: agent,
      stepType,
      dependsOn,
      always,
      strategy,
      metadata: {
        step_type: stepType,
        order: i + 1,
        continue_on_error: false,
        requires_sequential: strategy === AgentExecutionStrategy.SEQUENTIAL,
        ...(may_change && { may_change }),
      },
    };
  });
  return defineWorkflow({ name, steps });
}
