import assert from "node:assert/strict";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import {
  readySteps,
  type WorkflowDecision,
  type WorkflowPolicy,
  type WorkflowProgress,
} from "../../../engines/workflow/ready_steps.ts";
import type { StepResult } from "../../../engines/workflow/step_result.ts";
import type { StepResults } from "../../../engines/workflow/workflow_step.ts";
import { completed, ended, resultsOf } from "../../support/step_results.ts";

/** a and b at once, c behind both, d behind c; y, then z, at the end. */
const workflow = defineWorkflow({
  name: "w",
  steps: [
    { name: "a" },
    { name: "b" },
    { name: "c", dependsOn: ["a", "b"] },
    { name: "d", dependsOn: ["c"] },
    { name: "y", always: true },
    { name: "z", always: true, dependsOn: ["y", "d"] },
  ],
});
const a = completed("a");
const b = completed("b");
const c = completed("c");
const d = completed("d");
const y = completed("y");
const z = completed("z");

/** A decision in short: `a b` runs both, `-c:dependency` skips, `wait`, `over`. */
function show(decision: WorkflowDecision): string {
  if (decision.kind !== "act") return decision.kind;
  const skips = decision.skip.map(({ step, because }) => `-${step.name}:${because}`);
  return [...decision.run.map(({ name }) => name), ...skips].join(" ");
}

Deno.test("readySteps decides by what has ended and what runs", () => {
  const strictStop = true;
  const cases: {
    name: string;
    progress: WorkflowProgress;
    policy?: WorkflowPolicy;
    decision: string;
  }[] = [
    { name: "nothing has begun", progress: { results: resultsOf() }, decision: "a b" },
    {
      name: "both run",
      progress: { results: resultsOf(), running: new Set(["a", "b"]) },
      decision: "wait",
    },
    {
      name: "one is done, the other runs",
      progress: { results: resultsOf(a), running: new Set(["b"]) },
      decision: "wait",
    },
    {
      name: "one is done, the other has not begun",
      progress: { results: resultsOf(a) },
      decision: "b",
    },
    { name: "both are done", progress: { results: resultsOf(a, b) }, decision: "c" },
    {
      name: "one failed while the other runs: what depends on it is skipped at once",
      progress: { results: resultsOf(ended("a", "failed")), running: new Set(["b"]) },
      decision: "-c:dependency -d:dependency",
    },
    {
      name: "one failed and the rest is skipped: the other is waited for before the end",
      progress: {
        results: resultsOf(ended("a", "failed"), ended("c", "skipped"), ended("d", "skipped")),
        running: new Set(["b"]),
      },
      decision: "wait",
    },
    {
      name: "one timed out, the other is done: the end begins with the skips",
      progress: { results: resultsOf(ended("a", "timed_out"), b) },
      decision: "y -c:dependency -d:dependency",
    },
    { name: "all work is done", progress: { results: resultsOf(a, b, c, d) }, decision: "y" },
    {
      name: "the first of the ends runs",
      progress: { results: resultsOf(a, b, c, d), running: new Set(["y"]) },
      decision: "wait",
    },
    {
      name: "the first of the ends failed: the next runs all the same",
      progress: { results: resultsOf(a, b, c, d, ended("y", "failed")) },
      decision: "z",
    },
    { name: "all is done", progress: { results: resultsOf(a, b, c, d, y, z) }, decision: "over" },
    {
      name: "a result of a step that the workflow does not have",
      progress: { results: resultsOf(a, b, c, d, y, z, ended("other", "failed")) },
      policy: { strictStop },
      decision: "over",
    },
    {
      name: "strict: a failure of a step that the workflow does not have is none",
      progress: { results: resultsOf(ended("other", "failed")) },
      policy: { strictStop },
      decision: "a b",
    },
    {
      name: "strict: one failed, nothing begins",
      progress: { results: resultsOf(ended("a", "failed")) },
      policy: { strictStop },
      decision: "-b:strict_stop -c:strict_stop -d:strict_stop -y:strict_stop -z:strict_stop",
    },
    {
      name: "strict: one was cancelled while the other runs",
      progress: { results: resultsOf(ended("a", "cancelled")), running: new Set(["b"]) },
      policy: { strictStop },
      decision: "-c:strict_stop -d:strict_stop",
    },
    {
      name: "strict: a skip is no failure",
      progress: { results: resultsOf(ended("a", "skipped"), b) },
      policy: { strictStop },
      decision: "y -c:dependency -d:dependency",
    },
    {
      name: "strict: the first of the ends failed",
      progress: { results: resultsOf(a, b, c, d, ended("y", "failed")) },
      policy: { strictStop },
      decision: "-z:strict_stop",
    },
    {
      name: "called off while one runs",
      progress: { results: resultsOf(a), running: new Set(["b"]), isCancelled: true },
      decision: "-c:cancelled -d:cancelled",
    },
    {
      name: "called off, and all that ran has ended",
      progress: { results: resultsOf(a, b, ended("c", "cancelled")), isCancelled: true },
      decision: "-d:cancelled -y:cancelled -z:cancelled",
    },
    {
      name: "room for one",
      progress: { results: resultsOf(), mayBegin: 1 },
      decision: "a",
    },
    {
      name: "no room",
      progress: { results: resultsOf(), running: new Set(["a"]), mayBegin: 0 },
      decision: "wait",
    },
    {
      name: "called off when all had ended",
      progress: { results: resultsOf(a, b, c, d, y, z), isCancelled: true },
      decision: "over",
    },
  ];
  for (const { name, progress, policy, decision } of cases) {
    assert.equal(show(readySteps(workflow, progress, policy)), decision, name);
  }
});

