import assert from "node:assert/strict";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import { KvRunStore } from "../../../engines/durable/kv_run_store.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { defineWorkflow } from "../../../engines/workflow/define_workflow.ts";
import { WorkflowOrchestrator } from "../../../engines/workflow/workflow_orchestrator.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

/** Deno KV that answers no call any more from the n-th on. */
export function hangingAt(kv: Deno.Kv, n: number, hangs: () => void): Deno.Kv {
  let calls = 0;
  const answer = <T>(call: () => T): T | Promise<never> => {
    if (++calls < n) return call();
    if (calls === n) hangs();
    return new Promise<never>(() => {});
  };
  return new Proxy(kv, {
    get: (target, name) => {
      if (name === "get") return (key: Deno.KvKey) => answer(() => target.get(key));
      if (name === "list") {
        return async function* (selector: Deno.KvListSelector) {
          yield* await answer(() => target.list(selector));
        };
      }
      const batch = () => {
        const atomic = target.atomic();
        const commit = atomic.commit.bind(atomic);
        atomic.commit = () => answer(commit) as Promise<Deno.KvCommitResult>;
        return atomic;
      };
      return batch;
    },
  });
}

/** Two steps at a time, and a report. */
export const definition = defineWorkflow({
  name: "spending",
  steps: [{ name: "a" }, { name: "b" }, { name: "report", dependsOn: ["a", "b"], always: true }],
});
/** Whose run it is. */
export const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
const agents = new Map(definition.steps.map(({ name }) => [name, () => ({ done: name })]));

/** A process with its store in Deno KV, all on one clock. */
export function worldOn(kv: Deno.Kv, clock: FakeClock) {
  const engine = new UserExecutionEngine({ context, agents, clock });
  const runs = new DurableRuns({ store: new KvRunStore({ kv, clock }), clock });
  return { engine, runs, orchestrator: new WorkflowOrchestrator({ engine, runs, clock }) };
}

/** Lets time pass until something has ended. @returns When that was. */
export async function endOf(
  work: Promise<unknown>,
  clock: FakeClock,
  kv: Deno.Kv,
): Promise<number> {
  let endedAtMs: number | undefined;
  const ended = () => endedAtMs = clock.monotonic();
  work.then(ended, ended);
  while (endedAtMs === undefined) {
    // What was asked of the store before is answered by then: no time passes meanwhile.
    for (let turn = 0; turn < 5; turn++) await kv.get(["turn"]);
    await clock.advance(endedAtMs === undefined ? 100 : 0);
    assert.ok(clock.monotonic() < 120_000, "it never ends");
  }
  return endedAtMs;
}

/** Goes on in another process with what is left of the run, if it was started. */
export async function assertResumable(kv: Deno.Kv, n: number): Promise<void> {
  const { engine, runs, orchestrator } = worldOn(kv, new FakeClock());
  const found = await runs.read("r-1");
  if (found?.status === "running") await orchestrator.resume("r-1", { definition });
  const after = await runs.read("r-1");
  assert.ok(found === null || after?.status !== "running", `call ${n}: ${after?.status}`);
  await engine.cleanup();
}
