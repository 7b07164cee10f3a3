import assert from "node:assert/strict";
import { readySteps } from "../../../engines/workflow/ready_steps.ts";
import type { StepResult } from "../../../engines/workflow/step_result.ts";
import {
  planAfter,
  planForTriage,
  TRIAGE_PLAN,
  TRIAGE_STEP,
} from "../../../engines/workflow/triage_plans.ts";
import { completed, ended, resultsOf } from "../../support/step_results.ts";

const triaged = (data_sufficiency: string) => completed("triage", { result: { data_sufficiency } });

/** The steps as `agent:type<dependencies`, and `!` for those that always run. */
function show(triage: StepResult | null): string[] {
  return planForTriage(triage).steps.map(({ agent, stepType, dependsOn, always }) =>
    `${agent}:${stepType}<${dependsOn.join()}${always ? "!" : ""}`
  );
}

Deno.test("planForTriage has the plans of the reference", () => {
  assert.deepEqual(show(triaged("sufficient")), [
    "triage:classification<",
    "data:insights<triage",
    "optimization:strategies<triage,data",
    "actions:implementation<triage,optimization",
    "reporting:full_report<triage,data,optimization,actions!",
  ]);
  assert.deepEqual(show(triaged("partial")), [
    "triage:classification<",
    "data_helper:data_guidance<triage",
    "data:partial_insights<triage",
    "reporting:partial_report<triage,data_helper,data!",
  ]);
  assert.deepEqual(show(triaged("insufficient")), [
    "triage:classification<",
    "data_helper:data_collection_guide<triage",
    "reporting:guidance_report<triage,data_helper!",
  ]);
  assert.deepEqual(show(null), [
    "data_helper:initial_guidance<",
    "reporting:fallback_report<data_helper!",
  ]);
});

Deno.test("planForTriage falls back without a triage that said what it found", () => {
  const cases: { name: string; triage: StepResult | null; plan: string }[] = [
    { name: "no triage", triage: null, plan: "fallback" },
    { name: "a failed one", triage: ended("triage", "failed"), plan: "fallback" },
    {
      name: "a failed one that says something",
      triage: completed("triage", {
        result: { data_sufficiency: "partial" },
        status: "failed",
        error: "x",
      }),
      plan: "fallback",
    },
    { name: "one that says nothing", triage: completed("triage"), plan: "fallback" },
    { name: "a list", triage: completed("triage", { result: ["partial"] }), plan: "fallback" },
    { name: "unknown", triage: triaged("unknown"), plan: "fallback" },
    { name: "another word", triage: triaged("plenty"), plan: "fallback" },
    { name: "a name that objects have", triage: triaged("constructor"), plan: "fallback" },
    { name: "other letters", triage: triaged("Sufficient"), plan: "sufficient" },
  ];
  for (const { name, triage, plan } of cases) {
    assert.equal(planForTriage(triage).name, plan, name);
  }
});

Deno.test("planForTriage tells each agent its type, its place, and whether it runs alone", () => {
  const metadata = planForTriage(triaged("partial")).steps.map((step) => step.metadata);
  const common = { continue_on_error: false };
  assert.deepEqual(metadata, [
    { step_type: "classification", order: 1, ...common, requires_sequential: true },
    { step_type: "data_guidance", order: 2, ...common, requires_sequential: false },
    {
      step_type: "partial_insights",
      order: 3,
      ...common,
      requires_sequential: false,
      may_change: ["revenue_calculation", "cost_analysis", "current_monthly_cost"],
    },
    { step_type: "partial_report", order: 4, ...common, requires_sequential: true },
  ]);
  for (const sufficiency of ["sufficient", "insufficient", "unknown"]) {
    for (const { metadata, strategy } of planForTriage(triaged(sufficiency)).steps) {
      assert.equal(metadata["requires_sequential"], true);
      assert.equal(strategy, "sequential");
    }
  }
});

Deno.test("planForTriage leaves out no step of any plan, once triage has ended", () => {
  const cases: { triage: StepResult; executed: string }[] = [
    { triage: triaged("sufficient"), executed: "data optimization actions reporting" },
    { triage: triaged("partial"), executed: "data_helper data reporting" },
    { triage: triaged("insufficient"), executed: "data_helper reporting" },
    { triage: ended("triage", "failed"), executed: "data_helper reporting" },
  ];
  for (const { triage, executed } of cases) {
    const results = resultsOf(triage);
    const order: string[] = [];
    for (;;) {
      const decision = readySteps(planForTriage(triage), { results });
      if (decision.kind !== "act") break;
      assert.deepEqual(decision.skip, []);
      for (const { name } of decision.run) {
        order.push(name);
        results.set(name, completed(name));
      }
    }
    assert.equal(order.join(" "), executed);
    assert.ok(!order.includes(TRIAGE_STEP));
  }
});

Deno.test("TRIAGE_PLAN is triage alone, as the plans have it", () => {
  const [step] = TRIAGE_PLAN.steps;
  const { stepType, metadata } = planAfter(triaged("sufficient")).step("triage")!;
  assert.equal(TRIAGE_PLAN.steps.length, 1);
  assert.deepEqual([step?.name, step?.stepType, step?.metadata], ["triage", stepType, metadata]);
});

const AFTER_TRIAGE = [
  { triage: triaged("sufficient"), steps: "triage,data,optimization,actions,reporting" },
  { triage: triaged("partial"), steps: "triage,data_helper,data,reporting" },
  { triage: triaged("insufficient"), steps: "triage,data_helper,reporting" },
  { triage: triaged("odd"), steps: "triage,data_helper,reporting" },
  { triage: ended("triage", "failed"), steps: "triage,data_helper,reporting" },
  { triage: null, steps: "triage,data_helper,reporting" },
];

for (const { triage, steps } of AFTER_TRIAGE) {
  Deno.test(`planAfter gives ${steps} after ${JSON.stringify(triage?.result)}`, () => {
    const plan = planAfter(triage);
    assert.equal(plan.steps.map(({ name }) => name).join(), steps);
    assert.equal(plan.steps.at(-1)?.always, true);
    assert.equal(plan.name, planForTriage(triage).name);
  });
}
