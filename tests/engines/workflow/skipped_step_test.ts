import assert from "node:assert/strict";
import { skippedResult, type SkippedStep } from "../../../engines/workflow/skipped_step.ts";
import { readWorkflowStep } from "../../../engines/workflow/workflow_step.ts";
import { AT } from "../../support/step_results.ts";

const step = readWorkflowStep({ name: "costs", agent: "data" });

Deno.test("skippedResult says why a step was not run", () => {
  const cases: { skipped: SkippedStep; status: string; error: string }[] = [
    {
      skipped: { step, because: "dependency", dependency: "triage" },
      status: "skipped",
      error: `Not run: "triage", which it depends on, did not end well`,
    },
    {
      skipped: { step, because: "condition" },
      status: "skipped",
      error: "Not run: its condition does not hold",
    },
    {
      skipped: { step, because: "strict_stop" },
      status: "skipped",
      error: "Not run: a step failed, and the workflow stops at the first that does",
    },
    {
      skipped: { step, because: "cancelled" },
      status: "skipped",
      error: "Not run: the run was called off",
    },
    {
      skipped: { step, because: "condition_failed", error: new Error("no") },
      status: "failed",
      error: "Agent execution failed: no",
    },
  ];
  for (const { skipped, status, error } of cases) {
    const result = skippedResult(skipped, AT);
    assert.equal(result.status, status, skipped.because);
    assert.equal(result.error, error);
    assert.equal(result.metadata["skip_reason"], skipped.because);
    assert.deepEqual([result.stepName, result.agentName, result.startedAt], ["costs", "data", AT]);
    assert.deepEqual([result.executionTimeMs, result.inputsUsed], [0, []]);
  }
});
