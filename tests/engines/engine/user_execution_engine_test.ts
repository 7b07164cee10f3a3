import assert from "node:assert/strict";
import type { Agent, AgentCall } from "../../../engines/agent.ts";
import { currentContext, setContextChecks } from "../../../engines/context/current_context.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { contextOf, heedful, newEngine, typesOf } from "./engines.ts";

const echo: Agent = ({ input }) => input;

Deno.test("UserExecutionEngine.is knows its own and nothing that looks like it", () => {
  const { engine: genuine } = newEngine({ echo });
  assert.ok(UserExecutionEngine.is(genuine));
  const named = { UserExecutionEngine: class {} }.UserExecutionEngine;
  const { proxy, revoke } = Proxy.revocable(genuine, {});
  revoke();
  const impostors: [name: string, value: unknown][] = [
    ["null", null],
    ["undefined", undefined],
    ["a text", "UserExecutionEngine"],
    ["the class", UserExecutionEngine],
    ["its prototype", UserExecutionEngine.prototype],
    ["a copy", { ...genuine }],
    ["a class of that name", new named()],
    ["made on the prototype", Object.create(UserExecutionEngine.prototype)],
    ["made on an instance", Object.create(genuine)],
    ["with its prototype", Object.setPrototypeOf({}, UserExecutionEngine.prototype)],
    ["with the tag", { [Symbol.toStringTag]: "UserExecutionEngine", executeAgent: () => {} }],
    ["a proxy", new Proxy(genuine, {})],
    ["a revoked proxy", proxy],
  ];
  for (const [name, value] of impostors) assert.equal(UserExecutionEngine.is(value), false, name);
});

Deno.test("UserExecutionEngine cannot be changed, patched or extended", () => {
  const { engine, context } = newEngine({ echo });
  const targets: [name: string, target: object, key: string][] = [
    ["a method of an engine", engine, "executeAgent"],
    ["its context", engine, "context"],
    ["a method of all engines", UserExecutionEngine.prototype, "executeAgent"],
    ["the recogniser", UserExecutionEngine, "is"],
  ];
  for (const [name, target, key] of targets) {
    assert.equal(Reflect.set(target, key, () => true), false, name);
    assert.equal(Reflect.defineProperty(target, key, { value: 1 }), false, name);
  }
  assert.equal(Reflect.setPrototypeOf(engine, {}), false);
  class Wider extends UserExecutionEngine {}
  const options = { context, agents: new Map([["echo", echo]]) };
  assert.throws(() => new Wider(options), { name: "TypeError", message: /cannot be extended/ });
  assert.throws(() => Reflect.construct(UserExecutionEngine, [options], Object), TypeError);
});

Deno.test("UserExecutionEngine refuses options that cannot be, and copies the others", async () => {
  const context = contextOf();
  const agents = new Map([["echo", echo]]);
  const cases: [name: string, options: unknown, error: object][] = [
    ["none", undefined, { name: "TypeError" }],
    ["an unknown option", { context, agents, clok: 1 }, { message: /did you mean clock\?$/ }],
    ["no permits", { context, agents, permits: {} }, { message: /^permits must be UserPermits/ }],
    ["no context", { agents }, { message: /Expected UserExecutionContext/ }],
    ["the shape of a context", { context: { ...context }, agents }, { name: "TypeError" }],
    ["no agents", { context }, { message: /agents must be a Map/ }],
    ["a blank name", { context, agents: new Map([[" ", echo]]) }, { name: "TypeError" }],
    ["no function", { context, agents: new Map([["echo", 5]]) }, { name: "TypeError" }],
    ["no tool", { context, agents, tools: new Map([["t", {}]]) }, { message: /"t"/ }],
    ["a limit", { context, agents, limits: { timeoutMs: 0 } }, { name: "RangeError" }],
    ["a module", { context, agents: new Map([["a", { url: "file:///a.ts" }]]) }, {
      name: "AgentIsolationError",
      message: /--unstable-worker-options/,
    }],
    [
      "a relative module",
      { context, allowWorkers: true, agents: new Map([["a", { url: "./a.ts" }]]) },
      { name: "TypeError", message: /absolute/ },
    ],
  ];
  for (const [name, options, error] of cases) {
    assert.throws(() => new UserExecutionEngine(options as never), error, name);
  }
  const engine = new UserExecutionEngine({ context, agents });
  agents.clear();
  assert.equal((await engine.executeAgent({ agentName: "echo", context }, 1)).result, 1);
  assert.match(engine.engineId, /^user_engine_[0-9a-f-]{36}$/);
});

