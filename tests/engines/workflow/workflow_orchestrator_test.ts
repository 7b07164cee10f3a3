import assert from "node:assert/strict";
import type { Agent, AgentCall } from "../../../engines/agent.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import type { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import type { EngineFault } from "../../../engines/guard/engine_guard_error.ts";
import { EngineGuardError } from "../../../engines/guard/engine_guard_error.ts";
import { CoordinationValidator } from "../../../engines/workflow/coordination_validator.ts";
import { defineWorkflow, WorkflowDefinition } from "../../../engines/workflow/define_workflow.ts";
import { WorkflowOrchestrator } from "../../../engines/workflow/workflow_orchestrator.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { contextOf, endsOf, type World, worldOf } from "./orchestrator_world.ts";

const fails = (): never => {
  throw new RangeError("no data");
};

function finds(data_sufficiency: unknown): Agent {
  return () => ({ data_sufficiency });
}

/** The run's own events, without those of its agents. */
function runEventsOf({ events }: World) {
  return events.filter(({ agentName }) => agentName === null);
}

class ExecutionEngine {
  executeAgent(): void {}
}

const IMPOSTORS: readonly { name: string; engine: unknown; kind: EngineFault; says: RegExp }[] = [
  { name: "null", engine: null, kind: "missing", says: /Only UserExecutionEngine.*allowed.*SSOT/ },
  { name: "nothing", engine: undefined, kind: "missing", says: /Only UserExecutionEngine/ },
  {
    name: "a deprecated engine",
    engine: new ExecutionEngine(),
    kind: "deprecated",
    says: /deprecated.*ExecutionEngine.*not allowed.*UserExecutionEngine/s,
  },
  { name: "a shape", engine: { executeAgent: () => {} }, kind: "foreign", says: /Only User/ },
  {
    name: "a proxy of a genuine one",
    engine: new Proxy(worldOf().engine, {}),
    kind: "foreign",
    says: /Only User/,
  },
  {
    name: "one that inherits from a genuine one",
    engine: Object.create(worldOf().engine),
    kind: "foreign",
    says: /Only User/,
  },
];

for (const { name, engine, says } of IMPOSTORS) {
  Deno.test(`WorkflowOrchestrator refuses to be made with ${name}`, () => {
    const make = () => new WorkflowOrchestrator({ engine: engine as UserExecutionEngine });
    assert.throws(make, (error) => {
      assert.ok(error instanceof EngineGuardError);
      assert.equal(error.code, "ENGINE_REFUSED");
      assert.match(error.message, says);
      return true;
    });
  });
  Deno.test(`WorkflowOrchestrator refuses ${name} in place of its engine, and keeps that`, async () => {
    const { orchestrator, engine: own, context } = worldOf();
    assert.throws(() => orchestrator.executionEngine = engine as UserExecutionEngine, (error) => {
      assert.ok(error instanceof EngineGuardError);
      assert.equal(error.code, "ENGINE_CHANGED");
      assert.match(error.message, /Runtime SSOT validation failed.*(deprecated )?engine detected/);
      return true;
    });
    assert.equal(orchestrator.executionEngine, own);
    assert.equal((await orchestrator.executeStandardWorkflow(context)).length, 5);
  });
}

Deno.test("WorkflowOrchestrator refuses another genuine engine in place of its own", () => {
  const { orchestrator, engine } = worldOf();
  assert.throws(() => orchestrator.executionEngine = worldOf().engine, /another engine detected/);
  const foreign = worldOf({ context: contextOf({ userId: "bob" }) }).engine;
  assert.throws(
    () => orchestrator.executionEngine = foreign,
    /Runtime validation failed.*context mismatch/,
  );
  orchestrator.executionEngine = engine;
});

Deno.test("WorkflowOrchestrator lets nobody patch it, its class or its engine", () => {
  const { orchestrator, engine } = worldOf();
  const patch = (target: object, name: string) => () =>
    Object.defineProperty(target, name, { value: () => [] });
  assert.throws(patch(orchestrator, "executeStandardWorkflow"), TypeError);
  assert.throws(patch(orchestrator, "engine"), TypeError);
  assert.throws(patch(WorkflowOrchestrator.prototype, "executeWorkflow"), TypeError);
  assert.throws(patch(engine, "executeAgent"), TypeError);
});

