import assert from "node:assert/strict";
import type { Agent } from "../../../engines/agent.ts";
import type { StepInput } from "../../../engines/engine/pipeline.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { completed, resultsOf } from "../../support/step_results.ts";
import { contextOf, heedful, newEngine } from "./engines.ts";

const workflow = defineWorkflow({
  name: "costs",
  steps: [
    { name: "bills", agent: "echo", metadata: { description: "Reads the bills" } },
    { name: "usage", agent: "echo" },
    { name: "advise", agent: "echo", dependsOn: ["bills", "usage"] },
    { name: "never", agent: "echo", when: () => false },
    { name: "report", agent: "echo", always: true },
  ],
});

const echo: Agent = ({ input }) => {
  const { state, results, step } = input as StepInput;
  return { state, saw: Object.keys(results), step: step.name };
};

Deno.test("executePipeline runs each step after what it depends on, and hands on results", async () => {
  const { engine, context, clock } = newEngine({ echo });
  const results = await engine.executePipeline(workflow, context, { customer: 7 });
  assert.deepEqual(results.map(({ stepName, status }) => [stepName, status]), [
    ["never", "skipped"],
    ["bills", "completed"],
    ["usage", "completed"],
    ["advise", "completed"],
    ["report", "completed"],
  ]);
  const advise = results[3]!;
  assert.deepEqual(advise.result, {
    state: { customer: 7 },
    saw: ["bills", "usage"],
    step: "advise",
  });
  assert.deepEqual(advise.inputsUsed, ["bills", "usage"]);
  assert.deepEqual(results[4]!.inputsUsed, ["bills", "usage", "advise"]);
  const { pipeline_step, total_steps, description } = results[1]!.metadata;
  assert.deepEqual([pipeline_step, total_steps, description], [1, 5, "Reads the bills"]);
  assert.equal(engine.getStats().total_executions, 4);
  assert.equal(results[0]!.startedAt, new Date(clock.now()).toISOString());
});

