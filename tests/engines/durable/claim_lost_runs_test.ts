import assert from "node:assert/strict";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import { KvRunStore } from "../../../engines/durable/kv_run_store.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { CorruptRunError, RunSupersededError } from "../../../engines/durable/run_errors.ts";
import type { RunStore } from "../../../engines/durable/run_store.ts";
import { runKeys } from "../../../engines/durable/stored_run.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { completed } from "../../support/step_results.ts";
import { forgetful } from "./frail_run_store.ts";

/** What a process that started at some time has; without an incarnation, one that told none. */
function processOn(store: RunStore, incarnation?: string): DurableRuns {
  const own = incarnation === undefined ? {} : { incarnation };
  return new DurableRuns({ store, clock: new FakeClock(), openMaxPerUser: 10_000, ...own });
}

function newRun(runId: string) {
  const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId });
  return { context, workflow: "costs", state: { question: "why" } };
}

const alive = (...incarnations: string[]) => ({ living: () => Promise.resolve(incarnations) });

const idsOf = (runs: readonly { readonly runId: string }[]) => runs.map(({ runId }) => runId);

Deno.test("claimLost makes this process the owner of the runs of the dead, and of no others", async () => {
  const store = new MemoryRunStore();
  const dead = processOn(store, "dead");
  const lost = await dead.startRun(newRun("lost"));
  await lost.record(completed("triage"));
  await (await dead.startRun(newRun("ended"))).end("completed");
  const kept = await processOn(store, "other").startRun(newRun("kept"));
  await processOn(store).startRun(newRun("nobody's"));
  const runs = processOn(store, "here");
  const [claimed, ...others] = await runs.claimLost(alive("here", "other"));
  assert.deepEqual([claimed?.runId, claimed?.workflow, others], ["lost", "costs", []]);
  assert.deepEqual([claimed?.status, claimed?.state], ["running", { question: "why" }]);
  await assert.rejects(lost.record(completed("data")), RunSupersededError);
  await kept.record(completed("triage"));
  const here = await runs.takeOver("lost");
  assert.deepEqual([here.term, [...here.results.keys()]], [2, ["triage"]]);
  await here.record(completed("data"));
});

Deno.test("claimLost gives each run to one of the processes that ask at the same time", async () => {
  using kv = await Deno.openKv(":memory:");
  const dead = processOn(new KvRunStore({ kv }), "dead");
  const ids = Array.from({ length: 10 }, (_, i) => `r-${i}`);
  for (const runId of ids) await dead.startRun(newRun(runId));
  const names = ["a", "b", "c"];
  const claimed = await Promise.all(
    names.map((name) => processOn(new KvRunStore({ kv }), name).claimLost(alive(...names))),
  );
  assert.deepEqual(idsOf(claimed.flat()).sort(), ids);
  assert.deepEqual(await processOn(new KvRunStore({ kv }), "a").claimLost(alive(...names)), []);
});

Deno.test("claimLost claims again what was claimed by a process that died before it went on", async () => {
  const store = new MemoryRunStore();
  await processOn(store, "first").startRun(newRun("r-1"));
  await processOn(store, "second").claimLost(alive("second"));
  const third = processOn(store, "third");
  assert.deepEqual(idsOf(await third.claimLost(alive("third", "second"))), []);
  assert.deepEqual(idsOf(await third.claimLost(alive("third"))), ["r-1"]);
  assert.equal((await third.read("r-1"))?.owner?.term, 1, "only one has worked on it");
});

Deno.test("claimLost asks who lives after it read the owners, so that a new process is no dead one", async () => {
  const store = new MemoryRunStore();
  const names = ["here"];
  const runs = processOn(store, "here");
  let reads = 0;
  const listing: RunStore = {
    get: store.get.bind(store),
    commit: store.commit.bind(store),
    list: async (prefix, options) => {
      // A process begins, and starts a run, while the owners are about to be read.
      if (reads++ === 0) {
        names.push("new");
        await processOn(store, "new").startRun(newRun("r-1"));
      }
      return await store.list(prefix, options);
    },
  };
  const living = () => Promise.resolve(reads === 0 ? ["here"] : names);
  assert.deepEqual(await processOn(listing, "here").claimLost({ living }), []);
  assert.equal((await runs.read("r-1"))?.owner?.incarnation, "new");
});

Deno.test("claimLost claims nothing when this process itself is not among the living", async () => {
  const store = new MemoryRunStore();
  await processOn(store, "dead").startRun(newRun("r-1"));
  for (const incarnations of [[], ["other"]]) {
    assert.deepEqual(await processOn(store, "here").claimLost(alive(...incarnations)), []);
  }
});

Deno.test("claimLost goes through thousands of runs, and claims as many as it may", async () => {
  const store = new MemoryRunStore();
  const [dead, other] = [processOn(store, "dead"), processOn(store, "other")];
  const numbers = Array.from({ length: 1_200 }, (_, i) => String(i).padStart(4, "0"));
  for (const number of numbers) {
    await (Number(number) % 100 === 99 ? dead : other).startRun(newRun(`r-${number}`));
  }
  const runs = processOn(store, "here");
  const first = await runs.claimLost(alive("here", "other"));
  const second = await runs.claimLost({ ...alive("here", "other"), limit: 1_000 });
  const lost = numbers.filter((number) => number.endsWith("99")).map((number) => `r-${number}`);
  assert.deepEqual([idsOf(first), idsOf(second)], [lost.slice(0, 10), lost.slice(10)]);
});

Deno.test("claimLost claims once when the store loses its answers", async () => {
  const store = new MemoryRunStore();
  await processOn(store, "dead").startRun(newRun("r-1"));
  const forgetting = forgetful(store, { 1: "lost after" });
  assert.deepEqual(idsOf(await processOn(forgetting, "here").claimLost(alive("here"))), ["r-1"]);
});

Deno.test("claimLost refuses what is not sensible, and an owner that cannot be read", async () => {
  const store = new MemoryRunStore();
  await assert.rejects(processOn(store).claimLost(alive("here")), TypeError);
  const runs = processOn(store, "here");
  for (const limit of [0, 1.5, 1_001]) {
    await assert.rejects(runs.claimLost({ ...alive("here"), limit }), RangeError);
  }
  for (const incarnation of ["", " ", "x".repeat(201)]) {
    assert.throws(() => processOn(store, incarnation), TypeError);
  }
  await store.commit({ sets: [{ key: runKeys.owner("r-1"), value: {} }] });
  await assert.rejects(runs.claimLost(alive("here")), CorruptRunError);
});