Deno.test("UserExecutionEngine refuses a request before it has any effect", async () => {
  let calls = 0;
  const { engine, context, sent, permits } = newEngine({ echo: () => ++calls });
  let deep = context;
  for (let depth = 0; depth < 10; depth++) deep = deep.createChild("part");
  const good = { agentName: "echo", context };
  const isolation = (message: RegExp) => ({ name: "ContextIsolationError", message });
  const cases: [name: string, request: unknown, error: object][] = [
    ["none", null, { name: "TypeError" }],
    ["no context", { agentName: "echo" }, { name: "TypeError", message: /UserExecutionContext/ }],
    ["a copy of a context", { ...good, context: { ...context } }, { name: "TypeError" }],
    ["another user", { ...good, context: contextOf("bob") }, isolation(/^User ID mismatch/)],
    ["another run", { ...good, context: contextOf("ada", "r-2") }, isolation(/^Run ID mismatch/)],
    [
      "another thread",
      { ...good, context: contextOf("ada", "run-1", "t-2") },
      isolation(/^Thread ID mismatch/),
    ],
    ["an unknown agent", { ...good, agentName: "nobody" }, { name: "UnknownAgentError" }],
    ["a worker for a function", { ...good, isolation: "worker" }, { name: "AgentIsolationError" }],
    ["no time", { ...good, timeoutMs: 0 }, { name: "RangeError" }],
    ["an unknown tier", { ...good, tier: "golden" }, { name: "TypeError" }],
    ["a blank step", { ...good, stepName: " " }, { name: "TypeError" }],
    ["strange lineage", { ...good, inputsUsed: [1] }, { name: "TypeError" }],
    ["strange metadata", { ...good, metadata: { f() {} } }, { name: "InvalidRecordError" }],
    ["a context nested too deep", { ...good, context: deep }, { name: "InvalidContextError" }],
  ];
  for (const [name, request, error] of cases) {
    await assert.rejects(engine.executeAgent(request as never, 1), error, name);
  }
  await assert.rejects(engine.executeAgent(good, () => 1), { name: "InvalidRecordError" });
  await engine.cleanup();
  await assert.rejects(engine.executeAgent(good, 1), {
    name: "InactiveEngineError",
    message: `UserExecutionEngine ${engine.engineId} is no longer active`,
  });
  await assert.rejects(
    engine.executePipeline(defineWorkflow({ name: "w", steps: [{ name: "echo" }] }), context, 1),
    { name: "InactiveEngineError" },
  );
  assert.deepEqual([calls, sent.length, permits.userCount], [0, 0, 0]);
  assert.equal(engine.getStats().total_executions, 0);
});

Deno.test("UserExecutionEngine never names the other user", async () => {
  const { engine } = newEngine({ echo });
  const request = { agentName: "echo", context: contextOf("secret-bob") };
  await assert.rejects(engine.executeAgent(request, 1), (error: Error) => {
    return !JSON.stringify([error, error.message]).includes("secret-bob");
  });
});

Deno.test("UserExecutionEngine gives an agent its own context and a frozen copy", async () => {
  const state = { list: [1] };
  let seen: AgentCall | undefined;
  const { engine, context } = newEngine({
    look: async (call) => {
      await Promise.resolve();
      seen = call;
      return currentContext() === call.context;
    },
  });
  const result = await engine.executeAgent({ agentName: "look", context }, state);
  assert.equal(result.result, true);
  state.list.push(2);
  assert.deepEqual(seen?.input, { list: [1] });
  assert.ok(Object.isFrozen((seen?.input as typeof state).list));
  assert.equal(seen?.context.agentContext["operation_name"], "agent_execution_look");
  assert.equal(seen?.context.parentRequestId, context.requestId);
  assert.equal(seen?.signal.aborted, true);
});