Deno.test("readySteps asks a condition once its dependencies completed, with the results so far", () => {
  const asked: string[][] = [];
  const definition = defineWorkflow({
    name: "w",
    steps: [
      { name: "a" },
      {
        name: "b",
        dependsOn: ["a"],
        when: (results) => {
          asked.push([...results.keys()]);
          return results.get("a")?.result === "yes";
        },
      },
      { name: "c", dependsOn: ["b"] },
    ],
  });
  const decide = (result: string) =>
    show(readySteps(definition, { results: resultsOf(completed("a", { result })) }));
  assert.equal(show(readySteps(definition, { results: resultsOf() })), "a");
  assert.deepEqual(asked, []);
  assert.equal(decide("yes"), "b");
  assert.equal(decide("no"), "-b:condition -c:dependency");
  assert.deepEqual(asked, [["a"], ["a"]]);
});

Deno.test("readySteps skips a step whose condition throws, or answers neither true nor false", () => {
  const thrown = new Error("no");
  const conditions: { name: string; when: () => unknown; error: string }[] = [
    {
      name: "throws",
      when: () => {
        throw thrown;
      },
      error: "no",
    },
    {
      name: "answers later",
      when: () => Promise.resolve(true),
      error: "The condition must answer true or false, got an object",
    },
  ];
  for (const { name, when, error } of conditions) {
    const definition = defineWorkflow({
      name: "w",
      steps: [{ name: "a", when: when as () => boolean }],
    });
    const decision = readySteps(definition, { results: resultsOf() });
    assert.equal(show(decision), "-a:condition_failed", name);
    assert.ok(decision.kind === "act");
    const [skipped] = decision.skip;
    assert.ok(skipped?.because === "condition_failed" && skipped.error instanceof Error);
    assert.equal(skipped.error.message, error);
  }
});

Deno.test("readySteps heeds the strategy of each step", () => {
  const sequential = "sequential";
  const conditional = "conditional";
  const mixed = [
    { name: "a" },
    { name: "b", strategy: sequential },
    { name: "c" },
    { name: "d", dependsOn: ["a"], strategy: sequential },
    { name: "e", strategy: conditional },
    { name: "r", always: true },
  ] as const;
  const cases: {
    name: string;
    steps: Parameters<typeof defineWorkflow>[0]["steps"];
    results?: StepResult[];
    running?: string[];
    decision: string;
  }[] = [
    { name: "what is listed before it begins, nothing behind it", steps: mixed, decision: "a" },
    { name: "it waits while another runs", steps: mixed, running: ["a"], decision: "wait" },
    { name: "it begins alone", steps: mixed, results: [a], decision: "b" },
    {
      name: "nothing begins while it runs",
      steps: mixed,
      results: [a],
      running: ["b"],
      decision: "wait",
    },
    { name: "others go on behind it", steps: mixed, results: [a, b], decision: "c" },
    {
      name: "one that is not ready holds nobody",
      steps: [
        { name: "s", dependsOn: ["a"], strategy: sequential },
        { name: "a" },
        { name: "b" },
      ],
      decision: "a b",
    },
    {
      name: "one whose condition does not hold holds nobody",
      steps: [{ name: "a" }, { name: "s", strategy: sequential, when: () => false }, { name: "b" }],
      running: ["a"],
      decision: "b -s:condition",
    },
    {
      name: "two of them, in their order",
      steps: [{ name: "b", strategy: sequential }, { name: "a", strategy: sequential }],
      decision: "b",
    },
    {
      name: "a conditional one waits for all before it",
      steps: mixed,
      results: [a, b, c],
      decision: "d",
    },
    { name: "and then begins", steps: mixed, results: [a, b, c, d], decision: "e" },
    {
      name: "and needs all of them",
      steps: [{ name: "a" }, { name: "b" }, { name: "e", strategy: conditional }],
      results: [a, ended("b", "failed")],
      decision: "-e:dependency",
    },
    {
      name: "and nothing that is listed behind it",
      steps: [{ name: "a" }, { name: "e", strategy: conditional }, { name: "b" }],
      results: [a],
      running: ["b"],
      decision: "e",
    },
    {
      name: "the ends run alone too",
      steps: [
        { name: "y", always: true, strategy: sequential },
        { name: "z", always: true, strategy: sequential },
      ],
      decision: "y",
    },
  ];
  for (const { name, steps, results = [], running = [], decision } of cases) {
    const definition = defineWorkflow({ name: "w", steps });
    const progress = { results: resultsOf(...results), running: new Set(running) };
    assert.equal(show(readySteps(definition, progress)), decision, name);
  }
});

Deno.test("readySteps hands a condition results of its own", () => {
  const results = resultsOf(a);
  const steps = [{ name: "a" }, {
    name: "b",
    dependsOn: ["a"],
    when: (given: StepResults) => (given as Map<string, StepResult>).delete("a"),
  }];
  assert.equal(show(readySteps(defineWorkflow({ name: "w", steps }), { results })), "b");
  assert.deepEqual([...results.keys()], ["a"]);
});
