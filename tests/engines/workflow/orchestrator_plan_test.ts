import assert from "node:assert/strict";
import { planAfter, TRIAGE_PLAN } from "../../../engines/workflow/orchestrator_plan.ts";
import { completed, ended } from "../../support/step_results.ts";

Deno.test("TRIAGE_PLAN is triage alone, as the plans have it", () => {
  const [step] = TRIAGE_PLAN.steps;
  const { stepType, metadata } = planAfter(triageFinding("sufficient")).step("triage")!;
  assert.equal(TRIAGE_PLAN.steps.length, 1);
  assert.deepEqual([step?.name, step?.stepType, step?.metadata], ["triage", stepType, metadata]);
});

const PLANS = [
  { triage: triageFinding("sufficient"), steps: "triage,data,optimization,actions,reporting" },
  { triage: triageFinding("partial"), steps: "triage,data_helper,data,reporting" },
  { triage: triageFinding("insufficient"), steps: "triage,data_helper,reporting" },
  { triage: triageFinding("odd"), steps: "triage,data_helper,reporting" },
  { triage: ended("triage", "failed"), steps: "triage,data_helper,reporting" },
  { triage: null, steps: "triage,data_helper,reporting" },
];

for (const { triage, steps } of PLANS) {
  Deno.test(`planAfter gives ${steps} after ${JSON.stringify(triage?.result)}`, () => {
    const plan = planAfter(triage);
    assert.equal(plan.steps.map(({ name }) => name).join(), steps);
    assert.equal(plan.steps.at(-1)?.always, true);
  });
}

function triageFinding(data_sufficiency: string) {
  return completed("triage", { result: { data_sufficiency } });
}