const FOREIGN_CONTEXTS = [
  { name: "another user", ids: { userId: "bob" }, differs: "user" },
  { name: "another thread", ids: { threadId: "t-2" }, differs: "thread" },
  { name: "another run", ids: { runId: "r-2" }, differs: "run" },
];

for (const { name, ids, differs } of FOREIGN_CONTEXTS) {
  Deno.test(`WorkflowOrchestrator refuses the context of ${name} before anything has an effect`, async () => {
    const { orchestrator, began, events } = worldOf();
    const message = new RegExp(`Runtime validation failed: context mismatch, another ${differs}`);
    await assert.rejects(orchestrator.executeStandardWorkflow(contextOf(ids)), message);
    const definition = defineWorkflow({ name: "one", steps: [{ name: "data" }] });
    await assert.rejects(orchestrator.executeWorkflow(definition, contextOf(ids)), message);
    assert.deepEqual([began, events], [[], []]);
  });
}

Deno.test("WorkflowOrchestrator refuses what is no context", async () => {
  const { orchestrator, context } = worldOf();
  for (const value of [null, { ...context }, new Proxy(context, {})]) {
    await assert.rejects(orchestrator.executeStandardWorkflow(value as never), TypeError);
  }
});

const PLANS = [
  {
    name: "sufficient",
    triage: finds("sufficient"),
    began: ["triage", "data", "optimization", "actions", "reporting"],
  },
  {
    name: "partial",
    triage: finds("PARTIAL"),
    began: ["triage", "data_helper", "data", "reporting"],
  },
  {
    name: "insufficient",
    triage: finds("insufficient"),
    began: ["triage", "data_helper", "reporting"],
  },
  { name: "odd", triage: finds("odd"), began: ["triage", "data_helper", "reporting"] },
  { name: "nothing", triage: () => null, began: ["triage", "data_helper", "reporting"] },
  { name: "an error", triage: fails, began: ["triage", "data_helper", "reporting"] },
];

for (const { name, triage, began } of PLANS) {
  Deno.test(`WorkflowOrchestrator follows the plan when triage finds ${name}`, async () => {
    const world = worldOf({ agents: { triage } });
    const results = await world.orchestrator.executeStandardWorkflow(world.context);
    assert.deepEqual(world.began, began);
    assert.deepEqual(results.map(({ stepName }) => stepName).toSorted(), began.toSorted());
    assert.equal(results[0]?.success, triage !== fails);
    assert.ok(results.slice(1).every(({ success }) => success));
    assert.equal(results.at(-1)?.stepName, "reporting");
    assert.equal(world.orchestrator.validator.getSummary().validation_success_rate, 1);
  });
}

Deno.test("WorkflowOrchestrator skips what depends on a failure, and reports on it last", async () => {
  const calls: AgentCall[] = [];
  const reporting: Agent = (call) => calls.push(call);
  const world = worldOf({ agents: { data: fails, reporting } });
  const results = await world.orchestrator.executeStandardWorkflow(world.context);
  assert.deepEqual(endsOf(results), [
    "triage completed",
    "data failed",
    "optimization skipped",
    "actions skipped",
    "reporting completed",
  ]);
  assert.equal(results[1]?.error, "Agent execution failed: no data");
  const input = calls[0]?.input as { results: object; failures: Record<string, string> };
  assert.deepEqual(Object.keys(input.results), ["triage"]);
  assert.deepEqual(Object.keys(input.failures), ["data", "optimization", "actions"]);
  assert.equal(input.failures["data"], "Agent execution failed: no data");
});

