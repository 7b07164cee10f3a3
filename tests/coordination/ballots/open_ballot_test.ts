import assert from "node:assert/strict";
import { StoreUnavailableError } from "../../../coordination/errors.ts";
import { connectionRefused, heldCall, lostReply, repeatedByClient } from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { BallotWorld } from "./ballot_nodes.ts";

const MANY = Array.from({ length: 2_500 }, (_, at) => `member-${String(at).padStart(5, "0")}`);
const ask = { deadlineMs: 60_000, ballotId: "b-1", electors: MANY };

Deno.test("openBallot writes few electors in the commit of the ballot itself", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  await ballots.propose("t", ["yes", "no"], { ...ask, electors: MANY.slice(0, 300) });
  assert.equal(handle.sent.length, 1);
  assert.equal((await world.keys("roll")).length, 300);
});

Deno.test("openBallot writes many electors in batches that any store takes, the ballot last (T10)", async () => {
  for (const fault of [undefined, lostReply, repeatedByClient]) {
    await using world = await BallotWorld.open();
    const { ballots, handle } = world.node("a");
    if (fault) handle.onCommit(fault, { times: Infinity });
    const { electors } = await ballots.propose("t", ["yes", "no"], ask);
    assert.equal(electors, 2_500);
    assert.ok(handle.sent.length > 2);
    for (const { checks, sets } of handle.sent) {
      assert.ok(sets.length <= 1_000 && checks.length <= 10);
    }
    assert.ok(
      handle.sent.slice(0, -1).every(({ sets }) =>
        !sets.some(({ key }) => key.at(-2) === "ballot")
      ),
    );
    assert.equal((await world.keys("roll")).length, 2_500);
    assert.deepEqual(await world.keys("stray"), []);
    handle.heal();
    await world.node(MANY.at(-1)!).ballots.vote("b-1", "yes");
  }
});

Deno.test("openBallot that dies on the way leaves no ballot, and does not stand in the way of the next", async () => {
  for (const commits of [0, 1, 2]) {
    await using world = await BallotWorld.open();
    const dying = world.node("a");
    let sent = 0;
    dying.handle.onCommit(connectionRefused, { times: Infinity, only: () => sent++ >= commits });
    await assert.rejects(dying.ballots.propose("t", ["yes", "no"], ask), StoreUnavailableError);
    const { ballots } = world.node("b");
    assert.equal(await ballots.getBallot("b-1"), null);
    assert.equal((await world.keys("stray")).length, Math.min(commits, 1));
    await ballots.propose("t", ["yes", "no"], { ...ask, electors: ["b"] });
    await ballots.vote("b-1", "yes");
    assert.equal((await ballots.getBallot("b-1"))?.outcome?.choice, "yes");
  }
});

Deno.test("openBallot that is slow is stopped when its electors were cleared away", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const { ballots: leader } = world.node("l", { retainMs: 16_000 });
  const zombie = heldCall({ answer: false });
  handle.onCommit(zombie.fault, { only: touches("ballot", "b-1") });
  const opening = assert.rejects(ballots.propose("t", ["yes", "no"], ask), StoreUnavailableError);
  await world.test.until(opening);
  for (let second = 0; second < 8; second++) {
    await world.test.until(leader.carryOn());
    await world.test.clock.advance(1_000);
  }
  assert.deepEqual(await world.keys(), []);
  await zombie.release();
  assert.equal(await ballots.getBallot("b-1"), null);
  assert.deepEqual(await world.keys(), []);
});

Deno.test("openBallot ends between two commits when its signal aborts", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const controller = new AbortController();
  const reason = new Error("enough");
  handle.onCommit((apply) => {
    controller.abort(reason);
    return apply();
  });
  const { signal } = controller;
  await assert.rejects(ballots.propose("t", ["yes", "no"], { ...ask, signal }), reason);
  assert.equal(handle.sent.length, 1);
});
