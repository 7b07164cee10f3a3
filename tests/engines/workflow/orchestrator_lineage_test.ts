import assert from "node:assert/strict";
import { CoordinationValidator } from "../../../engines/workflow/coordination_validator.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import {
  OrchestratorLineage,
  readMayChange,
} from "../../../engines/workflow/orchestrator_lineage.ts";
import { completed, ended } from "../../support/step_results.ts";

const { steps: [first, second] } = defineWorkflow({
  name: "w",
  steps: [{ name: "first" }, { name: "second", metadata: { may_change: ["customer_id", 7] } }],
});

const lineageOf = (state: Record<string, number>) =>
  new OrchestratorLineage(new CoordinationValidator(), state);

Deno.test("OrchestratorLineage hands on the critical fields of the start and of each result", () => {
  const lineage = lineageOf({ customer_id: 1, other: 2 });
  const metadata = { context_fingerprint: "given" };
  lineage.end(first!, completed("first", { result: { cost_analysis: 3 }, metadata }), "f");
  lineage.end(second!, completed("second", { result: [4] }), "f");
  const [one, two] = lineage.steps;
  assert.deepEqual(one?.before.fields, { customer_id: 1 });
  assert.deepEqual(one?.after.fields, { customer_id: 1, cost_analysis: 3 });
  assert.deepEqual(two?.before.fields, { customer_id: 1, cost_analysis: 3 });
  assert.equal(two?.before, one?.after, "looked at again, though nothing happened in between");
  assert.equal(two?.after.hash, two?.before.hash);
  assert.deepEqual([one?.mayChange, two?.mayChange], [[], ["customer_id"]]);
  assert.deepEqual([one?.contextFingerprint, two?.contextFingerprint], ["given", ""]);
});

Deno.test("OrchestratorLineage takes the run's context for what was given none", () => {
  const lineage = lineageOf({});
  lineage.end(first!, ended("first", "failed"), "f");
  assert.equal(lineage.steps[0]?.contextFingerprint, "f");
});

Deno.test("OrchestratorLineage lets steps write what the application says besides", () => {
  const mayChange = readMayChange({ first: ["roi_percentage"], second: ["cost_analysis"] });
  const lineage = new OrchestratorLineage(new CoordinationValidator(), {}, mayChange);
  for (const step of [first!, second!]) lineage.end(step, completed(step.name), "f");
  assert.deepEqual(lineage.steps.map((step) => step.mayChange), [
    ["roi_percentage"],
    ["customer_id", "cost_analysis"],
  ]);
  assert.deepEqual(readMayChange(undefined), {});
  for (const odd of [1, "x", { first: "roi" }, { first: [1] }]) {
    assert.throws(() => readMayChange(odd), { name: "InvalidRecordError" });
  }
});

Deno.test("OrchestratorLineage compares a step with the state as it was when it began", () => {
  const lineage = lineageOf({ customer_id: 1 });
  lineage.begin(first!);
  lineage.end(second!, completed("second", { result: { customer_id: 2 } }), "f");
  lineage.end(first!, completed("first", { result: { customer_id: 3 } }), "f");
  assert.deepEqual(lineage.steps[1]?.before.fields, { customer_id: 1 });
  assert.deepEqual(lineage.steps[1]?.after.fields, { customer_id: 3 });
});

Deno.test("OrchestratorLineage takes nothing from a step that did not complete", () => {
  const lineage = lineageOf({ customer_id: 1 });
  lineage.end(first!, ended("first", "failed"), "f");
  assert.deepEqual(lineage.steps[0]?.after.fields, { customer_id: 1 });
});