for (const agents of [{ data: fails }, { triage: fails }]) {
  const [name] = Object.keys(agents);
  Deno.test(`WorkflowOrchestrator begins nothing after ${name} failed under a strict stop`, async () => {
    const world = worldOf({ agents, policy: { strictStop: true } });
    const results = await world.orchestrator.executeStandardWorkflow(world.context);
    const failed = results.findIndex(({ stepName }) => stepName === name);
    assert.equal(results[failed]?.status, "failed");
    assert.ok(results.slice(failed + 1).length > 0);
    assert.ok(results.slice(failed + 1).every(({ status }) => status === "skipped"));
    assert.equal(world.began.at(-1), name);
  });
}

Deno.test("WorkflowOrchestrator runs at the same time what does not depend on each other", async () => {
  const both = Promise.withResolvers<void>();
  let count = 0;
  const meets: Agent = async () => {
    if (++count === 2) both.resolve();
    await both.promise;
  };
  const agents = { triage: finds("partial"), data: meets, data_helper: meets };
  const { orchestrator, context } = worldOf({ agents });
  const results = await orchestrator.executeStandardWorkflow(context);
  assert.ok(results.every(({ success }) => success));
});

Deno.test("WorkflowOrchestrator gives an agent the run's data, the step's, and what it builds on", async () => {
  const calls: AgentCall[] = [];
  const actions: Agent = (call) => void calls.push(call);
  const { orchestrator, context } = worldOf({ agents: { actions } });
  await orchestrator.executeStandardWorkflow(context, { state: { budget: 7 } });
  const { context: { agentContext, fingerprint }, input } = calls[0]!;
  assert.equal(fingerprint, context.fingerprint);
  const { question, step_type, order, attempt, step_name } = agentContext;
  assert.deepEqual(
    [question, step_type, order, attempt, step_name],
    ["why", "implementation", 4, 1, "actions"],
  );
  const { state, results, failures } = input as Record<string, unknown>;
  assert.deepEqual(state, { budget: 7 });
  assert.deepEqual(results, {
    triage: { data_sufficiency: "sufficient" },
    optimization: { strategies: ["less"] },
  });
  assert.deepEqual(failures, {});
});

Deno.test("WorkflowOrchestrator fails a step whose metadata cannot be, and tells so", async () => {
  const definition = defineWorkflow({
    name: "odd",
    steps: [
      { name: "data", stepType: "insights", metadata: { of: { user_id: "bob" } } },
      { name: "reporting", always: true },
    ],
  });
  const { orchestrator, context, began, events } = worldOf();
  const results = await orchestrator.executeWorkflow(definition, context);
  assert.deepEqual(endsOf(results).toSorted(), [
    "data failed",
    "reporting completed",
  ]);
  assert.deepEqual(began, ["reporting"]);
  const errors = events.filter(({ type }) => type === "agent_error");
  assert.deepEqual(
    errors.map(({ agentName, data }) => [agentName, data["step_type"], data["error_message"]])
      .toSorted(),
    [["data", "insights", "Step execution failed"]],
  );
});

Deno.test("WorkflowOrchestrator tells once why each step failed, however it did", async () => {
  const steps = [
    { name: "data" },
    { name: "actions", timeoutMs: 1 },
    {
      name: "triage",
      when: () => {
        throw new Error("cannot say");
      },
    },
  ];
  const clock = new FakeClock();
  const agents = { data: fails, actions: () => clock.sleep(50) };
  const { orchestrator, context, events } = worldOf({ agents, clock });
  const running = orchestrator.executeWorkflow(defineWorkflow({ name: "w", steps }), context);
  await clock.advance(10);
  const results = await running;
  assert.deepEqual(endsOf(results).toSorted(), [
    "actions timed_out",
    "data failed",
    "triage failed",
  ]);
  const errors = events.filter(({ type }) => type === "agent_error");
  assert.deepEqual(errors.map(({ agentName }) => agentName).toSorted(), [
    "actions",
    "data",
    "triage",
  ]);
  await clock.advance(100);
});

const ONE = defineWorkflow({ name: "one", steps: [{ name: "data" }] });

