import assert from "node:assert/strict";
import { ballotOverviewToDict, readBallotOverview } from "../../coordination/ballot_overview.ts";
import { LenientReader } from "../../coordination/lenient_reader.ts";
import { BallotStatus } from "../../enums/ballot_status.ts";
import { connectionRefused } from "../support/faults.ts";
import { BallotWorld, PREFIX } from "./ballots/ballot_nodes.ts";

const CHOICES = ["yes", "no"];
const IN_A_MINUTE = { deadlineMs: 60_000 };

/** Looks as a process does that takes no part, and makes sure that it only looked. */
async function look({ test }: BallotWorld) {
  const handle = test.handle();
  const reader = new LenientReader({ store: test.port(handle), timeoutMs: 1_000 });
  const overview = await readBallotOverview(reader, "c");
  assert.equal(handle.sent.length, 0, "it wrote something");
  return { overview, faults: reader.corrupt.map(({ key, fault }) => [key.slice(3), fault]) };
}

Deno.test("readBallotOverview reads a cluster that has no ballots", async () => {
  await using world = await BallotWorld.open();
  assert.deepEqual(await look(world), {
    overview: { openCount: 0, open: [], decided: [] },
    faults: [],
  });
});

Deno.test("readBallotOverview shows open ballots with their voters, and how others ended", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  await ballots.propose("Roll out?", CHOICES, { ...IN_A_MINUTE, ballotId: "q-open" });
  await ballots.vote("q-open", "yes");
  await ballots.propose("Alone?", CHOICES, { ...IN_A_MINUTE, ballotId: "q", electors: ["a"] });
  await ballots.vote("q", "no");
  const { overview, faults } = await look(world);
  assert.deepEqual(faults, []);
  assert.equal(overview.openCount, 1);
  assert.deepEqual(
    overview.open.map(({ ballot, voters }) => [ballot.ballotId, voters, ballot.electors]),
    [["q-open", 1, 3]],
  );
  assert.deepEqual(
    overview.decided.map(({ ballotId, outcome }) => [ballotId, outcome?.choice]),
    [["q", "no"]],
  );
  const dict = ballotOverviewToDict(overview);
  assert.deepEqual(Object.keys(dict), ["open_count", "open", "decided"]);
  assert.equal(dict.open_count, 1);
  assert.deepEqual(dict.open[0], { ...overview.open[0]?.ballot.toDict(), voters: 1 });
  assert.deepEqual(dict.decided, [overview.decided[0]?.toDict()]);
});

Deno.test("readBallotOverview leaves a ballot alone whose deadline has passed, or which is sealed", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  for (const ballotId of ["late", "sealed"]) {
    await ballots.propose(ballotId, CHOICES, { deadlineMs: 1_000, ballotId, electors: ["a"] });
  }
  // The vote and the seal arrive; the decision does not.
  handle.onCommit(connectionRefused, {
    times: Infinity,
    only: ({ sets }) => sets.some(({ key }) => key[3] === "decided"),
  });
  await world.test.until(ballots.vote("sealed", "yes"));
  await world.test.clock.advance(5_000);
  const { overview } = await look(world);
  assert.deepEqual(
    overview.open.map(({ ballot, voters }) => [ballot.ballotId, ballot.status, voters]),
    [["late", BallotStatus.OPEN, 0], ["sealed", BallotStatus.SEALED, 1]],
  );
});

Deno.test("readBallotOverview shows the first twenty open, and the last five decided", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  const ids = Array.from({ length: 21 }, (_, n) => `open-${String(n).padStart(2, "0")}`);
  for (const ballotId of ids) await ballots.propose("?", CHOICES, { ...IN_A_MINUTE, ballotId });
  const order = ["f", "a", "e", "b", "g", "c", "d"];
  for (const ballotId of order) {
    await ballots.propose("?", CHOICES, { ...IN_A_MINUTE, ballotId, electors: ["a"] });
    await ballots.vote(ballotId, "yes");
  }
  const { overview } = await look(world);
  assert.equal(overview.openCount, 21);
  assert.deepEqual(overview.open.map(({ ballot }) => ballot.ballotId), ids.slice(0, 20));
  assert.deepEqual(
    overview.decided.map(({ ballotId }) => ballotId),
    order.toReversed().slice(0, 5),
  );
});

Deno.test("readBallotOverview shows no ballot as open that was decided while it looked", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  await ballots.propose("?", CHOICES, { ...IN_A_MINUTE, ballotId: "q", electors: ["a"] });
  await ballots.vote("q", "yes");
  await world.test.raw.set([...PREFIX, "open", "q"], { v: 1 });
  const { overview } = await look(world);
  assert.deepEqual(overview.open, []);
  assert.deepEqual(overview.decided.map(({ ballotId }) => ballotId), ["q"]);
});

Deno.test("readBallotOverview reports what it cannot read, and passes over what is gone", async () => {
  await using world = await BallotWorld.open();
  const { raw } = world.test;
  const { ballots } = world.node("a");
  for (const ballotId of ["gone", "odd", "odd-counter"]) {
    await ballots.propose("?", CHOICES, { ...IN_A_MINUTE, ballotId });
  }
  const { value } = await raw.get<{ roll: string }>([...PREFIX, "ballot", "odd-counter"]);
  await raw.set([...PREFIX, "roll", value!.roll, "tally", "voters"], "three");
  await raw.delete([...PREFIX, "ballot", "gone"]);
  await raw.set([...PREFIX, "ballot", "odd"], "by hand");
  await raw.set([...PREFIX, "open-count"], 3);
  const { overview, faults } = await look(world);
  assert.equal(overview.openCount, null);
  assert.deepEqual(overview.open.map(({ ballot, voters }) => [ballot.ballotId, voters]), [
    ["odd-counter", null],
  ]);
  assert.deepEqual(faults, [
    [["open-count"], "expected a counter"],
    [["ballot", "odd"], 'expected an object, found "by hand"'],
    [["roll", value!.roll, "tally", "voters"], "expected a counter"],
  ]);
});
