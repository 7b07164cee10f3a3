import assert from "node:assert/strict";
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
    error: ErrorConstructor;
  }[] = [
    { choices: ["yes"], error: RangeError },
    { choices: ["yes", "no"], electors: ["a", "a"], error: TypeError },
    { choices: ["yes", "no"], ballotId: "", error: TypeError },
  ];
  for (const { choices, error, ...options } of cases) {
    await assert.rejects(ballots.propose("t", choices, { deadlineMs: 1_000, ...options }), error);
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
