import assert from "node:assert/strict";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";
import { RunRefusedError, RunSupersededError } from "../../../engines/durable/run_errors.ts";
import { completed } from "../../support/step_results.ts";
import { forgetful } from "./frail_run_store.ts";
import { alive, idsOf, newRun, processOn } from "./lost_runs_world.ts";

/** A run whose first owner died, and that `a` claimed: it then froze. */
async function claimedByA() {
  const store = new MemoryRunStore();
  await processOn(store, "dead").startRun(newRun("r-1"));
  const a = processOn(store, "a");
  assert.deepEqual(idsOf(await a.claimLost(alive("a"))), ["r-1"]);
  return { store, a };
}

const SINCE = [
  { name: "claimed", worksOnIt: false },
  { name: "claimed and taken over", worksOnIt: true },
];

for (const { name, worksOnIt } of SINCE) {
  Deno.test(`takeOver leaves a run that this process claimed to who ${name} it since`, async () => {
    const { store, a } = await claimedByA();
    const b = processOn(store, "b");
    await b.claimLost(alive("b"));
    const before = worksOnIt ? await b.takeOver("r-1") : null;
    await assert.rejects(a.takeOver("r-1"), (error) => {
      assert.ok(error instanceof RunSupersededError);
      assert.equal(error.runId, "r-1");
      return true;
    });
    const run = before ?? await b.takeOver("r-1");
    await run.record(completed("triage"));
    assert.equal(run.term, 2);
  });
}

Deno.test("takeOver is refused when another claims between its reading and its change", async () => {
  const { store, a } = await claimedByA();
  const b = processOn(store, "b");
  const { get } = store;
  store.get = async (key) => {
    const entry = await get.call(store, key);
    if (key[0] === "owner") {
      store.get = get;
      await b.claimLost(alive("b"));
    }
    return entry;
  };
  await assert.rejects(a.takeOver("r-1"), RunSupersededError);
  assert.equal((await b.takeOver("r-1")).term, 2);
});

Deno.test("takeOver goes by a claim until there is an answer, and then by what stands", async () => {
  const { store, a } = await claimedByA();
  const b = processOn(store, "b");
  await b.claimLost(alive("b"));
  await assert.rejects(a.takeOver("r-1"), RunSupersededError);
  assert.equal((await a.takeOver("r-1")).term, 2, "asked again, it is on purpose");
  await b.startRun(newRun("r-2"));
  assert.equal((await a.takeOver("r-2")).term, 2, "it was not claimed");
  assert.equal((await a.takeOver("r-1")).term, 3, "its own claim is used");
});

Deno.test("takeOver forgets a claim that was used", async () => {
  const { store, a } = await claimedByA();
  await a.takeOver("r-1");
  const b = processOn(store, "b");
  await b.claimLost(alive("b"));
  assert.equal((await a.takeOver("r-1")).term, 3);
});

Deno.test("takeOver goes by the newest of the claims that this process made", async () => {
  const { store, a } = await claimedByA();
  await processOn(store, "b").claimLost(alive("b"));
  await a.claimLost(alive("a"));
  assert.equal((await a.takeOver("r-1")).term, 2);
});

Deno.test("takeOver is no rival of its own attempt that had no answer", async () => {
  const store = new MemoryRunStore();
  await processOn(store, "dead").startRun(newRun("r-1"));
  let isAway = false;
  const inner = forgetful(store, { 2: "lost after" });
  const a = processOn({
    list: (prefix, options) => inner.list(prefix, options),
    get: (key) => isAway ? Promise.reject(new Error("away")) : inner.get(key),
    commit: (change) =>
      inner.commit(change).catch((error) => {
        isAway = true;
        throw error;
      }),
  }, "a");
  await a.claimLost(alive("a"));
  await assert.rejects(a.takeOver("r-1"), /away/);
  isAway = false;
  const run = await a.takeOver("r-1");
  assert.equal(run.term, 3, "the attempt without an answer was made");
  await run.record(completed("triage"));
});

Deno.test("takeOver keeps to a claim when the fence is refused", async () => {
  const { store, a } = await claimedByA();
  const fence = { check: { key: ["term"], versionstamp: null }, isValid: () => false };
  await assert.rejects(a.takeOver("r-1", fence), RunRefusedError);
  const b = processOn(store, "b");
  await b.claimLost(alive("b"));
  await assert.rejects(a.takeOver("r-1"), RunSupersededError);
});

Deno.test("takeOver says of a run that it claimed when it has ended since", async () => {
  const { store, a } = await claimedByA();
  const b = processOn(store, "b");
  await b.claimLost(alive("b"));
  await (await b.takeOver("r-1")).end("completed");
  await assert.rejects(a.takeOver("r-1"), /it has ended/);
});

Deno.test("takeOver takes over a new run of an id that was claimed once", async () => {
  const { store, a } = await claimedByA();
  const b = processOn(store, "b", { retentionMs: 0 });
  await b.claimLost(alive("b"));
  await (await b.takeOver("r-1")).end("completed");
  await b.removeEnded();
  await a.startRun(newRun("r-1"));
  assert.equal((await a.takeOver("r-1")).term, 2);
});
