import assert from "node:assert/strict";
import { workflowFaults } from "../../../engines/workflow/workflow_faults.ts";
import {
  readWorkflowStep,
  type WorkflowStepOptions,
} from "../../../engines/workflow/workflow_step.ts";

function faultsOf(...steps: (WorkflowStepOptions | null)[]): string[] {
  return workflowFaults(steps.map((step) => step && readWorkflowStep(step)))
    .map(({ path, message }) => `${path} ${message}`);
}

Deno.test("workflowFaults finds what is wrong between steps", () => {
  const cases: { name: string; steps: (WorkflowStepOptions | null)[]; faults: string[] }[] = [
    { name: "nothing", steps: [{ name: "b", dependsOn: ["a"] }, { name: "a" }], faults: [] },
    {
      name: "one name twice",
      steps: [{ name: "a" }, { name: "a" }],
      faults: [`steps[1].name is the name of an earlier step too: "a"`],
    },
    {
      name: "a dependency that does not exist",
      steps: [{ name: "a", dependsOn: ["b"] }],
      faults: [`steps[0].dependsOn[0] names no step of the workflow: "b"`],
    },
    {
      name: "one that could not be read",
      steps: [{ name: "a", dependsOn: ["b"] }, null],
      faults: [],
    },
    {
      name: "itself",
      steps: [{ name: "a", dependsOn: ["a"] }],
      faults: [`steps[0].dependsOn[0] must not be the step itself: "a"`],
    },
    {
      name: "a circle",
      steps: [
        { name: "a", dependsOn: ["c"] },
        { name: "b", dependsOn: ["a"] },
        { name: "c", dependsOn: ["b"] },
      ],
      faults: ["steps depend on each other in a circle: a -> c -> b -> a"],
    },
    {
      name: "work that waits for the end",
      steps: [{ name: "a", dependsOn: ["z"] }, { name: "z", always: true }],
      faults: [`steps[0].dependsOn[0] names a step that runs at the end, which "a" does not: "z"`],
    },
    {
      name: "ends that wait for each other and for work",
      steps: [
        { name: "y", always: true, dependsOn: ["z", "a"] },
        { name: "z", always: true },
        { name: "a" },
      ],
      faults: [],
    },
  ];
  for (const { name, steps, faults } of cases) assert.deepEqual(faultsOf(...steps), faults, name);
});
