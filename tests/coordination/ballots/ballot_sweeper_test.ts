import assert from "node:assert/strict";
import { BallotStatus } from "../../../enums/ballot_status.ts";
import { connectionRefused } from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

const RETAIN = { retainMs: 16_000 };

/** Lets time pass while the leader does its duty once a second. */
async function lead(world: BallotWorld, leader: { carryOn(): Promise<void> }, seconds: number) {
  for (let i = 0; i < seconds; i++) {
    await world.test.until(leader.carryOn());
    await world.test.clock.advance(1_000);
  }
}

async function decidedBallot(world: BallotWorld, ballotId: string, electors = ["a"]) {
  const { ballots } = world.node("a");
  await ballots.propose("t", ["yes", "no"], {
    deadlineMs: 60_000,
    ballotId,
    electors,
    policy: { kind: "unanimous" },
  });
  await ballots.abstain(ballotId);
  return ballots;
}

Deno.test("BallotSweeper removes a decided ballot and all that belongs to it after its time, not before", async () => {
  await using world = await BallotWorld.open();
  const many = Array.from({ length: 2_200 }, (_, at) => `m${at}`);
  const ballots = await decidedBallot(world, "b-1", ["a", ...many]);
  const { ballots: leader } = world.node("l", RETAIN);
  await lead(world, leader, 16);
  assert.equal((await ballots.getBallot("b-1"))?.status, BallotStatus.DECIDED);
  await lead(world, leader, 3);
  assert.equal(await ballots.getBallot("b-1"), null);
  assert.equal(leader.getMetrics().removed, 1);
  await lead(world, leader, 20);
  assert.deepEqual(await world.keys(), ["bell", "open-count", "retention"]);
});

Deno.test("BallotSweeper keeps open ballots, and adds up the time of leaders that live shorter than the retention", async () => {
  for (const seconds of [3, 5, 12]) {
    await using world = await BallotWorld.open();
    const ballots = await decidedBallot(world, "b-1");
    await ballots.propose("t", ["yes", "no"], { deadlineMs: 3_600_000, ballotId: "open" });
    let ledSeconds = 0;
    while (await ballots.getBallot("b-1") !== null && ledSeconds < 60) {
      await lead(world, world.node(`l${ledSeconds}`, RETAIN).ballots, seconds);
      await world.test.clock.advance(100_000);
      ledSeconds += seconds;
    }
    const name = `leaders of ${seconds} s: after ${ledSeconds} s`;
    for (let i = 0; i < 3; i++) await lead(world, world.node(`last${i}`, RETAIN).ballots, 2);
    assert.deepEqual(
      await world.keys("stray"),
      [],
      `${seconds}: what belongs to it is gone as well`,
    );
    // No time counts in which nobody led; of each leader's time a second or two may be lost.
    assert.ok(ledSeconds > 16 && ledSeconds <= 16 * seconds / (seconds - 2) + seconds, name);
    assert.equal((await ballots.getBallot("open"))?.status, BallotStatus.OPEN, name);
  }
});

Deno.test("BallotSweeper lets an id be used again, and old votes count for nothing", async () => {
  await using world = await BallotWorld.open();
  const ballots = await decidedBallot(world, "b-1");
  const { ballots: leader, handle } = world.node("l", RETAIN);
  handle.onCommit(connectionRefused, {
    times: Infinity,
    only: ({ deletes }) => deletes.some((key) => key.includes("vote")),
  });
  while (await ballots.getBallot("b-1") !== null) await lead(world, leader, 1);
  await assert.rejects(lead(world, leader, 3), { code: "STORE_UNAVAILABLE" });
  assert.equal((await world.keys("roll")).length > 0, true, "the old votes are there yet");
  await ballots.propose("again?", ["yes", "no"], {
    deadlineMs: 60_000,
    ballotId: "b-1",
    electors: ["a"],
  });
  await ballots.vote("b-1", "yes");
  assert.deepEqual((await ballots.recount("b-1")).counted.weights, [1, 0]);
});

Deno.test("BallotSweeper removes a bounded number at a time, all in the end, and steps over corrupt ones", async () => {
  await using world = await BallotWorld.open();
  for (let i = 0; i < 120; i++) await decidedBallot(world, `b-${i}`);
  for (let i = 0; i < 60; i++) await world.test.raw.set([...PREFIX, "ballot", `b-${i}`], "odd");
  const { ballots: leader } = world.node("l", RETAIN);
  await lead(world, leader, 17);
  const before = leader.getMetrics().removed;
  assert.ok(before <= 50, `${before}`);
  await lead(world, leader, 10);
  assert.equal(leader.getMetrics().removed, 60);
  assert.equal((await world.keys("ballot")).length, 60);
  assert.ok(leader.getMetrics().corruptRecords >= 60);
});

Deno.test("BallotSweeper clears electors away that a dead proposer left", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle } = world.node("a");
  const electors = Array.from({ length: 2_000 }, (_, at) => `m${at}`);
  handle.onCommit(connectionRefused, { times: Infinity, only: touches("ballot", "b-1") });
  await ballots.propose("t", ["yes", "no"], { deadlineMs: 60_000, ballotId: "b-1", electors })
    .catch(() => {});
  assert.ok((await world.keys("roll")).length > 0);
  const { ballots: leader } = world.node("l", RETAIN);
  await lead(world, leader, 12);
  assert.deepEqual(await world.keys(), []);
});