Deno.test("UserExecutionEngine makes data of every end", async () => {
  const { engine, context, clock, sent } = newEngine({
    well: () => ({ a: 1 }),
    nothing: () => undefined,
    throws: () => {
      throw new RangeError("too much");
    },
    strange: () => new Map(),
    slow: heedful,
  });
  const cases = [
    { agentName: "well", status: "completed", error: null, metadata: {} },
    { agentName: "nothing", status: "completed", error: null, metadata: {} },
    {
      agentName: "throws",
      status: "failed",
      error: "Agent execution failed: too much",
      metadata: { fallback_result: true, original_error: "too much", error_type: "RangeError" },
    },
    {
      agentName: "strange",
      status: "failed",
      error: /plain|JSON/,
      metadata: { fallback_result: true, error_type: "InvalidRecordError" },
    },
    {
      agentName: "slow",
      status: "timed_out",
      error: "User agent execution timed out after 25.0s",
      metadata: { timeout: true, timeout_ms: 25_000 },
    },
  ];
  for (const { agentName, status, error, metadata } of cases) {
    const request = { agentName, context, stepName: "s", metadata: { own: 1 }, inputsUsed: ["x"] };
    const running = engine.executeAgent(request, null);
    await clock.advance(25_000);
    const result = await running;
    assert.equal(result.status, status, agentName);
    if (error instanceof RegExp) assert.match(result.error ?? "", error);
    else assert.equal(result.error, error, agentName);
    const said = { user_isolated: true, user_id: "ada", engine_id: engine.engineId, own: 1 };
    for (const [key, value] of Object.entries({ ...said, ...metadata })) {
      assert.equal(result.metadata[key], value, `${agentName} ${key}`);
    }
    assert.equal(result.stepName, "s");
    if (status === "completed") assert.deepEqual(result.inputsUsed, ["x"]);
  }
  assert.equal(sent.filter(({ type }) => type === "agent_completed").length, cases.length);
});

