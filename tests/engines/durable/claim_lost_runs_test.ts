import assert from "node:assert/strict";
import { KvRunStore } from "../../../engines/durable/kv_run_store.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { CorruptRunError, RunSupersededError } from "../../../engines/durable/run_errors.ts";
import type { RunStore } from "../../../engines/durable/run_store.ts";
import { completed } from "../../support/step_results.ts";
import { forgetful } from "./frail_run_store.ts";
import { alive, idsOf, newRun, processOn } from "./lost_runs_world.ts";

Deno.test("claimLost makes this process the owner of the runs of the dead, and of no others", async () => {
  const store = new MemoryRunStore();
  const dead = processOn(store, "dead");
  const lost = await dead.startRun(newRun("lost"));
  await lost.record(completed("triage"));
  await (await dead.startRun(newRun("ended"))).end("completed");
  const kept = await processOn(store, "other").startRun(newRun("kept"));
  await processOn(store).startRun(newRun("nobody's"));
  const runs = processOn(store, "here");
  const { claimed: [claimed, ...others] } = await runs.claimLost(alive("here", "other"));
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
  assert.deepEqual(claimed.flatMap(idsOf).sort(), ids);
  const again = await processOn(new KvRunStore({ kv }), "a").claimLost(alive(...names));
  assert.deepEqual(idsOf(again), []);
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
  assert.deepEqual(idsOf(await processOn(listing, "here").claimLost({ living })), []);
  assert.equal((await runs.read("r-1"))?.owner?.incarnation, "new");
});

