/**
 * A process that goes on with a durable run whenever it leads, and starts it when there is none, for
 * tests to kill and freeze. Each step leaves a line in a file, which is its effect. What else happens
 * is told on standard output, one JSON document a line.
 */
import { LeaderElection, openKv, type Term } from "@baton/orchestration/coordination";
import {
  type Agent,
  defineWorkflow,
  DurableRuns,
  KvRunStore,
  type RunFence,
  type RunStore,
  type RunStoreChange,
  UserExecutionContext,
  UserExecutionEngine,
  WorkflowOrchestrator,
} from "@baton/orchestration/engines";
import { type DurableEvent, type DurableSettings, RUN_ID } from "./durable_settings.ts";

const RETRY_MS = 20;
const [path, instanceId, text] = Deno.args as [string, string, string];
const settings: DurableSettings = JSON.parse(text);
const { folder } = settings;

/** `costs` and `savings` run at the same time; `costs` ends when the test lets it. */
const WORKFLOW = defineWorkflow({
  name: "spending",
  steps: [
    { name: "triage" },
    { name: "costs", dependsOn: ["triage"] },
    { name: "savings", dependsOn: ["triage"] },
    { name: "report", dependsOn: ["costs", "savings"] },
  ],
});

function tell(event: DurableEvent["event"], details: Partial<DurableEvent> = {}): void {
  const line = JSON.stringify({ event, instanceId, ...details });
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilThere(file: string): Promise<void> {
  for (;;) {
    try {
      await Deno.stat(file);
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await sleep(RETRY_MS);
    }
  }
}

const doStep: Agent = async ({ context }) => {
  const { step_name: step, attempt } = context.agentContext;
  const line = JSON.stringify({ run: context.runId, step, attempt, by: instanceId });
  await Deno.writeTextFile(`${folder}/effects`, `${line}\n`, { append: true });
  if (step === "costs") await untilThere(`${folder}/costs-${attempt}`);
  return { by: instanceId, attempt };
};

/** Tells of each result that is recorded, and stops where it is to. */
class TellingStore implements RunStore {
  readonly #inner: RunStore;

  constructor(inner: RunStore) {
    this.#inner = inner;
  }

  get: RunStore["get"] = (key) => this.#inner.get(key);
  list: RunStore["list"] = (prefix, options) => this.#inner.list(prefix, options);

  async commit(change: RunStoreChange): Promise<string | null> {
    const [what, , step] = change.sets?.[0]?.key ?? [];
    const next = what === "begun" ? step : isEnd(change) ? "end" : undefined;
    if (next !== undefined && next === settings.stopsBefore) {
      tell("stopped", { step: next });
      await new Promise(() => {});
    }
    const version = await this.#inner.commit(change);
    if (version !== null && what === "result") tell("recorded", { step: step! });
    return version;
  }
}

function isEnd({ sets = [] }: RunStoreChange): boolean {
  return sets.some(({ key }) => key[0] === "ended");
}

function fenceOf(term: Term): RunFence | undefined {
  const { check } = term;
  switch (settings.records) {
    case "under_term":
      return term;
    case "without_asking":
      return { check, isValid: () => true };
    case "as_owner":
      return undefined;
  }
}

async function goOn(fence: RunFence | undefined): Promise<void> {
  const found = await runs.read(RUN_ID);
  const context = found === null
    ? new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: RUN_ID })
    : UserExecutionContext.fromDict(found.context);
  const agents = new Map(WORKFLOW.steps.map(({ name }) => [name, doStep]));
  await using engine = new UserExecutionEngine({ context, agents });
  const orchestrator = new WorkflowOrchestrator({ engine, runs });
  const under = fence && { fence };
  const results = found === null
    ? await orchestrator.executeWorkflow(WORKFLOW, context, under)
    : await orchestrator.resume(RUN_ID, { definition: WORKFLOW, ...under });
  const statuses = Object.fromEntries(results.map(({ stepName, status }) => [stepName, status]));
  tell("ended", { statuses });
}

async function lead(term: Term): Promise<void> {
  tell("elected", { term: term.term });
  if (settings.duty === "nothing") return;
  try {
    await goOn(fenceOf(term));
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === "RUN_SUPERSEDED") tell("refused", { code, message });
    else tell("failed", { ...(code !== undefined && { code }), message });
  }
}

const kv = await openKv(path);
const runs = new DurableRuns({ store: new TellingStore(new KvRunStore({ kv })) });
const { leaseMs } = settings;
const election = new LeaderElection({
  kv,
  name: "runs",
  holderId: instanceId,
  leaseMs,
  storePath: path,
});
for await (const term of election.terms()) await lead(term);
