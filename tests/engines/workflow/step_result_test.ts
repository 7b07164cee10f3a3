import assert from "node:assert/strict";
import { StepResult } from "../../../engines/workflow/step_result.ts";
import { InvalidRecordError } from "../../../enums/mod.ts";
import { AT, completed, ended } from "../../support/step_results.ts";

const full = new StepResult({
  stepName: "costs",
  agentName: "data",
  status: "completed",
  result: { rows: [1, 2] },
  metadata: { order: 2 },
  startedAt: new Date(AT),
  executionTimeMs: 12.5,
  inputsUsed: ["triage"],
});

Deno.test("StepResult takes defaults for what is left out, and the agent's name for the step's", () => {
  assert.deepEqual({ ...completed("triage") }, {
    stepName: "triage",
    agentName: "triage",
    status: "completed",
    result: null,
    error: null,
    metadata: {},
    startedAt: AT,
    executionTimeMs: 0,
    inputsUsed: [],
  });
});

Deno.test("StepResult is a success for completed alone", () => {
  assert.equal(completed("a").success, true);
  for (const status of ["failed", "timed_out", "cancelled", "skipped"] as const) {
    assert.equal(ended("a", status).success, false, status);
  }
});

Deno.test("StepResult writes the wire form, and reads it back", () => {
  const wire = {
    step_name: "costs",
    agent_name: "data",
    status: "completed",
    success: true,
    result: { rows: [1, 2] },
    error: null,
    metadata: { order: 2 },
    started_at: AT,
    execution_time_ms: 12.5,
    inputs_used: ["triage"],
  };
  assert.deepEqual(full.toDict(), wire);
  assert.equal(JSON.stringify(full), JSON.stringify(wire));
  assert.deepEqual(StepResult.fromDict(JSON.parse(JSON.stringify(full))), full);
});

Deno.test("StepResult reads its success again instead of believing it", () => {
  const read = StepResult.fromDict({ ...ended("a", "failed").toDict(), success: true });
  assert.equal(read.success, false);
});

Deno.test("StepResult keeps frozen copies of what it is given", () => {
  const rows = [1];
  const result = completed("a", { result: { rows }, inputsUsed: ["b"] });
  rows.push(2);
  assert.deepEqual(result.result, { rows: [1] });
  assert.ok(Object.isFrozen(result) && Object.isFrozen(result.result));
  assert.ok(Object.isFrozen(result.inputsUsed) && Object.isFrozen(result.metadata));
});

Deno.test("StepResult adds metadata to a copy", () => {
  const more = full.withMetadata({ order: 3, note: "x" });
  assert.deepEqual(more.metadata, { order: 3, note: "x" });
  assert.deepEqual(full.metadata, { order: 2 });
  assert.deepEqual({ ...more, metadata: null }, { ...full, metadata: null });
  assert.throws(() => full.withMetadata({ when: new Date(0) }), InvalidRecordError);
});

Deno.test("StepResult refuses what cannot be, all of it at once", () => {
  const base = { agentName: "a", status: "completed", startedAt: AT };
  const cases: { name: string; options: unknown; paths: string[] }[] = [
    { name: "nothing", options: {}, paths: ["agentName", "status", "startedAt"] },
    { name: "no object", options: null, paths: [""] },
    { name: "a status that is none", options: { ...base, status: "done" }, paths: ["status"] },
    { name: "an error beside completed", options: { ...base, error: "x" }, paths: ["error"] },
    { name: "a failure without error", options: { ...base, status: "failed" }, paths: ["error"] },
    { name: "a result that is a Map", options: { ...base, result: new Map() }, paths: ["result"] },
    {
      name: "a result with NaN",
      options: { ...base, result: { a: [NaN] } },
      paths: ["result.a[0]"],
    },
    {
      name: "a negative time",
      options: { ...base, executionTimeMs: -1 },
      paths: ["executionTimeMs"],
    },
    { name: "an unknown option", options: { ...base, sucess: true }, paths: ["sucess"] },
  ];
  for (const { name, options, paths } of cases) {
    assert.throws(() => new StepResult(options as never), (error: InvalidRecordError) => {
      assert.ok(error instanceof InvalidRecordError, name);
      assert.equal(error.recordName, "StepResult");
      assert.deepEqual(error.faults.map(({ path }) => path), paths, name);
      return true;
    });
  }
});

Deno.test("StepResult is recognised by what cannot be imitated", () => {
  const genuine = completed("a");
  assert.ok(StepResult.is(genuine) && StepResult.is(StepResult.fromDict(genuine.toDict())));
  const impostors = [
    null,
    { ...genuine },
    Object.create(StepResult.prototype),
    new Proxy(genuine, {}),
  ];
  for (const impostor of impostors) assert.ok(!StepResult.is(impostor));
});

Deno.test("StepResult copies data once, and keeps what was copied already", () => {
  const result = completed("a", { result: { list: [1, 2] } });
  const again = result.withMetadata({ seen: true });
  assert.equal(again.result, result.result);
});