Deno.test("claimLost claims nothing when this process itself is not among the living", async () => {
  const store = new MemoryRunStore();
  await processOn(store, "dead").startRun(newRun("r-1"));
  for (const incarnations of [[], ["other"]]) {
    assert.deepEqual(idsOf(await processOn(store, "here").claimLost(alive(...incarnations))), []);
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

Deno.test("claimLost refuses what is not sensible", async () => {
  const store = new MemoryRunStore();
  await assert.rejects(processOn(store).claimLost(alive("here")), TypeError);
  const runs = processOn(store, "here");
  for (const limit of [0, 1.5, 1_001]) {
    await assert.rejects(runs.claimLost({ ...alive("here"), limit }), RangeError);
  }
  for (const incarnation of ["", " ", "x".repeat(201)]) {
    assert.throws(() => processOn(store, incarnation), TypeError);
  }
});

const UNREADABLE = [
  { name: "an owner that is none", key: ["owner", "r-2"], value: {} },
  { name: "a run that is none", key: ["run", "r-2"], value: { run_id: "r-2" } },
  { name: "an owner of no run", key: ["owner", "r-0"], value: null },
];

for (const { name, key, value } of UNREADABLE) {
  Deno.test(`claimLost passes over ${name}, shows it, and goes on`, async () => {
    const store = new MemoryRunStore();
    const dead = processOn(store, "dead");
    for (const runId of ["r-1", "r-2", "r-3"]) await dead.startRun(newRun(runId));
    const copy = (await store.get(["owner", "r-1"]))!.value;
    await store.commit({ sets: [{ key, value: value ?? copy }] });
    const before = await store.get(key);
    const lost = await processOn(store, "here").claimLost(alive("here"));
    const isOwnerLeft = key[1] === "r-0";
    assert.deepEqual(idsOf(lost), isOwnerLeft ? ["r-1", "r-2", "r-3"] : ["r-1", "r-3"]);
    assert.equal(lost.corruptCount, 1);
    assert.ok(lost.corrupt[0] instanceof CorruptRunError);
    assert.equal(lost.corrupt[0].key[1], key[1]);
    assert.deepEqual(await store.get(key), before, "it is left as it is");
  });
}

Deno.test("claimLost passes over what is no JSON in Deno KV", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = new KvRunStore({ kv });
  for (const runId of ["r-1", "r-2", "r-3"]) await processOn(store, "dead").startRun(newRun(runId));
  await kv.set(["baton", "runs", "entry", "owner", "r-1"], new TextEncoder().encode("{"));
  await kv.set(["baton", "runs", "entry", "run", "r-2"], "no bytes");
  const lost = await processOn(store, "here").claimLost(alive("here"));
  assert.deepEqual([idsOf(lost), lost.corruptCount], [["r-3"], 2]);
});

Deno.test("claimLost shows a hundred of what it cannot read, and counts the others", async () => {
  const store = new MemoryRunStore();
  for (let i = 0; i < 101; i++) {
    await store.commit({ sets: [{ key: ["owner", `r-${i}`], value: 1 }] });
  }
  const { corrupt, corruptCount } = await processOn(store, "here").claimLost(alive("here"));
  assert.deepEqual([corrupt.length, corruptCount], [100, 101]);
});

Deno.test("claimLost ends a run as failed when its owners died too often, and says which", async () => {
  const store = new MemoryRunStore();
  await processOn(store, "p-0", { claimsMax: 2 }).startRun(newRun("r-1"));
  for (const [number, worksOnIt] of [[1, true], [2, false]] as const) {
    const runs = processOn(store, `p-${number}`, { claimsMax: 2 });
    const lost = await runs.claimLost(alive(`p-${number}`));
    assert.deepEqual([idsOf(lost), lost.givenUp], [["r-1"], []]);
    // Whether it dies at work or before counts the same.
    if (worksOnIt) await runs.takeOver("r-1");
  }
  const runs = processOn(store, "p-3", { claimsMax: 2 });
  const { claimed, givenUp } = await runs.claimLost(alive("p-3"));
  assert.deepEqual([claimed, givenUp.length], [[], 1]);
  const error = "It was given up: 3 of its owners have died, and recorded nothing";
  const { runId, userId, status, error: told } = givenUp[0]!;
  assert.deepEqual([runId, userId, status, told], ["r-1", "ada", "failed", error]);
  const found = await runs.read("r-1");
  assert.deepEqual([found?.status, found?.error, found?.owner], ["failed", error, null]);
  assert.equal(found?.endedAt, "2026-01-01T00:00:00.000Z");
  assert.deepEqual(await runs.listUnfinished(), []);
  assert.deepEqual((await runs.claimLost(alive("p-3"))).givenUp, [], "it is told once");
});

Deno.test("claimLost tells one of those that ask at the same time that it gave a run up", async () => {
  using kv = await Deno.openKv(":memory:");
  const on = (name: string) => processOn(new KvRunStore({ kv }), name, { claimsMax: 1 });
  await on("p-0").startRun(newRun("r-1"));
  await on("p-1").claimLost(alive("p-1"));
  const names = ["a", "b", "c"];
  const lost = await Promise.all(names.map((name) => on(name).claimLost(alive(...names))));
  assert.equal(lost.flatMap(({ givenUp }) => givenUp).length, 1);
  assert.deepEqual(lost.flatMap(idsOf), []);
});

Deno.test("claimLost counts no take-over that nobody died for", async () => {
  const store = new MemoryRunStore();
  const first = processOn(store, "p-0", { claimsMax: 1 });
  await first.startRun(newRun("r-1"));
  for (let i = 0; i < 5; i++) await first.takeOver("r-1");
  const runs = processOn(store, "p-1", { claimsMax: 1 });
  assert.deepEqual(idsOf(await runs.claimLost(alive("p-1"))), ["r-1"]);
  const { owner } = (await runs.read("r-1"))!;
  assert.deepEqual([owner?.term, owner?.claims], [6, 1]);
});

Deno.test("claimLost counts what it gives up against the limit", async () => {
  const store = new MemoryRunStore();
  await processOn(store, "p-0").startRun(newRun("r-1"));
  await processOn(store, "p-1").claimLost(alive("p-1"));
  await processOn(store, "p-0").startRun(newRun("r-2"));
  const runs = processOn(store, "p-2", { claimsMax: 1 });
  const one = { ...alive("p-2"), limit: 1 };
  const first = await runs.claimLost(one);
  assert.deepEqual([first.givenUp.length, idsOf(first)], [1, []]);
  assert.deepEqual(idsOf(await runs.claimLost(one)), ["r-2"]);
});

Deno.test("claimLost tells next time of what it had done when the store failed", async () => {
  const inner = new MemoryRunStore();
  await processOn(inner, "p-0").startRun(newRun("r-1"));
  await processOn(inner, "p-1").claimLost(alive("p-1"));
  for (const runId of ["r-2", "r-3", "r-4"]) await processOn(inner, "p-0").startRun(newRun(runId));
  let commits = 0;
  let isAway = false;
  const away = () => Promise.reject(new Error("the store is away"));
  const store: RunStore = {
    get: (key) => isAway ? away() : inner.get(key),
    list: (prefix, options) => inner.list(prefix, options),
    // The third is made, and its answer is lost.
    commit: async (change) => {
      const version = await inner.commit(change);
      isAway = ++commits === 3;
      return isAway ? await away() : version;
    },
  };
  const runs = processOn(store, "here", { claimsMax: 1 });
  await assert.rejects(runs.claimLost(alive("here")), /the store is away/);
  isAway = false;
  const { claimed, givenUp } = await runs.claimLost(alive("here"));
  const ids = [claimed, givenUp].map((list) => list.map(({ runId }) => runId));
  assert.deepEqual(ids, [["r-2", "r-3", "r-4"], ["r-1"]]);
  assert.deepEqual(idsOf(await runs.claimLost(alive("here"))), []);
  assert.equal((await runs.takeOver("r-3")).term, 2);
});

Deno.test("claimLost gives up no run of which each of many processes recorded something", async () => {
  const store = new MemoryRunStore();
  const first = await processOn(store, "p-0", { claimsMax: 1 }).startRun(newRun("r-1"));
  await first.record(completed("step-0"));
  for (let number = 1; number <= 5; number++) {
    const runs = processOn(store, `p-${number}`, { claimsMax: 1 });
    assert.deepEqual(idsOf(await runs.claimLost(alive(`p-${number}`))), ["r-1"]);
    const run = await runs.takeOver("r-1");
    await run.record(completed(`step-${number}`));
  }
  // Of those that record nothing the second is one too many.
  const barren = processOn(store, "p-6", { claimsMax: 1 });
  assert.deepEqual(idsOf(await barren.claimLost(alive("p-6"))), ["r-1"]);
  await barren.takeOver("r-1");
  const last = await processOn(store, "p-7", { claimsMax: 1 }).claimLost(alive("p-7"));
  assert.deepEqual(last.givenUp.map(({ runId }) => runId), ["r-1"]);
});
