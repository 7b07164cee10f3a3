import assert from "node:assert/strict";
import { BallotCounters } from "../../../coordination/ballots/ballot_counters.ts";
import { BallotKeys } from "../../../coordination/ballots/ballot_keys.ts";
import {
  UNREADABLE_MAX_MS,
  UnreadableBallots,
} from "../../../coordination/ballots/unreadable_ballots.ts";
import { connectionRefused, lostReply, repeatedByClient } from "../../support/faults.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

const ask = { deadlineMs: 3_600_000, electors: ["a"] };

/** A world with ballots "good" and "bad", of which one cannot be read. */
async function setUp(world: BallotWorld) {
  const { ballots } = world.node("a");
  for (const ballotId of ["bad", "good"]) {
    await ballots.propose("t", ["yes", "no"], { ...ask, ballotId });
  }
  await world.test.raw.set([...PREFIX, "ballot", "bad"], "odd");
  const handle = world.test.handle();
  const counters = new BallotCounters();
  const unreadable = new UnreadableBallots({
    store: world.test.port(handle),
    keys: new BallotKeys("c"),
    instanceId: "l",
    timeoutMs: 200,
    counters,
  });
  const note = async () => unreadable.note("bad", await world.test.raw.get(BAD));
  const openCount = async () =>
    (await world.test.raw.get<Deno.KvU64>([...PREFIX, "open-count"])).value?.value;
  return { ballots, counters, handle, unreadable, note, openCount };
}

const BAD = [...PREFIX, "ballot", "bad"];

Deno.test("UnreadableBallots gives a ballot up after its time, not before, and counts the open ones anew", async () => {
  for (const fault of [undefined, lostReply, repeatedByClient]) {
    await using world = await BallotWorld.open();
    const { ballots, counters, handle, unreadable, note, openCount } = await setUp(world);
    await world.test.raw.set([...PREFIX, "open-count"], new Deno.KvU64(77n));
    await note();
    await world.test.clock.advance(UNREADABLE_MAX_MS - 1);
    await note();
    await unreadable.retire();
    assert.equal(handle.reads + handle.sent.length, 0);
    await world.test.clock.advance(1);
    if (fault) handle.onCommit(fault);
    await unreadable.retire();
    assert.deepEqual(await world.keys("open"), ["open/good"]);
    assert.deepEqual(await world.keys("ballot"), ["ballot/good"]);
    assert.equal((await world.keys("stray")).length, 1, "its electors are cleared away");
    assert.deepEqual([await openCount(), counters.getMetrics().retired], [1n, 1]);
    await ballots.vote("good", "yes");
    assert.equal(await openCount(), 0n);
  }
});

Deno.test("UnreadableBallots gives nothing up that has changed, was read since, or is of a newer version", async () => {
  await using world = await BallotWorld.open();
  const { counters, unreadable, note, openCount } = await setUp(world);
  const { raw, clock } = world.test;
  const cases: { name: string; before?: () => Promise<unknown>; after?: () => unknown }[] = [
    { name: "newer", before: () => raw.set(BAD, { v: 2 }) },
    { name: "changed since it was noted", after: () => raw.set(BAD, "else") },
    { name: "read", after: () => unreadable.forget("bad") },
  ];
  for (const { name, before, after } of cases) {
    await raw.set(BAD, "odd");
    await before?.();
    await note();
    await clock.advance(UNREADABLE_MAX_MS);
    await after?.();
    await unreadable.retire();
    assert.equal((await world.keys("open")).length, 2, name);
    assert.deepEqual([await openCount(), counters.getMetrics().retired], [2n, 0], name);
    unreadable.forget("bad");
  }
});

Deno.test("UnreadableBallots refuses its own commit when a ballot opens while it lists, and comes again", async () => {
  await using world = await BallotWorld.open();
  const { ballots, handle, unreadable, note, openCount } = await setUp(world);
  await note();
  await world.test.clock.advance(UNREADABLE_MAX_MS);
  handle.onCommit(async (apply) => {
    await ballots.propose("t", ["yes", "no"], ask);
    return await apply();
  });
  await unreadable.retire();
  assert.equal(await openCount(), 3n);
  handle.onCommit(connectionRefused);
  await assert.rejects(unreadable.retire(), { code: "STORE_UNAVAILABLE" });
  await unreadable.retire();
  assert.deepEqual([await openCount(), (await world.keys("open")).length], [2n, 2]);
});
