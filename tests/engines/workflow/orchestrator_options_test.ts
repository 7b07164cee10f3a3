import assert from "node:assert/strict";
import { checkOrchestratorOptions } from "../../../engines/workflow/orchestrator_options.ts";
import type { WorkflowOrchestratorOptions } from "../../../engines/workflow/orchestrator_options.ts";

const check = (options: object) => checkOrchestratorOptions(options as WorkflowOrchestratorOptions);

Deno.test("checkOrchestratorOptions gives back what it knows", () => {
  const options = { engine: null, policy: { strictStop: true }, mayChange: {} };
  assert.equal(check(options), options);
});

Deno.test("checkOrchestratorOptions refuses what nobody reads, in the policy too", () => {
  const cases: [options: object, message: RegExp][] = [
    [{ polcy: {} }, /did you mean policy\?/],
    [{ policy: { strictStops: true } }, /did you mean strictStop\?/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => check(options), { name: "InvalidRecordError", message });
  }
});
