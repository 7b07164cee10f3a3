import assert from "node:assert/strict";
import { withLeadership } from "../../coordination/leadership.ts";
import type { Term } from "../../coordination/term.ts";
import { candidate, TERM_KEY } from "../support/candidates.ts";
import { connectionRefused } from "../support/faults.ts";
import { TestStore } from "../support/test_store.ts";

const untilAborted = (term: Term) =>
  new Promise<void>((resolve) => term.signal.addEventListener("abort", () => resolve()));

const holderOf = async (test: TestStore) => (await test.read(TERM_KEY))?.["holderId"];

Deno.test("withLeadership gives what the work gave, and resigns", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const done = withLeadership(a.election, async (term) => {
    await test.clock.sleep(2_000);
    assert.equal((await term.atomic().set(["work"], 1).commit()).ok, true);
    return "done";
  });
  assert.equal(await test.until(done), "done");
  assert.equal(await holderOf(test), null);
});

Deno.test("withLeadership passes on what the work threw while it led, and resigns", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const bug = new TypeError("bug");
  await assert.rejects(test.until(withLeadership(a.election, () => Promise.reject(bug))), bug);
  const throws = () => {
    throw bug;
  };
  await assert.rejects(test.until(withLeadership(a.election, throws)), bug);
  assert.equal(await holderOf(test), null);
});

Deno.test("withLeadership reports a loss even when the work came to an end, and not before it has", async () => {
  const outcomes: { name: string; end: () => unknown }[] = [
    { name: "returns", end: () => "too late" },
    {
      name: "throws",
      end: () => {
        throw new Error("stopped");
      },
    },
  ];
  for (const { name, end } of outcomes) {
    using test = await TestStore.open();
    await using a = candidate(test, "a");
    let hasEnded = false;
    const work = withLeadership(a.election, async (term) => {
      await untilAborted(term);
      await test.clock.sleep(500);
      hasEnded = true;
      return end();
    });
    let isReported = false;
    work.catch(() => isReported = true);
    await test.clock.advance(100);
    await test.raw.set(TERM_KEY, { ...(await test.read(TERM_KEY))!, term: 2, holderId: "b" });
    await test.clock.advance(600);
    assert.deepEqual([hasEnded, isReported], [false, false], name);
    await assert.rejects(test.until(work), {
      name: "LeadershipLostError",
      code: "LEADERSHIP_LOST",
      message: 'Lost leadership of "e" in term 1: the store names "b" in term 2',
    });
    assert.equal(hasEnded, true, name);
  }
});

Deno.test("withLeadership rejects with the signal's reason and runs nothing when it aborts while waiting", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  await using b = candidate(test, "b");
  await a.election.tryAcquire();
  const controller = new AbortController();
  const reason = new Error("enough");
  let hasRun = false;
  const work = withLeadership(b.election, () => {
    hasRun = true;
    return Promise.resolve();
  }, { signal: controller.signal });
  work.catch(() => {});
  await test.clock.advance(300);
  controller.abort(reason);
  await assert.rejects(test.until(work), reason);
  assert.equal(hasRun, false);
});

Deno.test("withLeadership ends the term when its signal aborts, and releases it once the work has stopped", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const controller = new AbortController();
  const reason = new Error("enough");
  const work = withLeadership(a.election, async (term) => {
    await untilAborted(term);
    await test.clock.sleep(300);
  }, { signal: controller.signal });
  work.catch(() => {});
  await test.clock.advance(100);
  controller.abort(reason);
  await test.clock.advance(200);
  assert.equal(await holderOf(test), "a");
  await assert.rejects(test.until(work), reason);
  assert.equal(await holderOf(test), null);
});

Deno.test("withLeadership does not fail because the store could not be told of the end", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const work = withLeadership(a.election, () => {
    a.handle.onCommit(connectionRefused, { times: 3 });
    return Promise.resolve("done");
  });
  assert.equal(await test.until(work), "done");
});
