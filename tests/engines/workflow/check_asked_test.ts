import assert from "node:assert/strict";
import { type Asking, checkAsked } from "../../../engines/workflow/check_asked.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { newEngine } from "../engine/engines.ts";

const known = defineWorkflow({ name: "w", steps: [{ name: "a" }] });
const unknown = defineWorkflow({ name: "w", steps: [{ name: "a" }, { name: "b" }] });

Deno.test("checkAsked judges what is asked for", async () => {
  const { engine, context } = newEngine({ a: () => 1 });
  const terms = { engine, isDurable: true, sink: null, clock: new FakeClock() };
  const asking: Asking = { kind: "start", definition: known, context, signal: null };
  let deep = context;
  while (deep.operationDepth < 9) deep = deep.createChild("part");
  const cases: [name: string, change: Partial<Asking>, error: string | null][] = [
    ["all is there", {}, null],
    ["the standard workflow", { definition: null }, null],
    ["an agent is missing", { definition: unknown }, "UnknownAgentError"],
    ["one may have its result already", { definition: unknown, kind: "resume" }, null],
    ["nested too deep", { context: deep }, "InvalidContextError"],
    ["a signal that is none", { signal: {} as AbortSignal }, "TypeError"],
  ];
  for (const [name, change, error] of cases) {
    const judge = () => checkAsked({ ...asking, ...change }, terms);
    if (error === null) assert.equal(judge().events.faults, 0, name);
    else assert.throws(judge, { name: error }, name);
  }
  await engine.cleanup();
  assert.throws(() => checkAsked(asking, terms), { name: "InactiveEngineError" });
});
