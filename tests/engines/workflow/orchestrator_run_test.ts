import assert from "node:assert/strict";
import type { Agent } from "../../../engines/agent.ts";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import { KvRunStore } from "../../../engines/durable/kv_run_store.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import {
  RunInterruptedError,
  RunRefusedError,
  RunSupersededError,
} from "../../../engines/durable/run_errors.ts";
import type { RunStore } from "../../../engines/durable/run_store.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { completed } from "../../support/step_results.ts";
import { type CommitFate, dyingAt } from "../durable/frail_run_store.ts";
import { contextOf, endsOf, type World, worldOf } from "./orchestrator_world.ts";

/** Triage finds that two steps may run at the same time; each says in which of its attempts it is. */
const AGENTS: Readonly<Record<string, Agent>> = Object.fromEntries(
  ["triage", "data", "data_helper", "reporting"].map((name) => [name, ({ context }) => ({
    data_sufficiency: "partial",
    attempt: context.agentContext["attempt"]!,
  })]),
);

const STEPS = ["data", "data_helper", "reporting", "triage"];

const worldOn = (store: RunStore, agents = AGENTS) => worldOf({ agents, store });
const execute = ({ orchestrator, context }: World) => orchestrator.executeStandardWorkflow(context);
const stored = (store: RunStore) => new DurableRuns({ store }).read("r-1");

/** A store that counts what is recorded of each step. */
function counting(inner: RunStore): { store: RunStore; recorded: string[]; commits: () => number } {
  const recorded: string[] = [];
  let commits = 0;
  return {
    recorded,
    commits: () => commits,
    store: {
      get: (key) => inner.get(key),
      list: (prefix, options) => inner.list(prefix, options),
      commit: async (change) => {
        commits++;
        const version = await inner.commit(change);
        if (version === null) return null;
        const steps = change.sets?.flatMap(({ key }) => key[0] === "result" ? [key[2]!] : []);
        recorded.push(...steps ?? []);
        return version;
      },
    },
  };
}

/** What the user was told of the end of the run as a whole. */
function endsTold({ events }: World): string[] {
  const ends = ["agent_completed", "agent_death"];
  return events.flatMap(({ type, agentName, data }) =>
    agentName === null && ends.includes(type) ? [`${type} ${data["status"]}`] : []
  );
}

function refusedAs(reason: string): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RunRefusedError);
    assert.equal(error.reason, reason);
    return true;
  };
}

Deno.test("OrchestratorRun records each result once, and ends the run", async () => {
  const { store, recorded, commits } = counting(new MemoryRunStore());
  const results = await execute(worldOn(store));
  assert.deepEqual(recorded.toSorted(), STEPS);
  assert.equal(commits(), 10);
  const run = await stored(store);
  assert.deepEqual([run?.status, run?.owner], ["completed", null]);
  assert.deepEqual(
    [...run!.results.values()].map((result) => result.toDict()),
    results.toSorted((a, b) => a.stepName < b.stepName ? -1 : 1).map((result) => result.toDict()),
  );
  await assert.rejects(execute(worldOn(store)), refusedAs("exists"));
  await assert.rejects(worldOn(store).orchestrator.resume("r-1"), refusedAs("ended"));
});

/** The start, two commits for each of four steps, and the end. */
const COMMITS = 10;

for (const fate of ["lost before", "lost after"] as const satisfies CommitFate[]) {
  for (let k = 2; k <= COMMITS; k++) {
    Deno.test(`OrchestratorRun goes on in another process when commit ${k} is ${fate} with the first`, async () => {
      const { store, recorded } = counting(new MemoryRunStore());
      const first = worldOn(dyingAt(store, k, fate));
      await assert.rejects(execute(first), /has died/);
      assert.deepEqual(endsTold(first), []);
      const before = new Map((await stored(store))!.results);
      const second = worldOn(store);
      if (k === COMMITS && fate === "lost after") {
        await assert.rejects(second.orchestrator.resume("r-1"), refusedAs("ended"));
      } else {
        const results = await second.orchestrator.resume("r-1");
        assert.deepEqual(results.map(({ stepName }) => stepName).toSorted(), STEPS);
        assert.equal(results.at(-1)?.stepName, "reporting");
        assert.ok(results.every(({ success }) => success));
      }
      const run = await stored(store);
      assert.equal(run?.status, "completed");
      assert.deepEqual(recorded.toSorted(), STEPS);
      for (const [name, result] of before) {
        assert.deepEqual(run?.results.get(name), result);
        assert.ok(!second.began.includes(name), `${name} was recorded, and began again`);
      }
    });
  }
}