Deno.test("executePipeline runs at the same time what nothing keeps apart", async () => {
  let running = 0;
  let most = 0;
  const { engine, context, clock } = newEngine({
    echo: async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    },
  });
  await engine.executePipeline(workflow, context, null);
  assert.equal(most, 2);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("executePipeline does not run again what has a result already", async () => {
  const { engine, context } = newEngine({ echo });
  const given = resultsOf(completed("bills", { result: "old" }), completed("stranger"));
  const results = await engine.executePipeline(workflow, context, null, { completed: given });
  assert.equal(results[0], given.get("bills"));
  assert.equal(results.length, 5);
  assert.equal(engine.getStats().total_executions, 3);
});

Deno.test("executePipeline skips what depends on a failure, and stops strictly when told", async () => {
  const { engine, context } = newEngine({
    echo: ({ context: { agentContext }, input }) => {
      if ((input as StepInput).step.name === "usage") throw new Error("no usage");
      return agentContext["operation_name"];
    },
  });
  const statusOf = async (strictStop: boolean) => {
    const results = await engine.executePipeline(workflow, context, null, { strictStop });
    return Object.fromEntries(results.map(({ stepName, status }) => [stepName, status]));
  };
  const skipped = { never: "skipped", bills: "completed", usage: "failed", advise: "skipped" };
  assert.deepEqual(await statusOf(false), { ...skipped, report: "completed" });
  assert.deepEqual(await statusOf(true), { ...skipped, report: "skipped" });
});

Deno.test("executePipeline waits until an end is told before what depends on it begins", async () => {
  const gate = Promise.withResolvers<void>();
  const log: string[] = [];
  const { engine, context, clock } = newEngine({
    echo: ({ input }) => void log.push(`run ${(input as StepInput).step.name}`),
  });
  const ended = async ({ stepName }: { stepName: string }) => {
    log.push(`tell ${stepName}`);
    if (stepName === "bills") await gate.promise;
  };
  const running = engine.executePipeline(workflow, context, null, { ended });
  await clock.advance(0);
  assert.deepEqual(log, ["run bills", "run usage", "tell never", "tell bills"]);
  gate.resolve();
  await running;
  assert.deepEqual(log.slice(4), [
    "tell usage",
    "run advise",
    "tell advise",
    "run report",
    "tell report",
  ]);
});

Deno.test("executePipeline calls off all when an end cannot be told", async () => {
  const { engine, context, clock, permits } = newEngine({
    echo: ({ input, ...call }) =>
      (input as StepInput).step.name === "usage" ? heedful({ input, ...call }) : 1,
  });
  const ended = ({ stepName }: { stepName: string }) => {
    if (stepName === "bills") throw new Error("the store is gone");
  };
  await assert.rejects(engine.executePipeline(workflow, context, null, { ended }), /store is gone/);
  assert.equal(engine.getStats().cancelled_executions, 1);
  assert.equal(engine.getStats().total_executions, 2);
  assert.deepEqual([engine.activeRuns, permits.userCount, clock.sleeperCount], [0, 0, 0]);
});

Deno.test("executePipeline cancels and skips when it is called off, or its engine is", async () => {
  for (const how of ["signal", "cleanup"] as const) {
    const { engine, context, clock } = newEngine({ echo: heedful });
    const controller = new AbortController();
    const { signal } = controller;
    const running = engine.executePipeline(workflow, context, null, { signal });
    await clock.advance(0);
    if (how === "signal") controller.abort(new Error("off"));
    else await engine.cleanup();
    const results = await running;
    assert.deepEqual(results.map(({ status }) => status).sort(), [
      "cancelled",
      "cancelled",
      "skipped",
      "skipped",
      "skipped",
    ], how);
  }
});

Deno.test("executePipeline makes a failed result of a step that could not begin", async () => {
  const { engine, context } = newEngine({ echo: heedful, other: () => 1 }, {}, {
    perUserMax: 1,
    queueMax: 0,
  });
  const blocker = engine.executeAgent({ agentName: "echo", context }, null);
  const one = defineWorkflow({ name: "one", steps: [{ name: "other" }] });
  const [result] = await engine.executePipeline(one, context, null);
  assert.equal(result?.status, "failed");
  const { error_type, pipeline_step, total_steps, user_id } = result?.metadata ?? {};
  assert.deepEqual([error_type, pipeline_step, total_steps, user_id], [
    "PermitQueueFullError",
    1,
    1,
    "ada",
  ]);
  await engine.cleanup();
  await blocker;
});

Deno.test("executePipeline refuses what cannot be, before anything runs", async () => {
  let calls = 0;
  const { engine, context } = newEngine({ echo: () => ++calls });
  const unknown = defineWorkflow({ name: "u", steps: [{ name: "echo" }, { name: "nobody" }] });
  const run = (definition: unknown, whose: unknown, state: unknown = null) =>
    engine.executePipeline(definition as never, whose as never, state);
  await assert.rejects(run(unknown, context), { name: "UnknownAgentError", agentName: "nobody" });
  await assert.rejects(run({ ...workflow }, context), { name: "TypeError" });
  await assert.rejects(run(workflow, contextOf("bob")), { name: "ContextIsolationError" });
  await assert.rejects(run(workflow, {}), { name: "TypeError" });
  await assert.rejects(run(workflow, context, () => 1), { name: "InvalidRecordError" });
  assert.equal(calls, 0);
});

const fan = (count: number) =>
  defineWorkflow({
    name: "fan",
    steps: Array.from({ length: count }, (_, i) => ({ name: `s${i}`, agent: "echo" })),
  });

Deno.test("executePipeline begins no more steps than its user has permits, and all end well", async () => {
  let running = 0;
  let most = 0;
  const { engine, context, permits } = newEngine(
    {
      echo: async () => {
        most = Math.max(most, ++running, permits.usage("ada").held + permits.usage("ada").waiting);
        for (let i = 0; i < 5; i++) await Promise.resolve();
        running--;
      },
    },
    {},
    { queueMax: 0 },
  );
  const results = await engine.executePipeline(fan(100), context, null);
  assert.ok(results.length === 100 && results.every(({ success }) => success));
  assert.equal(most, 3);
});

Deno.test("executePipeline runs a sequential step alone, and says so in its metadata", async () => {
  const log: string[] = [];
  const { engine, context } = newEngine({
    echo: async ({ input }) => {
      const { name } = (input as StepInput).step;
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
    },
  });
  const strategies = ["parallel", "sequential", "parallel", "conditional"] as const;
  const steps = strategies.map((strategy, i) => ({ name: `s${i}`, agent: "echo", strategy }));
  const results = await engine.executePipeline(
    defineWorkflow({ name: "w", steps }),
    context,
    null,
  );
  assert.deepEqual(log, [0, 1, 2, 3].flatMap((i) => [`s${i} begins`, `s${i} ends`]));
  assert.deepEqual(results.map(({ metadata }) => metadata["requires_sequential"]), [
    false,
    true,
    false,
    false,
  ]);
  assert.deepEqual(results[3]?.inputsUsed, ["s0", "s1", "s2"]);
});

Deno.test("executePipeline reports on results that are many, large and deep", async () => {
  let deep: unknown = 1;
  for (let i = 0; i < 63; i++) deep = [deep];
  const large = Array.from({ length: 60_000 }, () => 0);
  let seen: StepInput | undefined;
  const { engine, context } = newEngine({
    large: () => large,
    deep: () => deep,
    report: ({ input }) => Object.keys((seen = input as unknown as StepInput).results),
  });
  const names = ["l1", "l2", "l3"];
  const steps = [
    ...names.map((name) => ({ name, agent: "large" })),
    { name: "d", agent: "deep" },
    { name: "report", always: true },
  ];
  const results = await engine.executePipeline(defineWorkflow({ name: "w", steps }), context, {});
  assert.deepEqual(results.at(-1)?.result, [...names, "d"]);
  assert.ok(Object.isFrozen(seen) && Object.isFrozen(seen?.results));
  assert.equal(seen?.results["l1"], results.find(({ stepName }) => stepName === "l1")?.result);
});

Deno.test("executePipeline judges what it handed on when an agent returns it", async () => {
  const { engine, context } = newEngine({
    large: () => Array.from({ length: 60_000 }, () => 0),
    echo: ({ input }) => input,
  });
  const steps = [
    { name: "l1", agent: "large" },
    { name: "l2", agent: "large" },
    { name: "back", agent: "echo", dependsOn: ["l1", "l2"] },
  ];
  const results = await engine.executePipeline(defineWorkflow({ name: "w", steps }), context, {});
  assert.equal(results.at(-1)?.status, "failed");
  assert.match(results.at(-1)?.error ?? "", /100000 values/);
});

Deno.test("executePipeline is given up when what it tells hangs for 5 s after the stop", async () => {
  for (const how of ["signal", "cleanup"] as const) {
    const { engine, context, clock } = newEngine({ echo: () => 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const gate = Promise.withResolvers<void>();
    let told = 0;
    const ended = () => {
      told++;
      return gate.promise;
    };
    let error: Error | undefined;
    const running = engine.executePipeline(fan(5), context, null, { signal, ended })
      .catch((thrown) => error = thrown);
    await clock.advance(60_000);
    assert.ok(engine.isBusy, how);
    if (how === "signal") controller.abort(new Error("off"));
    else void engine.cleanup(); // which waits as long at most
    await clock.advance(4_999);
    assert.equal(error, undefined, how);
    await clock.advance(1);
    await running;
    assert.equal(
      (error as Error | undefined)?.name,
      how === "signal" ? "Error" : "InactiveEngineError",
    );
    gate.resolve();
    await clock.advance(0);
    assert.deepEqual([told, engine.isBusy, clock.sleeperCount], [1, false, 0], how);
  }
});

Deno.test("executePipeline waits after a stop for what is told in time, and leaves no timer", async () => {
  const { engine, context, clock } = newEngine({ echo: () => 1 });
  const controller = new AbortController();
  const { signal } = controller;
  const ended = () => clock.sleep(10);
  const running = engine.executePipeline(fan(2), context, null, { signal, ended });
  await clock.advance(5);
  controller.abort();
  await clock.advance(100);
  assert.equal((await running).length, 2);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("executePipeline skips the report of a run that was called off last", async () => {
  const slow = Promise.withResolvers<void>();
  const { engine, context } = newEngine({
    echo: async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    },
  });
  const controller = new AbortController();
  const order: string[] = [];
  const ended = async ({ stepName }: { stepName: string }) => {
    if (stepName === "work") await slow.promise;
    order.push(stepName);
  };
  const steps = [{ name: "work", agent: "echo" }, { name: "report", agent: "echo", always: true }];
  const running = engine.executePipeline(defineWorkflow({ name: "w", steps }), context, null, {
    signal: controller.signal,
    ended,
  });
  controller.abort();
  slow.resolve();
  const results = await running;
  assert.deepEqual(order, ["work", "report"]);
  assert.deepEqual(results.map(({ status }) => status), ["cancelled", "skipped"]);
});

Deno.test("executePipeline hands a condition no result to change", async () => {
  let calls = 0;
  const { engine, context } = newEngine({ echo: () => ++calls });
  const steps = [{ name: "a", agent: "echo" }, {
    name: "b",
    agent: "echo",
    dependsOn: ["a"],
    when: (results: ReadonlyMap<string, unknown>) => (results as Map<string, unknown>).delete("a"),
  }];
  const results = await engine.executePipeline(defineWorkflow({ name: "w", steps }), context, null);
  assert.deepEqual(results.map(({ stepName }) => stepName), ["a", "b"]);
  assert.equal(calls, 2);
});
