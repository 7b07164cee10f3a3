import assert from "node:assert/strict";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import type { NewRun } from "../../../engines/durable/durable_runs_options.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { storedRunOf } from "../../../engines/durable/new_run.ts";
import type { RunStore } from "../../../engines/durable/run_store.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { AT } from "../../support/step_results.ts";
import { alive } from "./lost_runs_world.ts";

function runOf(ids: { runId?: string; userId?: string } = {}, more: Partial<NewRun> = {}): NewRun {
  const context = new UserExecutionContext({
    userId: "ada",
    threadId: "t-1",
    runId: "r-1",
    ...ids,
  });
  return { context, workflow: "costs", ...more };
}

const REFUSED = [
  { name: "a long run id", run: runOf({ runId: "r".repeat(201) }), error: /runId .*200.*201/ },
  { name: "a long user id", run: runOf({ userId: "u".repeat(256) }), error: /userId .*200.*256/ },
  { name: "many bytes", run: runOf({ runId: "語".repeat(200) }), error: /runId .*490 bytes.*600/ },
  {
    name: "a large state",
    run: runOf({}, { state: "x".repeat(60_000) }),
    error: /context and state are \d+ bytes too large/,
  },
];

for (const { name, run, error } of REFUSED) {
  Deno.test(`startRun refuses a run of ${name} before it asks the store anything`, async () => {
    const untouched = new Proxy({} as RunStore, {
      get: () => assert.fail("the store was asked"),
    });
    await assert.rejects(new DurableRuns({ store: untouched }).startRun(run), (thrown) => {
      assert.ok(thrown instanceof RangeError);
      assert.match(thrown.message, error);
      return true;
    });
  });
}

Deno.test("storedRunOf takes a fingerprint, null for none, and refuses what is none", () => {
  assert.equal(storedRunOf(runOf(), AT).fingerprint, null);
  const longest = "f".repeat(200);
  assert.equal(storedRunOf(runOf({}, { fingerprint: longest }), AT).fingerprint, longest);
  for (const fingerprint of ["", "a b", "f".repeat(201), 7 as unknown as string]) {
    assert.throws(() => storedRunOf(runOf({}, { fingerprint }), AT), TypeError);
  }
});

Deno.test("startRun keeps the fingerprint, across take-overs and to the end", async () => {
  const runs = new DurableRuns({ store: new MemoryRunStore(), incarnation: "a" });
  await runs.startRun(runOf({}, { fingerprint: "sha256:1" }));
  assert.equal((await runs.read("r-1"))?.fingerprint, "sha256:1");
  const other = await runs.takeOver("r-1");
  await other.end("completed");
  assert.equal((await runs.read("r-1"))?.fingerprint, "sha256:1");
});

/** The longest state that a run may have, found by asking. */
function longestState(): string {
  let [fits, tooLong] = [0, 60_000];
  while (tooLong - fits > 1) {
    const length = (fits + tooLong) >> 1;
    try {
      storedRunOf(runOf({}, { state: "x".repeat(length) }), AT);
      fits = length;
    } catch {
      tooLong = length;
    }
  }
  return "x".repeat(fits);
}

Deno.test("startRun takes no run that would be too large to end or to be given up", async () => {
  const state = longestState();
  assert.ok(state.length > 58_000);
  const store = new MemoryRunStore();
  const dead = new DurableRuns({ store, incarnation: "dead" });
  await (await dead.startRun(runOf({ runId: "r-1" }, { state }))).end("completed");
  await dead.startRun(runOf({ runId: "r-2" }, { state }));
  for (const incarnation of ["b", "c"]) {
    const runs = new DurableRuns({ store, incarnation, claimsMax: 1 });
    await runs.claimLost(alive(incarnation));
  }
  assert.equal((await dead.read("r-2"))?.status, "failed");
});
