import assert from "node:assert/strict";
import { BallotCarrier } from "../../../coordination/ballots/ballot_carrier.ts";
import { BallotCounters } from "../../../coordination/ballots/ballot_counters.ts";
import { BallotKeys } from "../../../coordination/ballots/ballot_keys.ts";
import { BallotStatus } from "../../../enums/ballot_status.ts";
import { connectionRefused, lostReply } from "../../support/faults.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

/** A carrier of its own, beside a ballot on which "a" has voted. */
async function setUp(world: BallotWorld, electors: readonly string[] = ["a", "b", "c"]) {
  const { ballots } = world.node("a");
  const { ballotId } = await ballots.propose("t", ["yes", "no"], { deadlineMs: 1_000, electors });
  await ballots.vote(ballotId, "yes");
  const handle = world.test.handle();
  const counters = new BallotCounters();
  const carrier = new BallotCarrier({
    store: world.test.port(handle),
    keys: new BallotKeys("c"),
    instanceId: "x",
    timeoutMs: 200,
    counters,
  });
  return { ballotId, carrier, handle, counters, stored: (await carrier.read(ballotId))! };
}

Deno.test("BallotCarrier carryOn leaves a ballot open that votes may yet decide, and changes nothing", async () => {
  await using world = await BallotWorld.open();
  const { carrier, stored, handle } = await setUp(world);
  assert.deepEqual(await carrier.carryOn(stored), stored);
  assert.equal(handle.sent.length, 0);
});

Deno.test("BallotCarrier takes both steps at the deadline, once, though replies are lost", async () => {
  await using world = await BallotWorld.open();
  const { ballotId, carrier, stored, handle, counters } = await setUp(world);
  await world.test.clock.advance(999);
  assert.equal(carrier.leftMs(stored), 1);
  await world.test.clock.advance(1);
  handle.onCommit(lostReply, { times: Infinity });
  const decided = await carrier.carryOn(stored);
  assert.equal(decided?.ballot.outcome?.reason, "no_quorum");
  assert.ok(
    decided.sealedStamp! > stored.versionstamp && decided.versionstamp > decided.sealedStamp!,
  );
  assert.deepEqual(await carrier.carryOn((await carrier.read(ballotId))!), decided);
  const { sealed, decided: count } = counters.getMetrics();
  assert.deepEqual([sealed, count], [1, 1]);
});

Deno.test("BallotCarrier look shares the next look among votes, and counts what fails", async () => {
  await using world = await BallotWorld.open();
  const { carrier, stored, handle, counters } = await setUp(world);
  const before = handle.reads;
  await Promise.all(Array.from({ length: 20 }, () => carrier.look(stored)));
  assert.ok(handle.reads - before <= 2, `${handle.reads - before} reads`);
  handle.onRead(connectionRefused);
  await carrier.look(stored);
  assert.equal(counters.getMetrics().failures, 1);
});

Deno.test("BallotCarrier look reads one counter as long as too few of many electors have voted", async () => {
  await using world = await BallotWorld.open();
  const electors = ["a", ...Array.from({ length: 98 }, (_, at) => `m${at}`)];
  const { carrier, stored, handle } = await setUp(world, electors);
  const counter = (name: string | number) => [...PREFIX, "roll", stored.roll, "tally", name];
  const before = handle.reads;
  await carrier.look(stored);
  assert.equal(handle.reads - before, 1);
  await world.test.raw.set(counter("voters"), new Deno.KvU64(50n));
  await world.test.raw.set(counter(0), new Deno.KvU64(50n));
  await carrier.look(stored);
  assert.equal((await carrier.read(stored.ballot.ballotId))?.ballot.status, BallotStatus.DECIDED);
});

Deno.test("BallotCarrier refuses a counter that is none, by key (T6)", async () => {
  await using world = await BallotWorld.open();
  const { carrier, stored } = await setUp(world);
  const key = [...PREFIX, "roll", stored.roll, "tally", "voters"];
  await world.test.raw.set(key, 1);
  await assert.rejects(carrier.carryOn(stored), { code: "CORRUPT_RECORD", key });
});

Deno.test("BallotCarrier takes a ballot that is gone for gone", async () => {
  await using world = await BallotWorld.open();
  const { carrier, stored, ballotId } = await setUp(world);
  await world.test.raw.delete([...PREFIX, "ballot", ballotId]);
  await world.test.clock.advance(1_000);
  assert.equal(await carrier.carryOn(stored), null);
  assert.equal(await carrier.read(ballotId), null);
});
