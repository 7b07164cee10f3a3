import assert from "node:assert/strict";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import type { DurableRunsOptions } from "../../../engines/durable/durable_runs_options.ts";
import { KvRunStore } from "../../../engines/durable/kv_run_store.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { RunRefusedError } from "../../../engines/durable/run_errors.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { completed } from "../../support/step_results.ts";
import { dyingAt, forgetful } from "./frail_run_store.ts";

function newRun(runId: string, userId = "ada") {
  const context = new UserExecutionContext({ userId, threadId: "t-1", runId });
  return { context, workflow: "costs" };
}

function runsOn(options: Partial<DurableRunsOptions> = {}): DurableRuns {
  return new DurableRuns({ store: new MemoryRunStore(), clock: new FakeClock(), ...options });
}

function refusedAs(reason: RunRefusedError["reason"]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RunRefusedError);
    assert.equal(error.reason, reason);
    return true;
  };
}

Deno.test("DurableRuns refuses to start a run of an id that was used, ended or not", async () => {
  const runs = runsOn();
  const first = await runs.startRun(newRun("r-1"));
  await assert.rejects(runs.startRun(newRun("r-1")), refusedAs("exists"));
  await assert.rejects(runs.startRun(newRun("r-1", "bob")), refusedAs("exists"));
  await first.end("completed");
  await assert.rejects(runs.startRun(newRun("r-1")), refusedAs("exists"));
});

Deno.test("DurableRuns says no more of another user's run than of one's own", async () => {
  const runs = runsOn();
  await runs.startRun(newRun("r-1", "bob"));
  await runs.startRun(newRun("r-2", "ada"));
  const messages = [];
  for (const runId of ["r-1", "r-2"]) {
    const error: unknown = await runs.startRun(newRun(runId)).catch((error) => error);
    assert.ok(error instanceof RunRefusedError);
    messages.push(error.message.replace(runId, "ID"));
  }
  assert.equal(messages[0], messages[1]);
  assert.doesNotMatch(messages[0]!, /bob|ada/);
});

Deno.test("DurableRuns lets one of many start a run, and one of many take it over last", async () => {
  const runs = runsOn();
  const starts = Array.from({ length: 9 }, () => runs.startRun(newRun("r-1")));
  const started = (await Promise.allSettled(starts)).filter(({ status }) => status === "fulfilled");
  assert.equal(started.length, 1);
  const takers = await Promise.all([runs.takeOver("r-1"), runs.takeOver("r-1")]);
  const records = takers.map((run) => run.record(completed("triage")));
  const recorded = (await Promise.allSettled(records)).map(({ status }) => status);
  assert.deepEqual(recorded.toSorted(), ["fulfilled", "rejected"]);
  assert.deepEqual(takers.map(({ term }) => term).toSorted(), [2, 3]);
});

Deno.test("DurableRuns refuses more unfinished runs of a user than may be, and others none", async () => {
  const runs = runsOn({ openMaxPerUser: 2 });
  const first = await runs.startRun(newRun("r-1"));
  await runs.startRun(newRun("r-2"));
  await assert.rejects(runs.startRun(newRun("r-3")), refusedAs("too_many"));
  await runs.startRun(newRun("r-4", "bob"));
  await first.end("failed");
  await runs.startRun(newRun("r-3"));
});

Deno.test("DurableRuns takes over with the results so far, and refuses what is not there or has ended", async () => {
  const runs = runsOn();
  const first = await runs.startRun(newRun("r-1"));
  await first.record(completed("triage"));
  const second = await runs.takeOver("r-1");
  assert.deepEqual([second.term, [...second.results.keys()]], [2, ["triage"]]);
  await second.end("completed");
  await assert.rejects(runs.takeOver("r-1"), refusedAs("ended"));
  await assert.rejects(runs.takeOver("r-2"), refusedAs("not_found"));
});

Deno.test("DurableRuns starts and takes over under a fence that holds, and under no other", async () => {
  using kv = await Deno.openKv(":memory:");
  const runs = runsOn({ store: new KvRunStore({ kv }) });
  await kv.set(["term"], 1);
  const { versionstamp } = await kv.get(["term"]);
  const fence = { check: { key: ["term"], versionstamp }, isValid: () => true };
  const first = await runs.startRun({ ...newRun("r-1"), fence });
  const second = await runs.takeOver("r-1", fence);
  await second.begin("triage");
  await kv.set(["term"], 2);
  await assert.rejects(second.begin("data"), /belongs to another worker/);
  await assert.rejects(runs.takeOver("r-1", fence), refusedAs("fenced"));
  await assert.rejects(runs.startRun({ ...newRun("r-2"), fence }), refusedAs("fenced"));
  const revoked = { check: fence.check, isValid: () => false };
  await assert.rejects(runs.takeOver("r-1", revoked), refusedAs("fenced"));
  assert.equal((await runs.read("r-1"))?.owner?.term, 2);
  await assert.rejects(first.begin("triage"));
});

