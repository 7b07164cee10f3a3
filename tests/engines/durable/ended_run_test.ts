import assert from "node:assert/strict";
import { changeOfEnd, endedRun } from "../../../engines/durable/ended_run.ts";
import { storedRunOf } from "../../../engines/durable/new_run.ts";
import { AT } from "../../support/step_results.ts";
import { newRun } from "./lost_runs_world.ts";

Deno.test("endedRun says how, when and why, and changeOfEnd leaves nobody to work on it", () => {
  const run = storedRunOf(newRun("r-1"), AT);
  assert.equal(endedRun(run, "completed", AT).error, null);
  const ended = endedRun(run, "failed", AT, "why");
  assert.deepEqual([ended.status, ended.endedAt, ended.error], ["failed", AT, "why"]);
  const { sets, deletes } = changeOfEnd(ended, "n");
  assert.deepEqual(sets?.map(({ key }) => key), [["run", "r-1"], ["ended", AT, "r-1"]]);
  assert.deepEqual(deletes, [["owner", "r-1"], ["open", "ada", "r-1"]]);
});
