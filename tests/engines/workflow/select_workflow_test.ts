import assert from "node:assert/strict";
import { selectWorkflow } from "../../../engines/workflow/select_workflow.ts";
import { InvalidRecordError } from "../../../enums/mod.ts";

Deno.test("selectWorkflow says what a workflow can do, by how complete the data are", () => {
  assert.deepEqual(selectWorkflow({ completeness: 0.8 }), {
    type: "full_optimization",
    confidence: 0.9,
    completeness: 0.8,
    phases: ["triage", "data_analysis", "optimization", "actions", "reporting"],
  });
  assert.deepEqual(selectWorkflow({ completeness: 0.4 }), {
    type: "modified_optimization",
    confidence: 0.65,
    completeness: 0.4,
    phases: [
      "triage",
      "quick_wins",
      "data_request",
      "partial_optimization",
      "phased_actions",
      "reporting_with_caveats",
    ],
  });
  assert.deepEqual(selectWorkflow({ completeness: 0, available: ["a"], missing: ["b"] }), {
    type: "data_collection_focus",
    confidence: 0.1,
    completeness: 0,
    phases: ["triage", "educate", "collect", "demonstrate_value"],
  });
});

Deno.test("selectWorkflow gives every caller phases of its own", () => {
  (selectWorkflow({}).phases as string[]).push("more");
  assert.equal(selectWorkflow({}).phases.length, 4);
});

Deno.test("selectWorkflow refuses a completeness that cannot be", () => {
  assert.throws(() => selectWorkflow({ completeness: 1.7 }), InvalidRecordError);
});
