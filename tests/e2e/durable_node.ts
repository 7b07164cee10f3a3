/**
 * A node of a cluster that starts durable runs of its own and claims those of nodes that died, for
 * tests to kill and freeze. Each step leaves a line in a file, which is its effect; the step `costs`
 * ends when the test lets it. What else happens is told on standard output, one JSON document a line.
 */
import { DistributedResilienceCoordinator, openKv } from "@baton/orchestration/coordination";
import {
  type Agent,
  defineWorkflow,
  DurableRuns,
  KvRunStore,
  UserExecutionContext,
  UserExecutionEngine,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { startUp } from "../support/start_up.ts";
import type { DurableNodeEvent, DurableNodeSettings } from "./durable_cluster.ts";

const RETRY_MS = 20;
const [path, instanceId, text] = Deno.args as [string, string, string];
const { leaseMs, folder, starts, holdsClaims }: DurableNodeSettings = JSON.parse(text);

function tell(event: DurableNodeEvent["event"], details: Partial<DurableNodeEvent> = {}): void {
  const line = JSON.stringify({ event, instanceId, ...details });
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilThere(file: string): Promise<void> {
  while (!await Deno.stat(file).then(() => true, () => false)) await sleep(RETRY_MS);
}

const doStep: Agent = async ({ context }) => {
  const { step_name: step, attempt } = context.agentContext;
  const line = JSON.stringify({ run: context.runId, step, attempt, by: instanceId });
  await Deno.writeTextFile(`${folder}/effects`, `${line}\n`, { append: true });
  if (step === "costs") await untilThere(`${folder}/${context.runId}-costs-${attempt}`);
  return { by: instanceId, attempt };
};

const definition = defineWorkflow({
  name: "spending",
  steps: [
    { name: "triage" },
    { name: "costs", dependsOn: ["triage"] },
    { name: "report", dependsOn: ["costs"] },
  ],
});
const agents = new Map(definition.steps.map(({ name }) => [name, doStep]));

/** Starts a run, or goes on with one that this node claimed, to its end. */
async function work(context: UserExecutionContext, isClaimed: boolean): Promise<void> {
  const { runId: run } = context;
  await using engine = new UserExecutionEngine({ context, agents });
  const orchestrator = new WorkflowOrchestrator({ engine, runs });
  try {
    if (isClaimed && holdsClaims) await untilThere(`${folder}/${run}-claimed`);
    if (isClaimed) await orchestrator.resume(run, { definition });
    else await orchestrator.executeWorkflow(definition, context);
    tell("ended", { run });
  } catch (error) {
    const { code = "none", message } = error as Error & { code?: string };
    tell("gave_up", { run, code, message });
  }
}

async function living(): Promise<string[]> {
  const nodes = await node.getNodes();
  return nodes.filter(({ status }) => status !== "dead").map(({ incarnation }) => incarnation);
}

async function claim(): Promise<void> {
  for (const { runId: run, context } of (await runs.claimLost({ living })).claimed) {
    tell("claimed", { run });
    void work(UserExecutionContext.fromDict(context), true);
  }
}

const kv = await openKv(path);
const timing = { leaseMs };
const node = new DistributedResilienceCoordinator({ kv, storePath: path, instanceId, timing });
await startUp(node);
const self = (await node.getNodes()).find((one) => one.instanceId === instanceId)!;
const { incarnation } = self;
const runs = new DurableRuns({ store: new KvRunStore({ kv }), incarnation });
tell("started");
for (const runId of starts) {
  void work(new UserExecutionContext({ userId: "ada", threadId: "t-1", runId }), false);
}
for (;;) {
  await claim().catch(({ name, message }) => {
    // The store is busy at times: the next turn comes soon.
    if (!/Unavailable/.test(name)) tell("gave_up", { code: name, message });
  });
  await sleep(leaseMs / 4);
}
