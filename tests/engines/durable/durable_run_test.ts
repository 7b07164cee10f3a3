import assert from "node:assert/strict";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import {
  RunInterruptedError,
  RunStoreUnavailableError,
  RunSupersededError,
} from "../../../engines/durable/run_errors.ts";
import type { RunStore } from "../../../engines/durable/run_store.ts";
import type { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { completed, ended } from "../../support/step_results.ts";
import { forgetful } from "./frail_run_store.ts";
import { assertResumable, definition, endOf, hangingAt, worldOn } from "./hanging_store.ts";

const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
const RUN = { context, workflow: "costs", state: { question: "why" } };

const runsOn = (store: RunStore) => new DurableRuns({ store, clock: new FakeClock() });

Deno.test("DurableRun knows whose run it is, and what it was started with", async () => {
  const run = await runsOn(new MemoryRunStore()).startRun(RUN);
  const { runId, userId, threadId, workflow, state, term } = run;
  assert.deepEqual([runId, userId, threadId, workflow, term], ["r-1", "ada", "t-1", "costs", 1]);
  assert.deepEqual(state, RUN.state);
  assert.equal(UserExecutionContext.fromDict(run.context).fingerprint, context.fingerprint);
});

Deno.test("DurableRun counts how often a step was begun, across workers", async () => {
  const runs = runsOn(new MemoryRunStore());
  const first = await runs.startRun(RUN);
  assert.equal(await first.begin("data"), 1);
  assert.equal(await first.begin("data"), 2);
  const second = await runs.takeOver("r-1");
  assert.equal(await second.begin("data"), 3);
  assert.equal(await second.begin("triage"), 1);
});

Deno.test("DurableRun records a result once, also when the store loses its answers", async () => {
  const store = new MemoryRunStore();
  // 1 is the start of the run.
  const runs = runsOn(forgetful(store, { 2: "lost after", 3: "lost before" }));
  const run = await runs.startRun(RUN);
  await run.record(completed("triage"));
  await run.record(completed("data", { result: 7 }));
  const found = await runsOn(store).read("r-1");
  assert.deepEqual([...found!.results.keys()], ["data", "triage"]);
  assert.equal(found!.results.get("data")?.result, 7);
  await assert.rejects(run.record(completed("data", { result: 8 })), RunSupersededError);
  assert.equal((await runs.read("r-1"))!.results.get("data")?.result, 7);
});

Deno.test("DurableRun changes nothing once another worker took over", async () => {
  const runs = runsOn(new MemoryRunStore());
  const first = await runs.startRun(RUN);
  const second = await runs.takeOver("r-1");
  for (
    const late of [
      () => first.begin("data"),
      () => first.record(completed("data")),
      () => first.end("failed"),
    ]
  ) {
    await assert.rejects(late, (error) => {
      assert.ok(error instanceof RunSupersededError);
      assert.equal(error.runId, "r-1");
      return true;
    });
  }
  const found = await runs.read("r-1");
  assert.deepEqual([found?.status, found?.results.size], ["running", 0]);
  assert.equal(await second.begin("data"), 1);
});

Deno.test("DurableRun changes nothing once its fence is lost, or it has ended", async () => {
  const runs = runsOn(new MemoryRunStore());
  let isValid = true;
  const fence = { check: { key: ["term"], versionstamp: null }, isValid: () => isValid };
  const run = await runs.startRun({ ...RUN, fence });
  await run.record(completed("triage"));
  isValid = false;
  await assert.rejects(run.record(completed("data")), RunSupersededError);
  isValid = true;
  await run.end("cancelled");
  await assert.rejects(run.record(completed("data")), RunSupersededError);
  await assert.rejects(run.end("completed"), RunSupersededError);
  const found = await runs.read("r-1");
  assert.deepEqual([found?.status, found?.results.size, found?.owner], ["cancelled", 1, null]);
  assert.equal(found?.endedAt, "2026-01-01T00:00:00.000Z");
});

Deno.test("DurableRun records a failure in place of a result that no store takes", async () => {
  const runs = runsOn(new MemoryRunStore());
  const run = await runs.startRun(RUN);
  const large = completed("data", { result: "x".repeat(60_000), executionTimeMs: 5 });
  const recorded = await run.record(large);
  assert.equal(recorded.status, "failed");
  assert.match(recorded.error ?? "", /bytes too large to be recorded/);
  assert.deepEqual([recorded.stepName, recorded.executionTimeMs], ["data", 5]);
  assert.deepEqual((await runs.read("r-1"))!.results.get("data"), recorded);
  assert.deepEqual(run.results.get("data"), recorded);
});

Deno.test("DurableRun hands out copies of its results", async () => {
  const run = await runsOn(new MemoryRunStore()).startRun(RUN);
  await run.record(ended("triage", "failed"));
  (run.results as Map<string, unknown>).clear();
  assert.equal(run.results.size, 1);
});

/** A change that is not answered in time is read back once: two deadlines of the store, and a bit. */
const ENDS_WITHIN_MS = 11_000;
/** More than one run asks. */
const CALLS_MAX = 60;

const GIVE_UPS: readonly {
  readonly name: string;
  readonly giveUp: (engine: UserExecutionEngine, caller: AbortController) => Promise<void> | void;
}[] = [
  { name: "by itself", giveUp: () => {} },
  { name: "when it is called off", giveUp: (_, caller) => caller.abort() },
  {
    name: "when it is interrupted",
    giveUp: (_, caller) => caller.abort(new RunInterruptedError("r-1")),
  },
  { name: "when its engine is cleaned up", giveUp: (engine) => engine.cleanup().then(() => {}) },
];

for (const { name, giveUp } of GIVE_UPS) {
  Deno.test(`DurableRun ends ${name} in time wherever its store hangs, and can be resumed`, async () => {
    let hung = 0;
    for (let n = 1; n <= CALLS_MAX; n++) {
      using kv = await Deno.openKv(":memory:");
      const clock = new FakeClock();
      const caller = new AbortController();
      let givenUp: Promise<void> | void = undefined;
      const { engine, orchestrator } = worldOn(
        hangingAt(kv, n, () => givenUp = giveUp(engine, caller)),
        clock,
      );
      const { signal } = caller;
      const running = orchestrator.executeWorkflow(definition, context, { signal });
      const endedAtMs = await endOf(running, clock, kv);
      assert.ok(endedAtMs <= ENDS_WITHIN_MS, `call ${n}: it took ${endedAtMs} ms`);
      await endOf(Promise.all([givenUp, engine.cleanup()]), clock, kv);
      // A run that was called off does not wait for the store; the store gives up by itself.
      await clock.advance(ENDS_WITHIN_MS);
      assert.equal(clock.sleeperCount, 0, `call ${n}: a timer is left`);
      const error = await running.then(() => null, (error) => error);
      if (error === null) break;
      hung++;
      const isExpected = error instanceof RunStoreUnavailableError ||
        error instanceof RunInterruptedError;
      assert.ok(isExpected, `call ${n}: ${error}`);
      await assertResumable(kv, n);
    }
    assert.ok(hung > 8 && hung < CALLS_MAX, `it hung at ${hung} calls`);
  });
}