Deno.test("WorkflowOrchestrator refuses what cannot be before it stores or tells anything", async () => {
  const allowed = { allowedIds: ["none"] };
  const nested = (depth: number) => {
    let context = contextOf();
    for (let i = 0; i < depth; i++) context = context.createChild("part");
    return context;
  };
  const long = defineWorkflow({ name: "w", steps: [{ name: "漢".repeat(160) }] });
  const forged = Object.create(WorkflowDefinition.prototype, { steps: { value: [] } });
  const cases: {
    name: string;
    definition?: unknown;
    context?: UserExecutionContext;
    options?: object;
    error: string;
  }[] = [
    { name: "no definition", definition: undefined, error: "TypeError" },
    { name: "null", definition: null, error: "TypeError" },
    { name: "the shape of one", definition: { ...ONE }, error: "TypeError" },
    { name: "its prototype", definition: forged, error: "TypeError" },
    { name: "no signal", options: { signal: {} }, error: "TypeError" },
    { name: "a state that is none", options: { state: () => 1 }, error: "InvalidRecordError" },
    { name: "a depth of 9", context: nested(9), error: "InvalidContextError" },
    { name: "a depth of 10", context: nested(10), error: "InvalidContextError" },
    {
      name: "an id that stands for none in events",
      context: new UserExecutionContext({
        userId: "none",
        threadId: "t-1",
        runId: "r-1",
        idRules: allowed,
      }),
      error: "InvalidUserEventError",
    },
    {
      name: "a run and a step whose names no key holds",
      definition: long,
      context: contextOf({ runId: "漢".repeat(190) }),
      error: "TypeError",
    },
  ];
  for (const { name, context = contextOf(), options, error, ...rest } of cases) {
    const store = new MemoryRunStore();
    const world = worldOf({ store, context });
    const definition = "definition" in rest ? rest.definition : ONE;
    const running = world.orchestrator.executeWorkflow(definition as never, context, options);
    await assert.rejects(running, { name: error }, name);
    assert.deepEqual([world.events, world.began], [[], []], name);
    assert.deepEqual(await new DurableRuns({ store }).listUnfinished(), [], name);
  }
  const deep = nested(8);
  const { orchestrator } = worldOf({ context: deep });
  const results = await orchestrator.executeWorkflow(ONE, deep, { signal: null });
  assert.deepEqual(endsOf(results), ["data completed"]);
});

Deno.test("WorkflowOrchestrator carries out one workflow with an engine, which starts and ends once", async () => {
  const gate = Promise.withResolvers<void>();
  const world = worldOf({ agents: { data: () => gate.promise.then(() => 1) } });
  const { orchestrator, context, engine } = world;
  const other = new WorkflowOrchestrator({ engine });
  const running = orchestrator.executeWorkflow(ONE, context);
  const refused = { name: "RunRefusedError", reason: "exists", runId: "r-1" };
  await assert.rejects(orchestrator.executeWorkflow(ONE, context), refused);
  await assert.rejects(other.executeStandardWorkflow(context), refused);
  await assert.rejects(orchestrator.resume("r-1"), refused);
  assert.ok(engine.isBusy);
  gate.resolve();
  assert.ok((await running)[0]?.success);
  assert.ok(!engine.isBusy);
  await assert.rejects(orchestrator.executeWorkflow(ONE, context), refused);
  await assert.rejects(other.resume("r-1"), { name: "RunRefusedError", reason: "ended" });
  await assert.rejects(other.executeWorkflow(ONE, context), refused);
  const types = runEventsOf(world).map(({ type }) => type);
  assert.deepEqual(types, ["agent_started", "progress_update", "agent_completed"]);
});

Deno.test("WorkflowOrchestrator tells the death of a run that it cannot end", async () => {
  const validator = new CoordinationValidator();
  const broken = {
    takeSnapshot: (state: unknown) => validator.takeSnapshot(state),
    validate: fails,
  } as unknown as CoordinationValidator;
  const world = worldOf({ validator: broken });
  await assert.rejects(world.orchestrator.executeWorkflow(ONE, world.context), RangeError);
  assert.equal(runEventsOf(world).at(-1)?.type, "agent_death");
  const again = world.orchestrator.executeWorkflow(ONE, world.context);
  await assert.rejects(again, { reason: "exists" });
});

