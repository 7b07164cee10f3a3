import assert from "node:assert/strict";
import { readWorkflowStep } from "../../../engines/workflow/workflow_step.ts";
import { InvalidRecordError } from "../../../enums/mod.ts";

Deno.test("readWorkflowStep takes defaults, and the name for agent and type", () => {
  assert.deepEqual(readWorkflowStep({ name: "data" }), {
    name: "data",
    agent: "data",
    stepType: "data",
    dependsOn: [],
    metadata: {},
    when: null,
    timeoutMs: null,
    always: false,
    strategy: "parallel",
  });
});

Deno.test("readWorkflowStep keeps what it is given, in frozen copies", () => {
  const when = () => true;
  const dependsOn = ["triage"];
  const given = { name: "a", agent: "b", stepType: "c", dependsOn, metadata: { d: [1] }, when };
  const step = readWorkflowStep({ ...given, timeoutMs: 0.5 });
  dependsOn.push("x");
  assert.deepEqual(step, {
    ...given,
    dependsOn: ["triage"],
    timeoutMs: 0.5,
    always: false,
    strategy: "parallel",
  });
  assert.ok(Object.isFrozen(step) && Object.isFrozen(step.dependsOn));
  assert.ok(Object.isFrozen(step.metadata["d"]));
});

Deno.test("readWorkflowStep refuses what cannot be", () => {
  const cases: { name: string; options: unknown; path: string }[] = [
    { name: "no object", options: "data", path: "" },
    { name: "no name", options: {}, path: "name" },
    { name: "a blank name", options: { name: " " }, path: "name" },
    { name: "a blank agent", options: { name: "a", agent: "" }, path: "agent" },
    { name: "one dependency as a text", options: { name: "a", dependsOn: "b" }, path: "dependsOn" },
    {
      name: "metadata with a function",
      options: { name: "a", metadata: { f() {} } },
      path: "metadata.f",
    },
    { name: "a condition that is none", options: { name: "a", when: true }, path: "when" },
    { name: "no time", options: { name: "a", timeoutMs: 0 }, path: "timeoutMs" },
    { name: "NaN", options: { name: "a", timeoutMs: NaN }, path: "timeoutMs" },
    {
      name: "more than a timer can",
      options: { name: "a", timeoutMs: 2 ** 31 },
      path: "timeoutMs",
    },
    { name: "always as a text", options: { name: "a", always: "yes" }, path: "always" },
    {
      name: "always, but on a condition",
      options: { name: "a", always: true, when: () => true },
      path: "when",
    },
    { name: "a name of 201 characters", options: { name: "a".repeat(201) }, path: "name" },
    { name: "a name of 501 bytes", options: { name: "漢".repeat(167) }, path: "name" },
    { name: "a name with NUL", options: { name: "a\0b" }, path: "name" },
    { name: "a name with half a pair", options: { name: "a\ud800" }, path: "name" },
    { name: "a name with an unseen character", options: { name: "a\u200bb" }, path: "name" },
    { name: "a name with outer blanks", options: { name: " a" }, path: "name" },
    { name: "__proto__", options: { name: "__proto__" }, path: "name" },
    { name: "such an agent", options: { name: "a", agent: "b\n" }, path: "agent" },
    {
      name: "metadata that a context writes itself",
      options: { name: "a", metadata: { userId: "bob" } },
      path: "metadata",
    },
    {
      name: "metadata that no store takes",
      options: { name: "a", metadata: { x: "x".repeat(60_000) } },
      path: "metadata",
    },
    { name: "no strategy", options: { name: "a", strategy: "fast" }, path: "strategy" },
    { name: "an unknown option", options: { name: "a", depends_on: [] }, path: "depends_on" },
  ];
  for (const { name, options, path } of cases) {
    assert.throws(() => readWorkflowStep(options), (error: InvalidRecordError) => {
      assert.ok(error instanceof InvalidRecordError, name);
      assert.deepEqual(error.faults.map((fault) => fault.path), [path], name);
      return true;
    });
  }
});

Deno.test("readWorkflowStep takes names of 200 characters, of any script, and odd but safe ones", () => {
  for (const name of ["a".repeat(200), "漢".repeat(166), "a b/c:d", "constructor", "toString"]) {
    assert.equal(readWorkflowStep({ name }).name, name);
  }
});