Deno.test("DurableRuns starts and takes over once when the store loses its answers", async () => {
  const store = new MemoryRunStore();
  const runs = runsOn({ store: forgetful(store, { 1: "lost after", 2: "lost after" }) });
  await runs.startRun(newRun("r-1"));
  const second = await runs.takeOver("r-1");
  assert.equal(second.term, 2);
  await second.record(completed("triage"));
});

Deno.test("DurableRuns leaves a whole run or none when its process dies at the start", async () => {
  for (const fate of ["lost before", "lost after"] as const) {
    const store = new MemoryRunStore();
    const dying = runsOn({ store: dyingAt(store, 1, fate) });
    await assert.rejects(dying.startRun(newRun("r-1")), /has died/);
    const open = await runsOn({ store }).listUnfinished();
    assert.equal(open.length, fate === "lost after" ? 1 : 0);
    const found = await runsOn({ store }).read("r-1");
    assert.equal(found?.status, fate === "lost after" ? "running" : undefined);
  }
});

Deno.test("DurableRuns lists runs that have not ended, page by page, and of all users", async () => {
  const runs = runsOn();
  for (const [runId, userId] of [["r-1", "bob"], ["r-2", "ada"], ["r-3", "ada"]] as const) {
    await runs.startRun(newRun(runId, userId));
  }
  const all = [
    { runId: "r-2", userId: "ada" },
    { runId: "r-3", userId: "ada" },
    { runId: "r-1", userId: "bob" },
  ];
  assert.deepEqual(await runs.listUnfinished(), all);
  const page = await runs.listUnfinished({ limit: 2 });
  assert.deepEqual(page, all.slice(0, 2));
  assert.deepEqual(await runs.listUnfinished({ limit: 2, after: page[1]! }), all.slice(2));
  await (await runs.takeOver("r-3")).end("completed");
  assert.equal((await runs.listUnfinished()).length, 2);
});

Deno.test("DurableRuns takes away what ended longer ago than it keeps it, and nothing else", async () => {
  const store = new MemoryRunStore();
  const clock = new FakeClock();
  const runs = runsOn({ store, clock, retentionMs: 1_000 });
  const [old, young] = [await runs.startRun(newRun("r-1")), await runs.startRun(newRun("r-2"))];
  await runs.startRun(newRun("r-3"));
  for (let i = 0; i < 450; i++) await old.record(completed(`step-${i}`));
  await old.begin("step-0");
  await old.end("completed");
  await clock.advance(999);
  await young.end("failed");
  assert.equal(await runs.removeEnded(), 0);
  await clock.advance(1);
  assert.equal(await runs.removeEnded(), 1);
  assert.equal(await runs.read("r-1"), null);
  assert.deepEqual(await store.list(["result"], { limit: 10 }), []);
  assert.deepEqual(await store.list(["begun"], { limit: 10 }), []);
  assert.deepEqual([(await runs.read("r-2"))?.status, (await runs.read("r-3"))?.status], [
    "failed",
    "running",
  ]);
  await runs.startRun(newRun("r-1"));
});

Deno.test("DurableRuns takes away no more ended runs at once than it is told", async () => {
  const runs = runsOn({ retentionMs: 0 });
  for (const runId of ["r-1", "r-2", "r-3"]) {
    await (await runs.startRun(newRun(runId))).end("completed");
  }
  assert.equal(await runs.removeEnded(2), 2);
  assert.equal(await runs.removeEnded(2), 1);
});

const REFUSED_OPTIONS = [
  { name: "no unfinished runs at all", options: { openMaxPerUser: 0 } },
  { name: "half a run", options: { openMaxPerUser: 1.5 } },
  { name: "more than it can count", options: { openMaxPerUser: 10_001 } },
  { name: "no claim at all", options: { claimsMax: 0 } },
  { name: "claims without end", options: { claimsMax: Infinity } },
  { name: "a retention below zero", options: { retentionMs: -1 } },
  { name: "a retention without end", options: { retentionMs: Infinity } },
  { name: "a retention longer than dates go", options: { retentionMs: 1e16 } },
  { name: "a retention that is no number", options: { retentionMs: NaN } },
];

for (const { name, options } of REFUSED_OPTIONS) {
  Deno.test(`DurableRuns refuses to be made for ${name}`, () => {
    assert.throws(() => runsOn(options), RangeError);
  });
}

Deno.test("DurableRuns stores nothing of a run that it cannot keep", async () => {
  const store = new MemoryRunStore();
  const runs = runsOn({ store });
  const cases = [
    { ...newRun("r-1"), state: new Map() },
    { ...newRun("r-1"), state: "x".repeat(60_000) },
    { ...newRun("r".repeat(201)) },
    { ...newRun("r-1"), context: {} as UserExecutionContext },
  ];
  for (const run of cases) await assert.rejects(runs.startRun(run));
  assert.deepEqual(await runs.listUnfinished(), []);
});