for (const how of ["cleanup", "signal"] as const) {
  Deno.test(`WorkflowOrchestrator ends a run as cancelled by a ${how}`, async () => {
    const controller = new AbortController();
    const world: World = worldOf({
      agents: {
        data: ({ signal }) => {
          if (how === "cleanup") void world.engine.cleanup();
          else controller.abort();
          return new Promise((_, reject) => signal.addEventListener("abort", reject));
        },
      },
    });
    const { signal } = controller;
    const results = await world.orchestrator.executeStandardWorkflow(world.context, { signal });
    assert.deepEqual(endsOf(results).slice(1, 3), ["data cancelled", "optimization skipped"]);
    assert.equal(runEventsOf(world).at(-1)?.data["status"], "cancelled");
  });
}

Deno.test("WorkflowOrchestrator ends a run well that is called off after its last step", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const sent: UserEvent[] = [];
  const events = {
    send: (event: UserEvent) => {
      sent.push(event);
      if (event.type === "progress_update") controller.abort();
    },
  };
  const { orchestrator, context } = worldOf({ events });
  const results = await orchestrator.executeWorkflow(ONE, context, { signal });
  assert.ok(signal.aborted);
  assert.deepEqual(endsOf(results), ["data completed"]);
  assert.equal(sent.at(-1)?.data["status"], "completed");
});

/** The ways of 7.7: what the agents return besides their own, and what the state has. */
const GOLDEN: {
  name: string;
  state?: object;
  extra?: Record<string, object>;
  impact?: string;
  mayChange?: Record<string, string[]>;
}[] = [
  { name: "ordinary data" },
  { name: "actions that refine the savings", extra: { actions: { savings_potential: 180 } } },
  {
    name: "actions that add a recommendation",
    extra: { actions: { optimization_recommendations: ["x", "y"], roi_percentage: 12 } },
  },
  {
    name: "data that measure a cost that the state has",
    state: { current_monthly_cost: 900, customer_id: "c-1", cost_analysis: null },
  },
  {
    name: "a report that repeats what it was given",
    extra: { reporting: { savings_potential: 200, cost_analysis: { total: 1000 } } },
  },
  {
    name: "a report that changes the savings",
    extra: { reporting: { savings_potential: 2_000 } },
    impact: "CRITICAL",
  },
  {
    name: "a report whose application lets it",
    extra: { reporting: { savings_potential: 2_000 } },
    mayChange: { reporting: ["savings_potential"] },
  },
  {
    name: "an optimization that changes what was measured",
    extra: { optimization: { current_monthly_cost: 1 } },
    impact: "HIGH",
  },
  {
    name: "data of another customer",
    state: { customer_id: "c-1" },
    extra: { data: { customer_id: "c-2" } },
    impact: "HIGH",
  },
];

for (const { name, state = {}, extra = {}, impact, mayChange } of GOLDEN) {
  Deno.test(`WorkflowOrchestrator finds ${name} ${impact === undefined ? "in order" : impact}`, async () => {
    const own: Record<string, object> = {
      data: { cost_analysis: { total: 1000 }, current_monthly_cost: 1000 },
      optimization: { savings_potential: 200, optimization_recommendations: ["x"] },
      actions: { implementation_timeline: "6w" },
      reporting: { summary: "ok" },
    };
    const agents = Object.fromEntries(
      Object.entries(own).map(([agent, data]) => [agent, () => ({ ...data, ...extra[agent] })]),
    );
    const world = worldOf({ agents, ...(mayChange && { mayChange }) });
    const { orchestrator, context } = world;
    const results = await orchestrator.executeStandardWorkflow(context, { state });
    const marks = results.map(({ metadata }) => metadata["coordination_validation"] !== undefined);
    assert.deepEqual(new Set(marks), new Set([impact !== undefined]));
    assert.equal(orchestrator.validator.history[0]?.business_impact, impact);
    assert.ok(
      results.every(({ metadata }) => metadata["context_fingerprint"] === context.fingerprint),
    );
  });
}

