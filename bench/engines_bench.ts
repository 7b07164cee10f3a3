import {
  type AgentCall,
  assertUserExecutionEngine,
  ExecutionEngineFactory,
  UserEventHub,
  UserExecutionContext,
  UserExecutionEngine,
  verifyEngineUnchanged,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { describeEngine, type GenuineEngine } from "../engines/guard/describe_engine.ts";
import { benchDurable } from "./durable_bench.ts";
import { agents, count, eventOf, newContext, STATE, STEPS, workflow } from "./engine_parts.ts";
import { type Figures, measureSideBySide, perSecond, table } from "./figures.ts";

/** Workflows in one measurement, and five times as many calls of single agents. */
const BATCH = 10;
const GUARD_BATCH = 1_000;
const SUBSCRIBERS = 100;
const USERS = 1_000;

type Row = readonly [name: string, run: () => unknown, bareRow: number];

/** What engines add to the functions that they run, and what their events and records cost. */
export async function benchEngines(path: string, times: number): Promise<string> {
  return [
    await benchSteps(times),
    await benchCreation(times),
    await benchGuard(times),
    await benchFanOut(Math.ceil(times / 3)),
    await benchDurable(path, Math.ceil(times / 2)),
    await runApart(times),
  ].join("\n");
}

async function benchSteps(times: number): Promise<string> {
  const context = newContext();
  using hub = new UserEventHub();
  await using engine = new UserExecutionEngine({ context, agents });
  await using heard = new UserExecutionEngine({ context, agents, events: hub });
  const request = { agentName: "count", context };
  const rows: readonly Row[] = [
    ["direct: 1 function", () => callDirectly(context, 1), 0],
    ["`executeAgent`", () => engine.executeAgent(request, STATE), 0],
    ["`executeAgent`, events to a hub", () => heard.executeAgent(request, STATE), 0],
    [`direct: ${STEPS} functions, one after the other`, () => callDirectly(context, STEPS), 3],
    ["`executePipeline`", () => engine.executePipeline(workflow, context, STATE), 3],
    ["orchestrator, with a new engine", () => orchestrate(), 3],
    ["orchestrator, with a new engine, events to a hub", () => orchestrate(hub), 3],
  ];
  const repeated = rows.map(([, run, bare]) => repeat(bare === 0 ? BATCH * STEPS : BATCH, run));
  const figures = await measureSideBySide(times, repeated);
  checkHub(hub);
  for (const { failed_executions: failed } of [engine.getStats(), heard.getStats()]) {
    if (failed > 0) throw new Error(`${failed} agents failed`);
  }
  return table(
    `Steps of engines, inline (${times} × ${BATCH * STEPS} steps each, in turn)`,
    ["operation", "p50 µs a step", "p99", "mean", "p50 over the direct call", "ratio of p50"],
    compared(rows, figures, BATCH * STEPS),
  );
}

let runs = 0;

/** A run has an engine of its own, which carries out one workflow. */
async function orchestrate(hub?: UserEventHub): Promise<void> {
  const context = new UserExecutionContext({
    userId: "ada",
    threadId: "thread-1",
    runId: `run-${runs++}`,
  });
  const events = hub && { events: hub };
  const engine = new UserExecutionEngine({ context, agents, ...events });
  const orchestrator = new WorkflowOrchestrator({ engine, ...events });
  const results = await orchestrator.executeWorkflow(workflow, context, { state: STATE });
  if (!results.every(({ success }) => success)) throw new Error("a step failed");
}

/** The same functions as by an engine, given the same, with what came before handed on. */
async function callDirectly(context: UserExecutionContext, steps: number): Promise<unknown> {
  const results: Record<string, unknown> = {};
  for (let i = 0; i < steps; i++) {
    const input = { state: STATE, results };
    const call: AgentCall = { context, input, signal, callTool, think };
    results[`step-${i}`] = await count(call);
  }
  return results;
}

const { signal } = new AbortController();
const callTool = () => Promise.resolve(null);
const think = () => {};

async function benchCreation(times: number): Promise<string> {
  const context = newContext();
  await using factory = new ExecutionEngineFactory({ agents });
  const rows: readonly Row[] = [
    ["bare: `crypto.randomUUID()` and a frozen object", newRecord, 0],
    ["context", newContext, 0],
    ["child of a context", () => context.createChild("part"), 0],
    ["engine and its `cleanup()`", () => new UserExecutionEngine({ context, agents }).cleanup(), 0],
    ["`createForUser` and `cleanupEngine`", async () => {
      await factory.cleanupEngine(await factory.createForUser(context));
    }, 0],
    [
      "context and `userExecutionScope` with one call of an agent",
      () => {
        const context = newContext();
        return factory.userExecutionScope(
          context,
          (engine) => engine.executeAgent({ agentName: "count", context }, STATE),
        );
      },
      0,
    ],
  ];
  const figures = await measureSideBySide(times, rows.map(([, run]) => repeat(BATCH, run)));
  return table(
    `Making contexts and engines (${times} × ${BATCH} each, in turn)`,
    ["operation", "p50 µs", "p99", "mean", "p50 over the bare one", "ratio of p50"],
    compared(rows, figures, BATCH),
  );
}

async function benchGuard(times: number): Promise<string> {
  const context = newContext();
  await using engine: unknown = new UserExecutionEngine({ context, agents });
  const seen = describeEngine(engine) as GenuineEngine;
  const rows: readonly Row[] = [
    ["bare: `instanceof`", () => engine instanceof UserExecutionEngine, 0],
    ["`UserExecutionEngine.is`", () => UserExecutionEngine.is(engine), 0],
    ["`verifyEngineUnchanged`, as before each step", () => {
      verifyEngineUnchanged(engine, seen, context);
    }, 0],
    ["`assertUserExecutionEngine`, with its log", () => {
      assertUserExecutionEngine(engine);
    }, 0],
  ];
  const runs = rows.map(([, run]) => repeatPlainly(GUARD_BATCH, run));
  const figures = await measureSideBySide(times, runs);
  return table(
    `Guard of engines (${times} × ${GUARD_BATCH} calls each, in turn; no sink for logs)`,
    ["operation", "p50 ns", "p99", "mean", "p50 over the bare one", "ratio of p50"],
    compared(rows, figures, GUARD_BATCH, nanoseconds),
  );
}

async function benchFanOut(times: number): Promise<string> {
  using hub = new UserEventHub({ subscribersPerUserMax: SUBSCRIBERS });
  const users = Array.from({ length: USERS }, (_, i) => `reader-${i}`);
  let taken = 0;
  const listen = (userId: string) => {
    const subscription = hub.subscribe(userId);
    subscription.listen({ ready: () => takeAll(subscription), closed: () => {} });
  };
  const takeAll = (subscription: { take(): unknown }) => {
    while (subscription.take() !== null) taken++;
  };
  for (let i = 0; i < SUBSCRIBERS; i++) listen("ada");
  for (const userId of users) listen(userId);
  const stringify = (userId: string, readers: number) => {
    const text = JSON.stringify(eventOf(userId));
    for (let i = 0; i < readers; i++) queueMicrotask(() => kept = text);
  };
  const rows: readonly (readonly [string, number, number, () => void, number])[] = [
    [`bare: \`JSON.stringify\`, ${SUBSCRIBERS} microtasks`, 1, SUBSCRIBERS, () => {
      stringify("ada", SUBSCRIBERS);
    }, 0],
    [`1 user, ${SUBSCRIBERS} subscriptions`, 1, SUBSCRIBERS, () => hub.send(eventOf("ada")), 0],
    [`bare: ${USERS} × \`JSON.stringify\`, a microtask each`, USERS, USERS, () => {
      for (const userId of users) stringify(userId, 1);
    }, 2],
    [`${USERS} users, a subscription each`, USERS, USERS, () => {
      for (const userId of users) hub.send(eventOf(userId));
    }, 2],
    ["1 user whom nobody listens to", 1, 0, () => hub.send(eventOf("nobody")), 0],
  ];
  const figures = await measureSideBySide(
    times,
    rows.map(([, events, , publish]) => repeat(events === 1 ? BATCH : 1, publish)),
  );
  checkHub(hub);
  if (taken !== times * (SUBSCRIBERS * BATCH + USERS)) throw new Error(`${taken} were taken`);
  return table(
    `Events to subscriptions in the process (${times} times each, in turn)`,
    ["operation", "p50 µs an event", "events a second", "deliveries a second", "ratio of p50"],
    rows.map(([name, events, deliveries, , bare], which) => {
      const batch = (row: number) => rows[row]![1] === 1 ? BATCH : USERS;
      const p50 = (row: number) => figures[row]!.percentileMs(0.5) / batch(row);
      const each = figures[which]!;
      return [
        name,
        microseconds(p50(which)),
        perSecond(each, batch(which)),
        perSecond(each, batch(which) * deliveries / events),
        deliveries === 0 ? "" : `${(p50(which) / p50(bare)).toFixed(2)} ×`,
      ];
    }),
  );
}

/** Some of it needs flags, and memory is measured in a process that did nothing before. */
async function runApart(times: number): Promise<string> {
  const script = new URL("./engines_apart.ts", import.meta.url).pathname;
  const root = new URL("..", import.meta.url).pathname;
  const flags = [
    "--v8-flags=--expose-gc",
    "--unstable-worker-options",
    "--allow-net=127.0.0.1",
    `--allow-read=${root}`,
    "--allow-run",
  ];
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, script, String(times)],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot run ${script}`);
  return new TextDecoder().decode(stdout);
}

function newRecord(): object {
  return Object.freeze({ id: crypto.randomUUID(), createdAt: new Date().toISOString() });
}

function checkHub({ metrics }: UserEventHub): void {
  const { events_dropped_total: dropped, events_invalid_total: invalid, lagged_total } = metrics;
  if (dropped + invalid + lagged_total > 0) throw new Error("the hub lost events");
}

/** Keeps what was computed, so that the compiler cannot leave the call out. */
let kept: unknown;

function repeat(batch: number, run: () => unknown): () => Promise<void> {
  return async () => {
    for (let i = 0; i < batch; i++) kept = await run();
    return void kept;
  };
}

function repeatPlainly(batch: number, run: () => unknown): () => Promise<void> {
  return () => {
    for (let i = 0; i < batch; i++) kept = run();
    return Promise.resolve(void kept);
  };
}

/** @param each How many operations one measurement has. */
function compared(
  rows: readonly Row[],
  figures: readonly Figures[],
  each: number,
  show = microseconds,
): string[][] {
  return rows.map(([name, , bareRow], which) => {
    const own = figures[which]!;
    const bareMs = figures[bareRow]!.percentileMs(0.5);
    const p50Ms = own.percentileMs(0.5);
    return [
      name,
      ...[p50Ms, own.percentileMs(0.99), own.meanMs].map((value) => show(value / each)),
      which === bareRow ? "" : show((p50Ms - bareMs) / each),
      which === bareRow ? "" : `${(p50Ms / bareMs).toFixed(1)} ×`,
    ];
  });
}

function microseconds(valueMs: number): string {
  return (valueMs * 1e3).toFixed(2);
}

function nanoseconds(valueMs: number): string {
  return (valueMs * 1e6).toFixed(1);
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "baton-bench-" });
  try {
    const text = await benchEngines(`${folder}/engines.db`, 300);
    Deno.stdout.writeSync(new TextEncoder().encode(text));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
