import assert from "node:assert/strict";
import {
  defineWorkflow,
  STEPS_MAX,
  WorkflowDefinition,
} from "../../../engines/workflow/define_workflow.ts";
import { InvalidRecordError } from "../../../enums/mod.ts";

function namesOf(...steps: Parameters<typeof defineWorkflow>[0]["steps"]): string {
  return defineWorkflow({ name: "w", steps }).steps.map(({ name }) => name).join(" ");
}

Deno.test("defineWorkflow puts steps behind what they wait for, the ends last, else as given", () => {
  assert.equal(namesOf({ name: "c" }, { name: "a" }, { name: "b" }), "c a b");
  assert.equal(
    namesOf({ name: "z", always: true }, { name: "b", dependsOn: ["a"] }, { name: "a" }),
    "a b z",
  );
  assert.equal(
    namesOf(
      { name: "y", always: true, dependsOn: ["z"] },
      { name: "z", always: true },
      { name: "a" },
    ),
    "a z y",
  );
});

Deno.test("defineWorkflow gives frozen data, and finds steps by name", () => {
  const workflow = defineWorkflow({ name: "w", steps: [{ name: "a" }] });
  assert.equal(workflow.name, "w");
  assert.equal(workflow.step("a"), workflow.steps[0]);
  assert.equal(workflow.step("toString"), undefined);
  assert.ok(Object.isFrozen(workflow) && Object.isFrozen(workflow.steps));
});

Deno.test("defineWorkflow takes up to 100 steps", () => {
  const steps = Array.from({ length: STEPS_MAX }, (_, i) => ({ name: `s${i}` }));
  assert.equal(defineWorkflow({ name: "w", steps }).steps.length, 100);
});

Deno.test("defineWorkflow refuses what cannot be, all of it at once", () => {
  const many = Array.from({ length: STEPS_MAX + 1 }, (_, i) => ({ name: `s${i}` }));
  const cases: { name: string; options: unknown; paths: string[] }[] = [
    { name: "nothing", options: undefined, paths: ["name", "steps"] },
    { name: "no steps", options: { name: "w", steps: [] }, paths: ["steps"] },
    { name: "too many", options: { name: "w", steps: many }, paths: ["steps"] },
    { name: "a blank name", options: { name: " ", steps: [{ name: "a" }] }, paths: ["name"] },
    { name: "steps that are none", options: { name: "w", steps: "a" }, paths: ["steps"] },
    {
      name: "faults in several steps",
      options: { name: "w", steps: [null, { name: "a", timeoutMs: -1 }, { name: "b", "x y": 1 }] },
      paths: ["steps[0]", "steps[1].timeoutMs", `steps[2]["x y"]`],
    },
    {
      name: "a conditional step that one before it waits for",
      options: {
        name: "w",
        steps: [{ name: "a", dependsOn: ["b"] }, { name: "b", strategy: "conditional" }],
      },
      paths: ["steps"],
    },
    {
      name: "a name that no store takes",
      options: { name: "w\0", steps: [{ name: "a" }] },
      paths: ["name"],
    },
    {
      name: "a hole",
      options: { name: "w", steps: new Array(1) },
      paths: ["steps[0]"],
    },
    {
      name: "a fault between steps beside one within",
      options: { name: "", steps: [{ name: "a" }, { name: "a", dependsOn: ["a"] }] },
      paths: ["name", "steps[1].name", "steps[1].dependsOn[0]"],
    },
  ];
  for (const { name, options, paths } of cases) {
    assert.throws(() => defineWorkflow(options as never), (error: InvalidRecordError) => {
      assert.ok(error instanceof InvalidRecordError, name);
      assert.equal(error.code, "INVALID_RECORD");
      assert.equal(error.recordName, "WorkflowDefinition");
      assert.deepEqual(error.faults.map(({ path }) => path), paths, name);
      return true;
    });
  }
});

Deno.test("defineWorkflow makes a conditional step depend on every step before it in the list", () => {
  const workflow = defineWorkflow({
    name: "w",
    steps: [
      { name: "y", always: true },
      { name: "b" },
      { name: "a", dependsOn: ["c"] },
      { name: "e", dependsOn: ["a"], strategy: "conditional" },
      { name: "c" },
      { name: "z", always: true, strategy: "conditional" },
    ],
  });
  assert.deepEqual(workflow.step("e")?.dependsOn, ["a", "b"]);
  assert.deepEqual(workflow.step("z")?.dependsOn, ["y", "b", "a", "e", "c"]);
  assert.equal(workflow.steps.map(({ name }) => name).join(""), "bcaeyz");
});

Deno.test("WorkflowDefinition is recognised by what cannot be imitated", () => {
  const genuine = defineWorkflow({ name: "w", steps: [{ name: "a" }] });
  assert.ok(WorkflowDefinition.is(genuine));
  const impostors = [
    null,
    undefined,
    "w",
    { ...genuine },
    Object.create(WorkflowDefinition.prototype),
    Object.create(genuine),
    new Proxy(genuine, {}),
  ];
  for (const impostor of impostors) assert.ok(!WorkflowDefinition.is(impostor));
  class Own extends WorkflowDefinition {}
  assert.throws(() => new Own({ name: "w", steps: [{ name: "a" }] }), TypeError);
  assert.ok(Object.isFrozen(WorkflowDefinition) && Object.isFrozen(WorkflowDefinition.prototype));
});

Deno.test("WorkflowDefinition has a fingerprint that changes with what a recorded result means", () => {
  const step = { name: "a", agent: "x", dependsOn: ["b"] };
  const fingerprintOf = (change: object, name = "w") =>
    defineWorkflow({ name, steps: [{ ...step, ...change }, { name: "b" }] }).fingerprint;
  const own = fingerprintOf({});
  assert.match(own, /^[0-9a-f]{64}$/);
  for (const change of [{ metadata: { x: 1 } }, { timeoutMs: 5 }, { stepType: "t" }]) {
    assert.equal(fingerprintOf(change), own, JSON.stringify(change));
  }
  const others = [
    fingerprintOf({}, "v"),
    ...[
      { name: "c" },
      { agent: "y" },
      { dependsOn: [] },
      { strategy: "sequential" },
      { always: true },
      { when: () => true },
    ].map((change) => fingerprintOf(change)),
  ];
  assert.equal(new Set([own, ...others]).size, others.length + 1);
});