Deno.test("WorkflowOrchestrator tells a run's start, its true total, each step's end, and one end", async () => {
  const world = worldOf({ agents: { triage: finds("partial"), data: fails } });
  await world.orchestrator.executeStandardWorkflow(world.context);
  const told = runEventsOf(world);
  assert.deepEqual(told.map(({ type }) => type), [
    "agent_started",
    ...Array(5).fill("progress_update"),
    "agent_completed",
  ]);
  assert.equal(world.events[0], told[0]);
  assert.equal(world.events.at(-1), told.at(-1));
  const started = told[0]!.data["context"] as Record<string, unknown>;
  assert.deepEqual([started["workflow_started"], started["total_steps"]], [true, null]);
  const [triage, planned, ...steps] = told.slice(1, -1).map(({ data }) => data);
  assert.deepEqual([triage!["current_step"], triage!["total_steps"]], ["triage", undefined]);
  assert.deepEqual([planned!["status"], planned!["total_steps"]], ["planned", 4]);
  assert.deepEqual(steps.map((data) => data["percentage"]), [50, 75, 100]);
  const { status, result } = told.at(-1)!.data;
  assert.equal(status, "failed");
  const { workflow_completed, successful_steps, total_steps, agent_name } = result as Record<
    string,
    unknown
  >;
  assert.deepEqual(
    [workflow_completed, successful_steps, total_steps, agent_name],
    [true, 3, 4, "WorkflowOrchestrator"],
  );
  assert.deepEqual(world.orchestrator.stats, { runs: 1, eventFaults: 0 });
});

Deno.test("WorkflowOrchestrator takes the time of all that it tells and judges from its clock", async () => {
  const steps = [{ name: "data" }, { name: "actions", when: () => false }];
  const world = worldOf({
    clock: new FakeClock({ startWallMs: 0 }),
    agents: { data: () => ({ customer_id: "c-2" }) },
  });
  const { orchestrator, context } = world;
  const state = { customer_id: "c-1" };
  const definition = defineWorkflow({ name: "own", steps });
  const results = await orchestrator.executeWorkflow(definition, context, { state });
  const times = [
    ...runEventsOf(world).map(({ timestamp }) => timestamp),
    ...results.map(({ startedAt }) => startedAt),
    orchestrator.validator.history[0]?.validation_timestamp,
  ];
  assert.deepEqual(new Set(times), new Set([new Date(0).toISOString()]));
});

Deno.test("WorkflowOrchestrator knows the total of an application's own workflow from the start", async () => {
  const steps = [{ name: "data" }, { name: "actions" }, { name: "reporting", always: true }];
  const world = worldOf();
  await world.orchestrator.executeWorkflow(defineWorkflow({ name: "own", steps }), world.context);
  const started = runEventsOf(world)[0]!.data["context"] as Record<string, unknown>;
  assert.deepEqual([started["workflow"], started["total_steps"]], ["own", 3]);
  assert.equal(runEventsOf(world).at(-1)!.data["status"], "completed");
});

Deno.test("WorkflowOrchestrator ends a run although nobody can be told, and counts it", async () => {
  const events = { send: fails };
  const { orchestrator, context } = worldOf({ events });
  assert.equal((await orchestrator.executeStandardWorkflow(context)).length, 5);
  assert.ok(orchestrator.stats.eventFaults > 0);
});

Deno.test("WorkflowOrchestrator cancels what runs and skips the rest when the run is called off", async () => {
  const controller = new AbortController();
  const data: Agent = ({ signal }) => {
    controller.abort(new Error("enough"));
    return new Promise((_, reject) => signal.addEventListener("abort", reject, { once: true }));
  };
  const world = worldOf({ agents: { data } });
  const { signal } = controller;
  const results = await world.orchestrator.executeStandardWorkflow(world.context, { signal });
  assert.deepEqual(endsOf(results), [
    "triage completed",
    "data cancelled",
    "optimization skipped",
    "actions skipped",
    "reporting skipped",
  ]);
  const last = runEventsOf(world).at(-1)!;
  assert.deepEqual([last.type, last.data["status"]], ["agent_completed", "cancelled"]);
});

