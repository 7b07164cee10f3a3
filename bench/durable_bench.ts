import {
  type DurableRun,
  DurableRuns,
  KvRunStore,
  MemoryRunStore,
  type RunStore,
  type UserExecutionContext,
  UserExecutionEngine,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { agents, newContext, STATE, STEPS, workflow } from "./engine_parts.ts";
import { type Figures, measureSideBySide, ms, perSecond, table } from "./figures.ts";

/** What keeping each step's result adds, beside bare commits and runs that are not durable. */
export async function benchDurable(path: string, times: number): Promise<string> {
  using kv = await Deno.openKv(path);
  const context = newContext();
  await using engine = new UserExecutionEngine({ context, agents });
  const request = { agentName: "count", context };
  const value = new TextEncoder().encode(
    JSON.stringify(await engine.executeAgent(request, STATE)),
  );
  const inMemory = await startRun(new MemoryRunStore(), context);
  const onFile = await startRun(new KvRunStore({ kv }), context);
  const record = async (run: DurableRun, i: number) => {
    const stepName = `step-${i}`;
    await run.begin(stepName);
    await run.record(await engine.executeAgent({ ...request, stepName }, STATE));
  };
  const flow = (store?: RunStore) => () => runWorkflow(store);
  const kvStore = new KvRunStore({ kv, prefix: ["flows"] });
  const memoryStore = new MemoryRunStore();
  const figures = await measureSideBySide(times, [
    (i) => bareStep(kv, i, value),
    (i) => record(onFile, i),
    (i) => record(inMemory, i),
    flow(),
    flow(memoryStore),
    flow(kvStore),
  ]) as [Figures, Figures, Figures, Figures, Figures, Figures];
  const [bare, file, memory, plain, memoryFlow, fileFlow] = figures;
  const row = (name: string, figures: Figures, beside: Figures, besideName: string, each = 1) => [
    name,
    ms(figures.percentileMs(0.5) / each),
    ms(figures.percentileMs(0.99) / each),
    perSecond(figures, each),
    `${(figures.percentileMs(0.5) / beside.percentileMs(0.5)).toFixed(2)} × ${besideName}`,
  ];
  const flowName = `workflow of ${STEPS} steps with its engine`;
  return table(
    `Durable steps (${times} times each, in turn)`,
    ["operation", "p50 ms a step", "p99 ms a step", "steps per s (mean)", "ratio of p50"],
    [
      row("bare: 1 read + 2 commits, local file", bare, bare, "itself"),
      row("step begun, run and recorded, local file", file, bare, "bare"),
      row("step begun, run and recorded, in memory", memory, bare, "bare"),
      row(`${flowName}, not durable`, plain, plain, "itself", STEPS),
      row(`${flowName}, in memory`, memoryFlow, plain, "not durable", STEPS),
      row(`${flowName}, local file`, fileFlow, plain, "not durable", STEPS),
    ],
  );
}

async function runWorkflow(store?: RunStore): Promise<void> {
  const context = newContext();
  await using engine = new UserExecutionEngine({ context, agents });
  const runs = store && { runs: new DurableRuns({ store }) };
  const orchestrator = new WorkflowOrchestrator({ engine, ...runs });
  const results = await orchestrator.executeWorkflow(workflow, context, { state: STATE });
  if (!results.every(({ success }) => success)) throw new Error("a step failed");
}

function startRun(store: RunStore, context: UserExecutionContext): Promise<DurableRun> {
  return new DurableRuns({ store }).startRun({ context, workflow: "chain", state: STATE });
}

/** What a durable step cannot do without: see whether it began before, say so, keep its result. */
async function bareStep(kv: Deno.Kv, i: number, value: Uint8Array): Promise<void> {
  const begun = ["bare", "begun", i];
  const result = ["bare", "result", i];
  const { versionstamp } = await kv.get(begun);
  await kv.atomic().check({ key: begun, versionstamp }).set(begun, 1).commit();
  await kv.atomic().check({ key: result, versionstamp: null }).set(result, value).commit();
}
