import assert from "node:assert/strict";
import { checkPipeline } from "../../../engines/engine/check_pipeline.ts";
import { defineWorkflow, WorkflowDefinition } from "../../../engines/workflow/define_workflow.ts";
import { StepResult } from "../../../engines/workflow/step_result.ts";
import { completed, resultsOf } from "../../support/step_results.ts";
import { contextOf, newEngine } from "./engines.ts";

const definition = defineWorkflow({ name: "w", steps: [{ name: "a" }, { name: "b" }] });
const context = contextOf();
const terms = { context, agents: new Map([["a", () => 1], ["b", () => 1]]) };

function nested(depth: number) {
  let part = context;
  for (let i = 0; i < depth; i++) part = part.createChild("part");
  return part;
}

Deno.test("checkPipeline gives back what is in order, copied, with null for no signal", () => {
  const given = resultsOf(completed("a"), completed("stranger"));
  const { signal } = new AbortController();
  const checked = checkPipeline(definition, nested(9), { signal, completed: given }, terms);
  assert.equal(checked.signal, signal);
  given.clear();
  assert.deepEqual([...checked.completed!.keys()], ["a"]);
  assert.equal(checkPipeline(definition, context, { signal: null }, terms).signal, null);
  assert.equal(checkPipeline(definition, context, {}, terms).signal, null);
});

Deno.test("checkPipeline refuses what cannot be", () => {
  const forged = Object.create(WorkflowDefinition.prototype, { steps: { value: [] } });
  const cases: { name: string; args?: [unknown, unknown?, unknown?]; error: string }[] = [
    { name: "no definition", args: [undefined], error: "TypeError" },
    { name: "its shape", args: [{ ...definition }], error: "TypeError" },
    { name: "its prototype", args: [forged], error: "TypeError" },
    { name: "no context", args: [definition, {}], error: "TypeError" },
    {
      name: "another user's",
      args: [definition, contextOf("bob")],
      error: "ContextIsolationError",
    },
    { name: "too deep", args: [definition, nested(10)], error: "InvalidContextError" },
    { name: "no options", args: [definition, context, null], error: "TypeError" },
    { name: "no signal", args: [definition, context, { signal: {} }], error: "TypeError" },
    { name: "a text to tell", args: [definition, context, { ended: "x" }], error: "TypeError" },
    ...[
      {},
      new Map([["a", { ...completed("a") }]]),
      new Map([["a", Object.create(StepResult.prototype)]]),
      new Map([["a", completed("b")]]),
      new Map([["a", null]]),
    ].map((given) => ({
      name: "results that are none",
      args: [definition, context, { completed: given }] as [unknown, unknown, unknown],
      error: "TypeError",
    })),
  ];
  for (const { name, args: [what, whose = context, how = {}] = [null], error } of cases) {
    const check = () => checkPipeline(what as never, whose as never, how as never, terms);
    assert.throws(check, { name: error }, name);
  }
  const check = () => checkPipeline(definition, context, {}, { context, agents: new Map() });
  assert.throws(check, { name: "UnknownAgentError", agentName: "a" });
});

Deno.test("an engine refuses a signal that is none before anything has an effect", async () => {
  const { engine, context, sent } = newEngine({ a: () => 1 });
  for (const signal of [{}, 1, { aborted: false, addEventListener() {} }] as never[]) {
    const call = engine.executeAgent({ agentName: "a", context }, null, { signal });
    await assert.rejects(call, { name: "TypeError" });
  }
  assert.deepEqual([sent.length, engine.getStats().total_executions], [0, 0]);
  const { success } = await engine.executeAgent({ agentName: "a", context }, null, {
    signal: null,
  });
  assert.ok(success);
});