Deno.test("UserExecutionEngine allows as long as the request, the tier or the limits say", async () => {
  const { engine, context, clock } = newEngine({ slow: heedful }, {
    limits: { timeoutMs: 2_000, tierTimeoutsMs: { mid: 5_000 } },
  });
  const cases: [more: object, ms: number][] = [
    [{}, 2_000],
    [{ tier: "free" }, 2_000],
    [{ tier: "mid" }, 5_000],
    [{ tier: "enterprise" }, 300_000],
    [{ tier: "mid", timeoutMs: 7 }, 7],
  ];
  for (const [more, ms] of cases) {
    const running = engine.executeAgent({ agentName: "slow", context, ...more }, null);
    await clock.advance(ms - 1);
    assert.equal(engine.activeRuns, 1, `${ms} early`);
    await clock.advance(1);
    assert.equal(engine.activeRuns, 0, `${ms} late`);
    assert.equal((await running).executionTimeMs, ms);
  }
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("UserExecutionEngine cancels when the caller's signal aborts", async () => {
  const { engine, context, clock, permits } = newEngine({ slow: heedful }, {}, { perUserMax: 1 });
  const controller = new AbortController();
  const { signal } = controller;
  const request = { agentName: "slow", context };
  const running = engine.executeAgent(request, null, { signal });
  const waiting = engine.executeAgent(request, null, { signal });
  controller.abort(new Error("the user left"));
  const late = engine.executeAgent(request, null, { signal });
  for (const result of await Promise.all([running, waiting, late])) {
    assert.equal(result.status, "cancelled");
    assert.equal(result.error, "User agent execution was cancelled: the user left");
  }
  assert.equal(engine.getStats().cancelled_executions, 3);
  await clock.advance(0);
  assert.deepEqual([permits.userCount, clock.sleeperCount], [0, 0]);
});

Deno.test("UserExecutionEngine ignores and counts what comes too late", async () => {
  const gate = Promise.withResolvers<unknown>();
  let call: AgentCall | undefined;
  const stubborn: Agent = (given) => {
    call = given;
    return gate.promise;
  };
  const { engine, context, clock, sent, permits } = newEngine({ stubborn });
  const running = engine.executeAgent({ agentName: "stubborn", context }, null);
  await clock.advance(25_000);
  assert.equal((await running).status, "timed_out");
  assert.equal(permits.usage("ada").held, 0);
  assert.equal(engine.getStats().dead_executions, 1);
  const before = sent.length;
  call?.think("still here");
  await assert.rejects(call!.callTool("any"), { name: "ToolError", reason: "run_ended" });
  assert.equal(sent.length, before);
  gate.resolve("late");
  await clock.advance(0);
  const stats = engine.getStats();
  assert.deepEqual([stats.dead_executions, stats.late_completions], [0, 1]);
  assert.equal(stats.event_faults, 1);
  assert.equal(engine.getHistory().length, 1);
});

Deno.test("UserExecutionEngine tells what an agent does in order, from its start to its end", async () => {
  const { engine, context, sent } = newEngine({
    busy: async ({ callTool, think }) => {
      think("Looking around", 40);
      return await callTool("add", { a: 1, b: 2, apiKey: "s3cret" });
    },
    throws: () => {
      throw new Error("no");
    },
  }, { tools: new Map([["add", ({ a, b }) => Number(a) + Number(b)]]) });
  const result = await engine.executeAgent({ agentName: "busy", context }, "How much is it?");
  assert.equal(result.result, 3);
  assert.deepEqual(typesOf(sent), [
    "agent_started",
    "agent_thinking:1",
    "agent_thinking:2",
    "agent_thinking:3",
    "tool_executing:add",
    "tool_completed:add",
    "agent_completed:completed",
  ]);
  assert.equal(sent[1]?.data["reasoning"], "Starting execution of busy agent...");
  assert.equal(sent[2]?.data["reasoning"], "Processing request: How much is it?...");
  assert.ok(!JSON.stringify(sent).includes("s3cret"));
  assert.deepEqual(sent.at(-1)?.data["result"], {
    agent_name: "busy",
    success: true,
    duration_ms: 0,
    status: "completed",
    user_isolated: true,
    user_id: "ada",
    engine_id: engine.engineId,
    error: null,
    result: 3,
  });
  sent.length = 0;
  await engine.executeAgent({ agentName: "throws", context }, null);
  assert.deepEqual(typesOf(sent), [
    "agent_started",
    "agent_thinking:1",
    "agent_error:error",
    "agent_completed:failed",
  ]);
  for (const { userId, runId, threadId, agentName } of sent) {
    assert.deepEqual([userId, runId, threadId, agentName], ["ada", "run-1", "thread-1", "throws"]);
  }
});

Deno.test("UserExecutionEngine is not harmed by a sink that breaks", async () => {
  const sinks: [name: string, send: () => unknown][] = [
    ["throws", () => {
      throw new Error("no");
    }],
    ["says no", () => false],
    ["rejects", () => Promise.reject(new Error("no"))],
  ];
  for (const [name, send] of sinks) {
    const { engine, context } = newEngine({ echo }, { events: { send: send as () => void } });
    const result = await engine.executeAgent({ agentName: "echo", context }, 1);
    await Promise.resolve();
    assert.equal(result.success, true, name);
    assert.equal(engine.getStats().event_faults, 3, name);
  }
});

Deno.test("UserExecutionEngine shares permits with the other engines of the user", async () => {
  const setup = newEngine({ slow: heedful });
  const { clock, permits, context, sent } = setup;
  const agents = new Map([["slow", heedful]]);
  const other = new UserExecutionEngine({ context, agents, clock, permits });
  const bob = contextOf("bob");
  const bobs = new UserExecutionEngine({ context: bob, agents, clock, permits });
  const request = { agentName: "slow", context };
  const first = [setup.engine, other, other].map((engine) => engine.executeAgent(request, null));
  const fourth = setup.engine.executeAgent({ ...request, timeoutMs: 5 }, null);
  const foreign = bobs.executeAgent({ agentName: "slow", context: bob }, null);
  await clock.advance(999);
  assert.deepEqual(permits.usage("ada"), { held: 3, waiting: 1, abandoned: 0 });
  assert.deepEqual(permits.usage("bob"), { held: 1, waiting: 0, abandoned: 0 });
  assert.deepEqual(typesOf(sent).filter((type) => type.endsWith(":0")), []);
  await clock.advance(1);
  assert.deepEqual(typesOf(sent).filter((type) => type.endsWith(":0")), ["agent_thinking:0"]);
  assert.match(String(sent.at(-1)?.data["reasoning"]), /^Request queued due to user load/);
  assert.equal(setup.engine.getStats().concurrent_executions, 1);
  assert.equal(setup.engine.getStats().active_runs_count, 2);
  await clock.advance(24_000);
  assert.equal((await first[0]!).status, "timed_out");
  await clock.advance(5);
  assert.equal((await fourth).status, "timed_out");
  assert.deepEqual(setup.engine.getStats().queue_wait_times, [0, 25]);
  await Promise.all([...first, foreign]);
  assert.equal(permits.userCount, 0);
});

Deno.test("UserExecutionEngine refuses more than may wait, and ends what waits too long", async () => {
  const { engine, context, clock, permits, sent } = newEngine(
    { slow: heedful },
    { limits: { timeoutMs: 60_000 } },
    { perUserMax: 1, queueMax: 1 },
  );
  const request = { agentName: "slow", context };
  const running = engine.executeAgent(request, null);
  const waiting = assert.rejects(engine.executeAgent(request, null), {
    name: "PermitTimeoutError",
    waitedMs: 30_000,
  });
  const before = sent.length;
  await assert.rejects(engine.executeAgent(request, null), { name: "PermitQueueFullError" });
  assert.equal(sent.length, before);
  await clock.advance(30_000);
  await waiting;
  assert.deepEqual(typesOf(sent).slice(-2), ["agent_error:error", "agent_completed:failed"]);
  assert.equal(engine.getStats().failed_executions, 1);
  assert.equal(engine.getStats().total_executions, 2);
  await clock.advance(30_000);
  await running;
  assert.equal(permits.userCount, 0);
});

Deno.test("UserExecutionEngine cleans up once: all ends, the figures stay", async () => {
  const { engine, context, clock, permits } = newEngine({
    echo,
    slow: heedful,
    stubborn: () => new Promise(() => {}),
  });
  await engine.executeAgent({ agentName: "echo", context }, 1);
  const names = ["slow", "stubborn", "slow", "slow"];
  const runs = names.map((agentName) => engine.executeAgent({ agentName, context }, null));
  assert.deepEqual([engine.activeRuns, engine.isBusy], [4, true]);
  const cleanup = engine.cleanup();
  assert.equal(engine.isActive, false);
  for (const result of await Promise.all(runs)) assert.equal(result.status, "cancelled");
  assert.equal(engine.cleanup(), cleanup);
  let snapshot: unknown = null;
  void engine.ended.then((given) => snapshot = given);
  await clock.advance(4_999);
  assert.equal(snapshot, null);
  await clock.advance(1);
  const { stats, history } = await cleanup;
  assert.deepEqual(stats, engine.getStats());
  assert.deepEqual(
    [stats.is_active, stats.active_runs_count, stats.cancelled_executions, stats.dead_executions],
    [false, 0, 4, 1],
  );
  assert.equal(history.length, 5);
  assert.equal(permits.usage("ada").held, 0);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("UserExecutionEngine sums up, and keeps no more than it may", async () => {
  const { engine, context } = newEngine({
    echo,
    throws: () => {
      throw new Error("no");
    },
  }, { limits: { historyMaxEntries: 3 } });
  for (let i = 0; i < 10; i++) await engine.executeAgent({ agentName: "echo", context }, i);
  await engine.executeAgent({ agentName: "throws", context }, null);
  assert.deepEqual(engine.getHistory().map(({ result }) => result), [8, 9, null]);
  assert.deepEqual(engine.getHistory({ limit: 1 }).map(({ status }) => status), ["failed"]);
  const { execution_stats: stats, warnings, ...summary } = engine.getSummary();
  assert.deepEqual(summary, {
    total_agents: 11,
    completed_agents: 10,
    failed_agents: 1,
    user_id: "ada",
    engine_id: engine.engineId,
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual([stats.total_executions, stats.history_count], [11, 3]);
  assert.equal(stats.execution_times.length, 3);
  assert.equal(stats.max_concurrent, 3);
});

Deno.test("UserExecutionEngine finds work under another user's context in development", async () => {
  const { engine, context } = newEngine({ echo });
  const bob = contextOf("bob");
  const intrude: Agent = () => engine.executeAgent({ agentName: "echo", context }, 1);
  const bobs = new UserExecutionEngine({ context: bob, agents: new Map([["intrude", intrude]]) });
  const wasOn = setContextChecks(true);
  try {
    const result = await bobs.executeAgent({ agentName: "intrude", context: bob }, null);
    assert.equal(result.metadata["error_type"], "ContextIsolationError");
    assert.equal(engine.getStats().total_executions, 0);
  } finally {
    setContextChecks(wasOn);
  }
});

Deno.test("UserExecutionEngine survives agents that do not wait for their tools", async () => {
  const floating: Agent = ({ callTool }) => {
    callTool("none");
    callTool("slow");
    return 1;
  };
  const slow = () => new Promise(() => {});
  const { engine, context } = newEngine({ floating }, { tools: new Map([["slow", slow]]) });
  const result = await engine.executeAgent({ agentName: "floating", context }, null);
  assert.equal(result.result, 1);
  await new Promise((resolve) => setTimeout(resolve, 0)); // an unheard rejection would fail the test
});

Deno.test("UserExecutionEngine ends a call whose metadata leave no room for its own", async () => {
  const { engine, context } = newEngine({ echo });
  const metadata = Object.fromEntries(Array.from({ length: 99_998 }, (_, i) => [`k${i}`, i]));
  const result = await engine.executeAgent({ agentName: "echo", context, metadata }, 1);
  assert.equal(result.status, "failed");
  assert.match(result.error!, /more than 100000 values/);
  assert.equal(engine.activeRuns, 0);
  const inputsUsed = new Array<string>(2);
  inputsUsed[1] = "x";
  const holed = engine.executeAgent({ agentName: "echo", context, inputsUsed }, 1);
  await assert.rejects(holed, { name: "TypeError", message: /inputsUsed must be an array/ });
});

Deno.test("UserExecutionEngine does what agents registered with their context, run by run", async () => {
  const done: string[] = [];
  let count = 0;
  const tidy: Agent = ({ context }) => {
    const number = ++count;
    context.onCleanup(() => {
      done.push(`a${number}`);
      if (number === 2) throw new Error("no");
    });
    context.onCleanup(() => void done.push(`b${number}`));
    return number;
  };
  const { engine, context } = newEngine({ tidy });
  for (const expected of [["b1", "a1"], ["b1", "a1", "b2", "a2"]]) {
    await engine.executeAgent({ agentName: "tidy", context }, null);
    assert.deepEqual(done, expected);
  }
  assert.equal(engine.getStats().cleanup_faults, 1);
  assert.ok(engine.getSummary().warnings.includes("1 cleanups of agents failed"));
});

Deno.test("UserExecutionEngine waits in its cleanup for what agents registered", async () => {
  const release = Promise.withResolvers<void>();
  const stuck: Agent = (call) => {
    call.context.onCleanup(() => release.promise);
    return heedful(call);
  };
  const { engine, context } = newEngine({ stuck });
  const run = engine.executeAgent({ agentName: "stuck", context }, null);
  let isClean = false;
  const cleanup = engine.cleanup().then(() => isClean = true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(isClean, false);
  release.resolve();
  await cleanup;
  assert.equal((await run).status, "cancelled");
});

Deno.test("UserExecutionEngine keeps no time of what never began", async () => {
  const { engine, context, permits } = newEngine({ echo }, {}, {
    perUserMax: 1,
    waitTimeoutMs: 10,
  });
  const release = await permits.acquire("ada");
  const controller = new AbortController();
  const request = { agentName: "echo", context };
  const waiting = engine.executeAgent(request, 1, { signal: controller.signal });
  controller.abort();
  assert.equal((await waiting).status, "cancelled");
  assert.deepEqual(engine.getStats().execution_times, []);
  release();
});

Deno.test("UserExecutionEngine is busy between two steps of a pipeline", async () => {
  const { engine, context, clock } = newEngine({ a: () => 1 });
  const gate = Promise.withResolvers<void>();
  assert.ok(!engine.isBusy);
  const workflow = defineWorkflow({ name: "w", steps: [{ name: "a" }] });
  const running = engine.executePipeline(workflow, context, null, { ended: () => gate.promise });
  await clock.advance(0);
  assert.deepEqual([engine.isBusy, engine.activeRuns], [true, 0]);
  gate.resolve();
  await running;
  assert.ok(!engine.isBusy);
});

Deno.test("UserExecutionEngine is busy while an agent runs, or work that it keeps busy for", async () => {
  const { engine, context } = newEngine({ a: heedful }, {}, { perUserMax: 2 });
  assert.equal(engine.maxConcurrent, 2);
  const call = engine.executeAgent({ agentName: "a", context }, null);
  assert.ok(engine.isBusy);
  const gate = Promise.withResolvers<unknown>();
  const work = engine.keepBusy((stopped) => {
    stopped.addEventListener("abort", () => gate.resolve(stopped.reason));
    return gate.promise;
  });
  await engine.cleanup();
  assert.equal((await call).status, "cancelled");
  assert.equal(((await work) as Error).name, "InactiveEngineError");
  assert.ok(!engine.isBusy);
});

Deno.test("UserExecutionEngine refuses a limit of its history that is none", async () => {
  const { engine, context } = newEngine({ a: () => 1 });
  await engine.executeAgent({ agentName: "a", context }, null);
  for (const limit of [NaN, -1, 1.5, Infinity, "1" as never, null as never]) {
    assert.throws(() => engine.getHistory({ limit }), RangeError);
  }
  assert.deepEqual([0, 1].map((limit) => engine.getHistory({ limit }).length), [0, 1]);
});

Deno.test("UserExecutionEngine cleans up after a call in its user's context, and not for ever", async () => {
  const seen: unknown[] = [];
  const gate = Promise.withResolvers<void>();
  const stuck: Agent = ({ context }) => {
    context.onCleanup(() => gate.promise);
    context.onCleanup(() => void seen.push(currentContext()?.userId));
    return 1;
  };
  const { engine, context, clock } = newEngine({ stuck }, { limits: { cleanupWaitMs: 100 } });
  const running = engine.executeAgent({ agentName: "stuck", context }, null);
  await clock.advance(0);
  assert.ok(engine.isBusy);
  await clock.advance(100);
  assert.equal((await running).result, 1);
  assert.deepEqual([seen, engine.isBusy], [["ada"], true]);
  gate.resolve();
  await clock.advance(0);
  assert.equal(engine.isBusy, false);
});

Deno.test("UserExecutionEngine waits in its cleanup for agents that go on, as long as it is told", async () => {
  const deaf: Agent = () => new Promise(() => {});
  const { engine, context, clock } = newEngine({ deaf }, { limits: { cleanupWaitMs: 100 } });
  const running = engine.executeAgent({ agentName: "deaf", context }, null);
  let isOver = false;
  void engine.cleanup().then(() => isOver = true);
  await clock.advance(99);
  assert.equal(isOver, false);
  await clock.advance(1);
  assert.equal(isOver, true);
  assert.equal((await running).status, "cancelled");
});

Deno.test("UserExecutionEngine lets agents register without end, call by call", async () => {
  const tidy: Agent = ({ context }) => context.onCleanup(() => {});
  const { engine, context } = newEngine({ tidy });
  const part = context.createChild("part");
  for (let i = 0; i < 1_100; i++) {
    const { error } = await engine.executeAgent({ agentName: "tidy", context: part }, null);
    assert.equal(error, null);
  }
});

Deno.test("UserExecutionEngine lets an agent register nothing once its call has ended", async () => {
  const gate = Promise.withResolvers<void>();
  const errors: unknown[] = [];
  const late: Agent = async ({ context }) => {
    await gate.promise;
    try {
      context.onCleanup(() => {});
    } catch (error) {
      errors.push((error as Error).name);
    }
  };
  const { engine, context, clock } = newEngine({ late });
  const running = engine.executeAgent({ agentName: "late", context, timeoutMs: 10 }, null);
  await clock.advance(10);
  assert.equal((await running).status, "timed_out");
  gate.resolve();
  await clock.advance(0);
  assert.deepEqual(errors, ["InvalidContextError"]);
});

Deno.test("UserExecutionEngine waits in its cleanup for the workflow on it", async () => {
  const { engine, context } = newEngine({ a: () => 1 });
  const gate = Promise.withResolvers<void>();
  const definition = defineWorkflow({ name: "w", steps: [{ name: "a" }] });
  const running = engine.executePipeline(definition, context, null, { ended: () => gate.promise });
  running.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 0));
  let isOver = false;
  const cleanup = engine.cleanup().then(() => isOver = true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(isOver, false);
  gate.resolve();
  await cleanup;
  assert.equal(engine.isBusy, false);
});
