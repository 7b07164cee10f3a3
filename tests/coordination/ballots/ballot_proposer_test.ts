import assert from "node:assert/strict";
import type { ProposeOptions } from "../../../coordination/ballots/ballot_proposal.ts";
import { StoreUnavailableError } from "../../../coordination/errors.ts";
import { connectionRefused, heldCall } from "../../support/faults.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

const ask = { deadlineMs: 60_000, ballotId: "b-1" };

Deno.test("BallotProposer does not know when the store failed, and a second try gives one ballot", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault);
  await assert.rejects(
    world.test.until(ballots.propose("t", ["yes", "no"], ask)),
    StoreUnavailableError,
  );
  const { openedAt } = await ballots.propose("t", ["yes", "no"], ask);
  await zombie.release();
  assert.equal((await ballots.getBallot("b-1"))?.openedAt, openedAt);
  handle.onRead(connectionRefused);
  await assert.rejects(ballots.propose("t", ["yes", "no"], ask), StoreUnavailableError);
});

Deno.test("BallotProposer checks everything before it asks the store", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const cases: {
    choices: string[];
    electors?: string[];
    ballotId?: string;
    deadlineMs?: number;
    error: ErrorConstructor;
  }[] = [
    { choices: ["yes"], error: RangeError },
    { choices: ["yes", "no"], electors: ["a", "a"], error: TypeError },
    { choices: ["yes", "no"], ballotId: "", error: TypeError },
    { choices: ["yes", "no"], electors: "abc" as unknown as string[], error: TypeError },
    { choices: ["yes", "no"], electors: [null] as unknown as string[], error: TypeError },
    { choices: ["yes", "no"], deadlineMs: "500" as unknown as number, error: RangeError },
  ];
  for (const { choices, error, ...options } of cases) {
    await assert.rejects(ballots.propose("t", choices, { deadlineMs: 1_000, ...options }), error);
  }
  for (const options of [undefined, null, 500]) {
    await assert.rejects(ballots.propose("t", ["yes", "no"], options as unknown as typeof ask), {
      name: "TypeError",
      message: `options must be an object with deadlineMs, got ${options}`,
    });
  }
  assert.equal(handle.reads + handle.sent.length, 0);
});

Deno.test("BallotProposer refuses when a foreign value stands where it counts, and writes nothing (T6)", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const key = [...PREFIX, "open-count"];
  await world.test.raw.set(key, 1);
  await assert.rejects(ballots.propose("t", ["yes", "no"], ask), { code: "CORRUPT_RECORD", key });
  assert.equal(handle.sent.length, 0);
});

Deno.test("BallotProposer names the roll after an id of its own, so that a voter needs one read", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  const { ballotId } = await ballots.propose("t", ["yes", "no"], { deadlineMs: 60_000 });
  const voter = world.node("b");
  await voter.ballots.vote(ballotId, "yes");
  const [ownReads, LOOK] = [voter.handle.reads, 1];
  assert.equal(ownReads, 1 + LOOK);
  await ballots.propose("t", ["yes", "no"], ask);
  await voter.ballots.vote("b-1", "yes");
  assert.equal(voter.handle.reads - ownReads, 2 + LOOK);
});

Deno.test("BallotProposer takes named electors for part of the question, and what names none for a repeat", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  const policy = { kind: "weighted" } as const;
  const propose = (electors?: ProposeOptions["electors"]) =>
    ballots.propose("t", ["yes", "no"], { ...ask, policy, ...(electors && { electors }) });
  const { openedAt } = await propose(["b", { instanceId: "a", weight: 2 }]);
  const same = [undefined, [{ instanceId: "a", weight: 2 }, "b"]];
  for (const electors of same) assert.equal((await propose(electors)).openedAt, openedAt);
  const others = [
    ["a", "b"],
    ["a", { instanceId: "b", weight: 2 }],
    [{ instanceId: "a", weight: 2 }, "c"],
    [{ instanceId: "a", weight: 2 }, "b", "c"],
  ];
  for (const electors of others) {
    await assert.rejects(propose(electors), { code: "BALLOT_REFUSED", reason: "id_taken" });
  }
  assert.deepEqual(await world.keys("ballot"), ["ballot/b-1"]);
});

Deno.test("BallotProposer keeps the bound when a node proposes many at once, and fills it", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a", { attemptTimeoutMs: 60_000 });
  const many = (count: number) =>
    Promise.allSettled(
      Array.from(
        { length: count },
        () => ballots.propose("t", ["yes", "no"], { deadlineMs: 60_000, electors: ["a"] }),
      ),
    );
  const opened = (results: readonly PromiseSettledResult<unknown>[]) =>
    results.filter(({ status }) => status === "fulfilled").length;
  assert.equal(opened(await many(990)), 990);
  handle.onCommit(connectionRefused, { times: 3 });
  const results = await many(500);
  assert.equal(opened(results), 10, "there was room for ten, whatever became of the others");
  const reasons = results.map((result) => result.status === "rejected" && result.reason.reason);
  assert.equal(reasons.filter((reason) => reason === "too_many_open").length, 487);
  assert.equal((await world.keys("open")).length, 1_000);
});

Deno.test("BallotProposer waits no longer for those ahead than its signal says", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  await world.test.raw.set([...PREFIX, "open-count"], new Deno.KvU64(999n));
  const zombie = heldCall({ answer: true });
  handle.onCommit(zombie.fault);
  const propose = (signal?: AbortSignal) =>
    ballots.propose("t", ["yes", "no"], { deadlineMs: 60_000, ...(signal && { signal }) });
  const first = propose();
  await zombie.caught;
  const controller = new AbortController();
  const reason = new Error("enough");
  const second = assert.rejects(propose(controller.signal), reason);
  const third = assert.rejects(propose(), { reason: "too_many_open" });
  const fourth = assert.rejects(propose(controller.signal), reason);
  await world.test.settle();
  controller.abort(reason);
  await Promise.all([second, fourth]);
  await zombie.release();
  await Promise.all([first, third]);
});

Deno.test("BallotProposer ends with an AbortError when its node is closed, also without members", async () => {
  await using world = await BallotWorld.open();
  const asked = Promise.withResolvers<void>();
  const listed = Promise.withResolvers<never[]>();
  const { ballots, handle } = world.node("a", {
    members: () => {
      asked.resolve();
      return listed.promise;
    },
  });
  const ended = assert.rejects(ballots.propose("t", ["yes", "no"], ask), { name: "AbortError" });
  await asked.promise;
  await ballots[Symbol.asyncDispose]();
  listed.resolve([]);
  await ended;
  assert.equal(handle.sent.length, 0);
});
