import assert from "node:assert/strict";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { getWorkflowDefinition } from "../../../engines/workflow/workflow_description.ts";

Deno.test("getWorkflowDefinition describes the standard workflow", () => {
  const steps = getWorkflowDefinition();
  assert.deepEqual(steps.map((step) => `${step.order} ${step.agent_name}/${step.step_type}`), [
    "1 triage/classification",
    "2 data/insights",
    "3 optimization/strategies",
    "4 actions/implementation",
    "5 reporting/summary",
  ]);
  for (const { metadata } of steps) {
    assert.notEqual(metadata.description, "");
    assert.equal(metadata.requires_sequential, true);
  }
});

Deno.test("getWorkflowDefinition describes a workflow of the application's own", () => {
  const own = defineWorkflow({
    name: "own",
    steps: [
      { name: "b", dependsOn: ["a"], metadata: { description: 7 } },
      {
        name: "a",
        agent: "reader",
        stepType: "read",
        strategy: "sequential",
        metadata: { description: "Reads" },
      },
    ],
  });
  assert.deepEqual(getWorkflowDefinition(own), [
    {
      agent_name: "reader",
      step_type: "read",
      order: 1,
      metadata: { description: "Reads", requires_sequential: true },
    },
    {
      agent_name: "b",
      step_type: "b",
      order: 2,
      metadata: { description: "", requires_sequential: false },
    },
  ]);
});