Deno.test("OrchestratorRun tells an agent that its step was begun before", async () => {
  const store = new MemoryRunStore();
  // Commits 1 to 3 are the start and triage; 4 and 5 begin two steps; with 6 the first of them ends.
  await assert.rejects(execute(worldOn(dyingAt(store, 6, "lost before"))), /has died/);
  const results = await worldOn(store).orchestrator.resume("r-1");
  const attempts = Object.fromEntries(
    results.map(({ stepName, metadata, result }) => {
      assert.equal((result as { attempt: number }).attempt, metadata["attempt"]);
      return [stepName, metadata["attempt"]];
    }),
  );
  assert.deepEqual(attempts, { triage: 1, data: 2, data_helper: 2, reporting: 1 });
});

for (
  const makeStore of [
    { name: "in memory", open: () => Promise.resolve({ store: new MemoryRunStore(), close() {} }) },
    {
      name: "in Deno KV",
      open: async () => {
        const kv = await Deno.openKv(":memory:");
        return { store: new KvRunStore({ kv }), close: () => kv.close() };
      },
    },
  ]
) {
  Deno.test(`OrchestratorRun records once ${makeStore.name} what workers race for`, async () => {
    const { store: inner, close } = await makeStore.open();
    try {
      const { store, recorded } = counting(inner);
      const running = [execute(worldOn(store))];
      while (recorded.length === 0) await new Promise((wake) => setTimeout(wake, 0));
      const others = Array.from({ length: 4 }, () => worldOn(store).orchestrator.resume("r-1"));
      const ends = await Promise.allSettled([...running, ...others]);
      const wins = ends.filter(({ status }) => status === "fulfilled");
      for (const end of ends) {
        if (end.status === "fulfilled") continue;
        const isExpected = end.reason instanceof RunSupersededError ||
          end.reason instanceof RunRefusedError;
        assert.ok(isExpected, String(end.reason));
      }
      assert.equal(wins.length, 1);
      assert.deepEqual(recorded.toSorted(), STEPS);
      assert.equal((await stored(store))?.status, "completed");
    } finally {
      close();
    }
  });
}

Deno.test("OrchestratorRun stops a worker that was superseded, and its agents with it", async () => {
  const store = new MemoryRunStore();
  let aborted = 0;
  const data: Agent = ({ signal }) =>
    new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        aborted++;
        reject(signal.reason);
      }, { once: true })
    );
  const data_helper: Agent = async () => {
    await new DurableRuns({ store }).takeOver("r-1");
  };
  const world = worldOn(store, { ...AGENTS, data, data_helper });
  await assert.rejects(execute(world), RunSupersededError);
  assert.equal(aborted, 1);
  assert.deepEqual([...(await stored(store))!.results.keys()], ["triage"]);
  assert.deepEqual(endsTold(world), []);
});

Deno.test("OrchestratorRun leaves a durable run to another process when its engine is cleaned up", async () => {
  const store = new MemoryRunStore();
  const world: World = worldOn(store, {
    ...AGENTS,
    data: ({ signal }) => {
      void world.engine.cleanup();
      return new Promise((_, reject) => signal.addEventListener("abort", reject, { once: true }));
    },
  });
  await assert.rejects(execute(world), RunInterruptedError);
  const left = await stored(store);
  assert.equal(left?.status, "running");
  assert.ok([...left!.results.values()].every(({ success }) => success));
  const results = await worldOn(store).orchestrator.resume("r-1");
  assert.ok(results.every(({ success }) => success));
});

const ABORTS = [
  { name: "ends", reason: new Error("enough"), status: "cancelled" },
  { name: "leaves", reason: new RunInterruptedError("r-1"), status: "running" },
];

for (const { name, reason, status } of ABORTS) {
  Deno.test(`OrchestratorRun ${name} a durable run when its signal aborts by ${reason.name}`, async () => {
    const store = new MemoryRunStore();
    const controller = new AbortController();
    const data: Agent = () => controller.abort(reason);
    const { orchestrator, context } = worldOn(store, { ...AGENTS, data });
    const running = orchestrator.executeStandardWorkflow(context, { signal: controller.signal });
    if (status === "running") await assert.rejects(running, RunInterruptedError);
    else assert.equal((await running).at(-1)?.status, "skipped");
    assert.equal((await stored(store))?.status, status);
  });
}

Deno.test("OrchestratorRun fails a step whose result cannot be recorded, and reports on it", async () => {
  const store = new MemoryRunStore();
  const data: Agent = () => "x".repeat(70_000);
  const results = await execute(worldOn(store, { ...AGENTS, data }));
  assert.ok(endsOf(results).includes("data failed"));
  assert.deepEqual((await stored(store))?.results.get("data")?.status, "failed");
});

