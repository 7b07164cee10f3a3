import assert from "node:assert/strict";
import { systemClock } from "../../../clock.ts";
import { closed, connectionRefused } from "../../support/faults.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

const ask = { deadlineMs: 60_000, ballotId: "b-1" };

Deno.test("untilDecided is woken by votes and decides, before any poll is due", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a", {}, { watch: true });
  await ballots.propose("t", ["yes", "no"], ask);
  let outcome: unknown;
  const waiting = ballots.decided("b-1").then((ballot) => outcome = ballot.outcome?.choice);
  await world.test.settle();
  const { roll } = (await world.test.raw.get<{ roll: string }>([...PREFIX, "ballot", "b-1"]))
    .value!;
  const counter = (name: string | number) => [...PREFIX, "roll", roll, "tally", name];
  const two = new Deno.KvU64(2n);
  await world.test.raw.atomic().sum(counter(0), two.value).sum(counter("voters"), two.value)
    .commit();
  // The store's own watch runs in real time; the fake clock stands still meanwhile.
  for (let turn = 0; turn < 1_000 && outcome === undefined; turn++) await systemClock.sleep(2);
  assert.equal(outcome, "yes");
  await waiting;
});

Deno.test("untilDecided waits out an outage from the start, and ends when the handle is closed", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  await ballots.propose("t", ["yes", "no"], { ...ask, electors: ["a"] });
  await ballots.vote("b-1", "yes");
  const other = world.node("b");
  other.handle.onRead(connectionRefused, { times: 3 });
  assert.equal((await world.test.until(other.ballots.decided("b-1"))).outcome?.choice, "yes");
  other.handle.breakDown(closed);
  await assert.rejects(world.test.until(other.ballots.decided("b-1")), {
    code: "STORE_UNAVAILABLE",
  });
});

Deno.test("votableBallots counts and leaves out what it cannot read, and ends with its signal", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  await ballots.propose("t", ["yes", "no"], ask);
  await world.test.raw.set([...PREFIX, "ballot", "a-bad"], "odd");
  await world.test.raw.set([...PREFIX, "open", "a-bad"], { v: 1, roll: "r" });
  await world.test.raw.set([...PREFIX, "open", "a-worse"], "odd");
  const controller = new AbortController();
  const seen: string[] = [];
  const loop = (async () => {
    for await (const { ballotId } of ballots.openBallots(controller)) seen.push(ballotId);
  })();
  await world.test.clock.advance(1_600);
  assert.deepEqual(seen, ["b-1"]);
  assert.ok(ballots.getMetrics().corruptRecords >= 2);
  controller.abort();
  await world.test.until(loop);
  for await (const _ of ballots.openBallots(controller)) assert.fail("it was over");
  assert.equal(world.test.clock.sleeperCount, 0);
});

Deno.test("votableBallots shows every open ballot, also of more than a cluster should have", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a", { attemptTimeoutMs: 60_000 });
  const propose = (count: number) =>
    Promise.all(
      Array.from(
        { length: count },
        () => ballots.propose("t", ["yes", "no"], { deadlineMs: 60_000, electors: ["a", "b"] }),
      ),
    );
  await propose(1_000);
  await world.test.raw.delete([...PREFIX, "open-count"]);
  await propose(5);
  const seen = new Set<string>();
  for await (
    const { ballotId } of world.node("b", { attemptTimeoutMs: 60_000 }).ballots.openBallots()
  ) {
    if (seen.add(ballotId).size === 1_005) break;
  }
  assert.equal(seen.size, 1_005);
});