Deno.test("WorkflowOrchestrator marks results when a step changed a critical field that is not its own", async () => {
  const agents = {
    data: () => ({ cost_analysis: 100 }),
    optimization: () => ({ cost_analysis: 90 }),
  };
  const validator = new CoordinationValidator();
  const { orchestrator, context } = worldOf({ agents, validator });
  const results = await orchestrator.executeStandardWorkflow(context);
  const marks = results.map(({ metadata }) => metadata["coordination_validation"]);
  assert.ok(marks.every((mark) => (mark as { status: string }).status === "FAILED"));
  const [found] = validator.history;
  assert.equal(found?.business_impact, "CRITICAL");
  assert.deepEqual(found?.corruption_details.at(-1)?.value_changes, [
    { field: "cost_analysis", pre_value: 100, post_value: 90 },
  ]);
  assert.deepEqual(found?.order_violations, []);
});

Deno.test("WorkflowOrchestrator lets a step change the critical fields that are its own", async () => {
  const definition = defineWorkflow({
    name: "own",
    steps: [{ name: "data", metadata: { may_change: ["customer_id"] } }],
  });
  const agents = { data: () => ({ customer_id: "c-2" }) };
  const { orchestrator, context } = worldOf({ agents });
  const state = { customer_id: "c-1" };
  const [result] = await orchestrator.executeWorkflow(definition, context, { state });
  assert.equal(result?.metadata["coordination_validation"], undefined);
  assert.equal(orchestrator.validator.getSummary().integrity_violations, 0);
});

Deno.test("WorkflowOrchestrator refuses a state that JSON cannot carry before anything begins", async () => {
  const { orchestrator, context, events } = worldOf();
  await assert.rejects(orchestrator.executeStandardWorkflow(context, { state: new Map() }));
  assert.deepEqual(events, []);
});

Deno.test("WorkflowOrchestrator begins nothing that its engine cannot carry out", async () => {
  const { orchestrator, context, engine, began, events } = worldOf();
  const steps = [{ name: "data" }, { name: "unknown", dependsOn: ["data"] }];
  const definition = defineWorkflow({ name: "odd", steps });
  await assert.rejects(orchestrator.executeWorkflow(definition, context), {
    name: "UnknownAgentError",
  });
  await engine.cleanup();
  const inactive = { name: "InactiveEngineError" };
  await assert.rejects(orchestrator.executeStandardWorkflow(context), inactive);
  await assert.rejects(orchestrator.resume(context.runId), inactive);
  assert.deepEqual([began, events], [[], []]);
});

Deno.test("WorkflowOrchestrator refuses options of a run that there are not", async () => {
  const { orchestrator, context } = worldOf();
  const odd = { sate: 1, signl: AbortSignal.abort() } as object;
  await assert.rejects(orchestrator.executeStandardWorkflow(context, odd), /did you mean state/);
  await assert.rejects(orchestrator.resume(context.runId, odd), /did you mean signal/);
});

Deno.test("WorkflowOrchestrator describes, assesses and selects as the functions do", () => {
  const { orchestrator } = worldOf();
  const names = orchestrator.getWorkflowDefinition().map(({ agent_name }) => agent_name);
  assert.deepEqual(names, ["triage", "data", "optimization", "actions", "reporting"]);
  const own = defineWorkflow({ name: "own", steps: [{ name: "data" }] });
  assert.equal(orchestrator.getWorkflowDefinition(own).length, 1);
  assert.equal(
    orchestrator.assessDataCompleteness({ completeness: 0.8 }).sufficiency,
    "sufficient",
  );
  assert.equal(orchestrator.selectWorkflow({ completeness: 0 }).type, "data_collection_focus");
  assert.throws(() => orchestrator.selectWorkflow({ completeness: 1.7 }));
});
