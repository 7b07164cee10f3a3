import assert from "node:assert/strict";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { RunRefusedError } from "../../../engines/durable/run_errors.ts";
import { checkResumable, checkStorable } from "../../../engines/workflow/check_durable.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { completed } from "../../support/step_results.ts";
import { contextOf } from "./orchestrator_world.ts";

Deno.test("checkStorable refuses what no key of a store holds", () => {
  const workflowOf = (name: string) => defineWorkflow({ name: "w", steps: [{ name }] });
  const refused: [runId: string, step: string | null][] = [
    ["r".repeat(201), null],
    ["漢".repeat(190), "漢".repeat(160)],
  ];
  for (const [runId, step] of refused) {
    assert.throws(() => checkStorable(runId, step === null ? null : workflowOf(step)), TypeError);
  }
  checkStorable("r".repeat(200), workflowOf("s".repeat(200)));
  checkStorable("漢".repeat(150), workflowOf("漢".repeat(160)));
  checkStorable("r-1", null);
});

Deno.test("checkResumable refuses a run whose workflow was defined otherwise", async () => {
  const own = defineWorkflow({ name: "own", steps: [{ name: "data" }] });
  const changed = defineWorkflow({ name: "own", steps: [{ name: "data" }, { name: "more" }] });
  const standard = defineWorkflow({ name: "standard", steps: [{ name: "data" }] });
  const cases = [
    { name: "the same", started: own, resumed: own, isRefused: false },
    { name: "another", started: own, resumed: changed, isRefused: true },
    { name: "nobody said which", started: null, resumed: own, isRefused: false },
    {
      name: "an own one of the standard's name",
      started: standard,
      resumed: null,
      isRefused: true,
    },
    { name: "a recorded step of none", started: null, resumed: own, step: "x", isRefused: true },
  ];
  for (const { name, started, resumed, step = "data", isRefused } of cases) {
    const runs = new DurableRuns({ store: new MemoryRunStore() });
    const context = contextOf();
    const workflow = resumed?.name ?? "standard";
    const fingerprint = started && { fingerprint: started.fingerprint };
    const run = await runs.startRun({ context, workflow, ...fingerprint });
    await run.record(completed(step));
    const found = (await runs.read("r-1"))!;
    const check = () => checkResumable(found, context, resumed);
    if (!isRefused) check();
    else {
      assert.throws(check, (error) => {
        assert.ok(error instanceof RunRefusedError && error.reason === "mismatch", name);
        return true;
      });
    }
  }
});
