import assert from "node:assert/strict";
import type { LeaderElection } from "../../coordination/leader_election.ts";
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

Deno.test("withLeadership runs nothing and resigns when its signal aborts just as it wins", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const controller = new AbortController();
  const reason = new Error("enough");
  const winsTooLate = {
    campaign: async () => {
      const term = await a.election.campaign();
      controller.abort(reason);
      return term;
    },
  } as unknown as LeaderElection;
  let hasRun = false;
  const work = () => {
    hasRun = true;
    return Promise.resolve();
  };
  const { signal } = controller;
  await assert.rejects(test.until(withLeadership(winsTooLate, work, { signal })), reason);
  assert.equal(hasRun, false);
  assert.equal(await holderOf(test), null);
});

/** Work that says when it begins and ends, until its term is over and `lingersMs` after, or for 500 ms. */
function loggedWork(test: TestStore, log: string[], name: string, lingersMs = 0) {
  return async (term: Term) => {
    log.push(`${name} begins`);
    await test.clock.sleep(500, { signal: term.signal }).catch(() => {});
    await test.clock.sleep(lingersMs);
    log.push(`${name} ends`);
    return name;
  };
}

Deno.test("withLeadership calls on one election take turns, each in a term of its own", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const log: string[] = [];
  const all = ["first", "second", "third"].map((name) =>
    withLeadership(a.election, loggedWork(test, log, name))
  );
  assert.deepEqual(await test.until(Promise.all(all)), ["first", "second", "third"]);
  assert.deepEqual(log, [
    "first begins",
    "first ends",
    "second begins",
    "second ends",
    "third begins",
    "third ends",
  ]);
  assert.equal((await test.read(TERM_KEY))?.["term"], 3);
});

Deno.test("withLeadership begins the next work only when the last has wound down", async () => {
  const controllers: {
    name: string;
    end: (test: TestStore, called: AbortController) => unknown;
  }[] = [
    { name: "called off", end: (_test, called) => called.abort() },
    {
      name: "lost",
      end: async ({ raw }) => {
        const { value } = await raw.get<object>(TERM_KEY);
        await raw.set(TERM_KEY, { ...value, term: 2, holderId: null });
      },
    },
  ];
  for (const { name, end } of controllers) {
    using test = await TestStore.open();
    await using a = candidate(test, "a");
    const log: string[] = [];
    const called = new AbortController();
    const { signal } = called;
    const first = withLeadership(a.election, loggedWork(test, log, "first", 400), { signal });
    first.catch(() => {});
    await test.clock.advance(50);
    const second = withLeadership(a.election, loggedWork(test, log, "second"));
    await end(test, called);
    assert.equal(await test.until(second), "second", name);
    await assert.rejects(first, name);
    assert.deepEqual(log, ["first begins", "first ends", "second begins", "second ends"], name);
  }
});

Deno.test("withLeadership leaves the queue when its signal aborts, and those behind it keep their places", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const log: string[] = [];
  const controller = new AbortController();
  const reason = new Error("enough");
  const first = withLeadership(a.election, loggedWork(test, log, "first"));
  const { signal } = controller;
  const second = withLeadership(a.election, loggedWork(test, log, "second"), { signal });
  const third = withLeadership(a.election, loggedWork(test, log, "third"));
  await test.clock.advance(100);
  controller.abort(reason);
  await assert.rejects(second, reason);
  assert.deepEqual(log, ["first begins"]);
  await test.until(Promise.all([first, third]));
  assert.deepEqual(log, ["first begins", "first ends", "third begins", "third ends"]);
});

Deno.test("withLeadership takes its turn after work that failed", async () => {
  using test = await TestStore.open();
  await using a = candidate(test, "a");
  const bug = new TypeError("bug");
  const first = assert.rejects(withLeadership(a.election, () => Promise.reject(bug)), bug);
  const second = withLeadership(a.election, () => Promise.resolve("second"));
  await test.until(first);
  assert.equal(await test.until(second), "second");
});