Deno.test("WorkflowOrchestrator resumes no run of another user, thread, run or workflow, and takes none", async () => {
  const store = new MemoryRunStore();
  await new DurableRuns({ store }).startRun({ context: contextOf(), workflow: "own" });
  const own = defineWorkflow({ name: "own", steps: [{ name: "data" }] });
  const foreign = [
    { context: contextOf({ userId: "bob" }), definition: own },
    { context: contextOf({ threadId: "t-2" }), definition: own },
    { context: contextOf({ runId: "r-2" }), definition: own },
    { context: contextOf(), definition: undefined },
    {
      context: contextOf(),
      definition: defineWorkflow({ name: "other", steps: [{ name: "data" }] }),
    },
  ];
  for (const { context, definition } of foreign) {
    const { orchestrator } = worldOf({ store, context });
    const resuming = orchestrator.resume("r-1", definition && { definition });
    await assert.rejects(resuming, refusedAs("mismatch"));
  }
  assert.equal((await stored(store))?.owner?.term, 1);
  const [result] = await worldOn(store).orchestrator.resume("r-1", { definition: own });
  assert.equal(result?.success, true);
});

Deno.test("WorkflowOrchestrator resumes nothing without a store, or that is not there", async () => {
  await assert.rejects(worldOf().orchestrator.resume("r-1"), refusedAs("not_found"));
  const { orchestrator } = worldOn(new MemoryRunStore());
  await assert.rejects(orchestrator.resume("r-1"), refusedAs("not_found"));
});

Deno.test("WorkflowOrchestrator tells that a run was resumed, and how many steps it has", async () => {
  const store = new MemoryRunStore();
  await assert.rejects(execute(worldOn(dyingAt(store, 4, "lost before"))), /has died/);
  const world = worldOn(store);
  await world.orchestrator.resume("r-1");
  const started = world.events[0]!.data["context"] as Record<string, unknown>;
  assert.deepEqual([started["resumed"], started["total_steps"]], [true, 4]);
  assert.deepEqual(world.events.at(-1)!.data["status"], "completed");
});

Deno.test("WorkflowOrchestrator calls a resumed run off by its signal", async () => {
  const store = new MemoryRunStore();
  await assert.rejects(execute(worldOn(dyingAt(store, 4, "lost before"))), /has died/);
  const world = worldOn(store);
  await world.orchestrator.resume("r-1", { signal: AbortSignal.abort() });
  assert.deepEqual(world.began, []);
  assert.equal((await stored(store))?.status, "cancelled");
});

Deno.test("WorkflowOrchestrator records under the fence it was given, and nothing once that is lost", async () => {
  const store = new MemoryRunStore();
  let isValid = true;
  const fence = { check: { key: ["term"], versionstamp: null }, isValid: () => isValid };
  const data: Agent = () => void (isValid = false);
  const { orchestrator, context } = worldOn(store, { ...AGENTS, data });
  const running = orchestrator.executeStandardWorkflow(context, { fence });
  await assert.rejects(running, RunSupersededError);
  const resuming = worldOn(store).orchestrator.resume("r-1", { fence });
  await assert.rejects(resuming, refusedAs("fenced"));
  isValid = true;
  await worldOn(store).orchestrator.resume("r-1", { fence });
  assert.equal((await stored(store))?.status, "completed");
});

Deno.test("OrchestratorRun tells one end of a run that another worker took over", async () => {
  const store = new MemoryRunStore();
  const gate = Promise.withResolvers<void>();
  const first = worldOn(store, { ...AGENTS, data: () => gate.promise.then(() => 1) });
  const running = execute(first);
  while (!first.began.includes("data")) await new Promise((wake) => setTimeout(wake, 0));
  const second = worldOn(store);
  await second.orchestrator.resume("r-1");
  gate.resolve();
  await assert.rejects(running, RunSupersededError);
  assert.deepEqual([endsTold(first), endsTold(second)], [[], ["agent_completed completed"]]);
});

Deno.test("OrchestratorRun tells no end of an interrupted run, which goes on with the same engine", async () => {
  const store = new MemoryRunStore();
  const controller = new AbortController();
  let isFirst = true;
  const data: Agent = () => {
    if (isFirst) controller.abort(new RunInterruptedError("r-1"));
    isFirst = false;
  };
  const world = worldOn(store, { ...AGENTS, data });
  const { orchestrator, context } = world;
  const running = orchestrator.executeStandardWorkflow(context, { signal: controller.signal });
  await assert.rejects(running, RunInterruptedError);
  assert.deepEqual(endsTold(world), []);
  await assert.rejects(orchestrator.executeStandardWorkflow(context), refusedAs("exists"));
  const results = await orchestrator.resume("r-1");
  assert.ok(results.every(({ success }) => success));
  assert.deepEqual(endsTold(world), ["agent_completed completed"]);
  await assert.rejects(orchestrator.resume("r-1"), refusedAs("ended"));
  await assert.rejects(orchestrator.executeStandardWorkflow(context), refusedAs("exists"));
});

