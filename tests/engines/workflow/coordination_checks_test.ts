import assert from "node:assert/strict";
import {
  type CoordinationCheck,
  executedSteps,
  isolationViolations,
  lineageViolations,
  orderViolations,
} from "../../../engines/workflow/coordination_checks.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import type { StepResult } from "../../../engines/workflow/step_result.ts";
import { takeSnapshot } from "../../../engines/workflow/state_snapshot.ts";
import { completed, ended } from "../../support/step_results.ts";

const definition = defineWorkflow({
  name: "w",
  steps: [
    { name: "a" },
    { name: "b", dependsOn: ["a"] },
    { name: "z", always: true, dependsOn: ["a", "b"] },
  ],
});
const none = takeSnapshot({});

function checkOf(...results: StepResult[]): CoordinationCheck {
  const around = { contextFingerprint: "ann", before: none, after: none };
  const steps = results.map((result) => ({ result, ...around }));
  return { workflowId: "run", definition, contextFingerprint: "ann", steps };
}

const a = completed("a");
const b = completed("b", { inputsUsed: ["a"] });
const z = completed("z", { inputsUsed: ["b", "a"] });

Deno.test("executedSteps leaves out what was skipped", () => {
  const check = checkOf(a, ended("b", "skipped"), ended("z", "failed"));
  assert.deepEqual(executedSteps(check).map(({ result }) => result.stepName), ["a", "z"]);
});

Deno.test("orderViolations says which step ran when it should not have", () => {
  const cases: { name: string; results: StepResult[]; violations: string[] }[] = [
    { name: "as it should be", results: [a, b, z], violations: [] },
    { name: "only the first", results: [a], violations: [] },
    { name: "too early", results: [b, a], violations: ["b executed before dependency a"] },
    {
      name: "the end before the work",
      results: [a, z, b],
      violations: ["z executed before dependency b"],
    },
    { name: "without it", results: [b], violations: ["b executed without dependency a"] },
    {
      name: "without it, for it was skipped",
      results: [ended("a", "skipped"), b],
      violations: ["b executed without dependency a"],
    },
    {
      name: "after its failure",
      results: [ended("a", "failed"), b],
      violations: ["b executed although dependency a did not complete"],
    },
    { name: "the end after a failure", results: [ended("a", "failed"), z], violations: [] },
    { name: "twice", results: [a, b, b], violations: ["b executed more than once"] },
    {
      name: "another step",
      results: [a, completed("x")],
      violations: ["x is no step of the workflow"],
    },
  ];
  for (const { name, results, violations } of cases) {
    assert.deepEqual(orderViolations(checkOf(...results)), violations, name);
  }
});

Deno.test("lineageViolations goes by what results state, not by their words", () => {
  const cases: { name: string; results: StepResult[]; violations: string[] }[] = [
    { name: "as it should be", results: [a, b, z], violations: [] },
    {
      name: "a dependency is only mentioned",
      results: [a, completed("b", { result: { previous: "a", inherited_from: "a" } })],
      violations: ["b did not use the result of dependency a"],
    },
    { name: "a failed step used nothing", results: [a, ended("b", "failed")], violations: [] },
    {
      name: "nothing to use: the dependency failed",
      results: [ended("a", "failed"), completed("z")],
      violations: [],
    },
    {
      name: "a result that came later",
      results: [completed("a", { inputsUsed: ["b"] }), b],
      violations: ["a used a result of b, which had not completed"],
    },
    {
      name: "its own result",
      results: [completed("a", { inputsUsed: ["a"] })],
      violations: ["a used a result of a, which had not completed"],
    },
    {
      name: "the result of a failed step",
      results: [ended("a", "failed"), completed("z", { inputsUsed: ["a"] })],
      violations: ["z used a result of a, which had not completed"],
    },
    {
      name: "the end left something out",
      results: [a, b, completed("z", { inputsUsed: ["a"] })],
      violations: ["z did not use the result of dependency b"],
    },
  ];
  for (const { name, results, violations } of cases) {
    assert.deepEqual(lineageViolations(checkOf(...results)), violations, name);
  }
});

Deno.test("isolationViolations finds steps of another context, and shows no fingerprint", () => {
  const check = checkOf(a, b, ended("z", "skipped"));
  assert.deepEqual(isolationViolations(check), []);
  const steps = check.steps.map((step, i) =>
    i === 0 ? step : { ...step, contextFingerprint: "bob" }
  );
  assert.deepEqual(isolationViolations({ ...check, steps }), [
    "b ran in another context than the run's",
  ]);
  assert.deepEqual(isolationViolations({ ...check, contextFingerprint: "" }), [
    "the run has no context fingerprint",
  ]);
});