Deno.test("OrchestratorRun interrupts a durable run whose store does not answer after the stop", async () => {
  for (const how of ["signal", "cleanup"] as const) {
    const inner = new MemoryRunStore();
    const clock = new FakeClock();
    let hangs = false;
    const store: RunStore = {
      get: (key) => inner.get(key),
      list: (prefix, options) => inner.list(prefix, options),
      commit: (change) => hangs ? new Promise(() => {}) : inner.commit(change),
    };
    const data: Agent = () => void (hangs = true);
    const world = worldOf({ agents: { ...AGENTS, data }, store, clock });
    const controller = new AbortController();
    const { signal } = controller;
    const running = world.orchestrator.executeStandardWorkflow(world.context, { signal });
    const end = assert.rejects(running, RunInterruptedError, how);
    await clock.advance(1);
    if (how === "signal") controller.abort();
    const cleanup = how === "cleanup" ? world.engine.cleanup() : null;
    await clock.advance(5_000);
    await Promise.all([end, cleanup]);
    assert.deepEqual([endsTold(world), world.engine.isBusy], [[], false]);
  }
});

const CHARGE = { name: "charge", agent: "data" };
const CHANGES = [
  { name: "a step that was recorded is called otherwise", steps: [{ ...CHARGE, name: "pay" }] },
  { name: "a step is done by another agent", steps: [{ ...CHARGE, agent: "data_helper" }] },
  { name: "there is a step more", steps: [CHARGE, { name: "data" }] },
];

for (const { name, steps } of CHANGES) {
  Deno.test(`WorkflowOrchestrator resumes no run when ${name} than when it was started`, async () => {
    const store = new MemoryRunStore();
    const start = defineWorkflow({ name: "own", steps: [CHARGE, { name: "reporting" }] });
    const first = worldOn(dyingAt(store, 5, "lost before"));
    await assert.rejects(first.orchestrator.executeWorkflow(start, first.context), /has died/);
    const changed = defineWorkflow({ name: "own", steps: [...steps, { name: "reporting" }] });
    const second = worldOn(store);
    const resuming = second.orchestrator.resume("r-1", { definition: changed });
    await assert.rejects(resuming, refusedAs("mismatch"));
    assert.deepEqual([second.began, (await stored(store))?.owner?.term], [[], 1]);
    const results = await second.orchestrator.resume("r-1", { definition: start });
    assert.ok(results.every(({ success }) => success));
  });
}

Deno.test("OrchestratorRun finds a recorded result that came of another context", async () => {
  for (const fingerprint of [contextOf().fingerprint, contextOf({ runId: "r-2" }).fingerprint]) {
    const store = new MemoryRunStore();
    const durable = await new DurableRuns({ store }).startRun({
      context: contextOf(),
      workflow: "own",
    });
    const metadata = { context_fingerprint: fingerprint };
    await durable.record(completed("data", { metadata }));
    const definition = defineWorkflow({ name: "own", steps: [{ name: "data" }] });
    const { orchestrator } = worldOn(store);
    const [result] = await orchestrator.resume("r-1", { definition });
    const isOwn = fingerprint === contextOf().fingerprint;
    assert.equal(result?.metadata["coordination_validation"] === undefined, isOwn);
    assert.deepEqual(
      orchestrator.validator.history.flatMap(({ isolation_violations }) => isolation_violations),
      isOwn ? [] : ["data ran in another context than the run's"],
    );
  }
});

Deno.test("OrchestratorRun tells of a result that was too large to be recorded", async () => {
  const world = worldOn(new MemoryRunStore(), { ...AGENTS, data: () => "x".repeat(70_000) });
  await execute(world);
  const errors = world.events.filter(({ type }) => type === "agent_error");
  assert.deepEqual(errors.map(({ agentName }) => agentName), ["data"]);
  const { error_context } = errors[0]!.data as { error_context: { error_type: string } };
  assert.equal(error_context.error_type, "RangeError");
});

Deno.test("OrchestratorRun tells of no agent that was called off before it began", async () => {
  const inner = new MemoryRunStore();
  const controller = new AbortController();
  const store: RunStore = {
    get: (key) => inner.get(key),
    list: (prefix, options) => inner.list(prefix, options),
    commit: (change) => {
      const isBegin = change.sets?.some(({ key }) => key[0] === "begun" && key[2] === "data");
      if (isBegin) controller.abort(new Error("enough"));
      return inner.commit(change);
    },
  };
  const world = worldOn(store);
  const { signal } = controller;
  const results = await world.orchestrator.executeStandardWorkflow(world.context, { signal });
  const { status, error } = results.find(({ stepName }) => stepName === "data")!;
  assert.deepEqual([status, error], ["cancelled", "Agent execution failed: enough"]);
  assert.ok(!world.events.some(({ agentName }) => agentName === "data"));
  assert.equal((await stored(inner))?.status, "cancelled");
});
