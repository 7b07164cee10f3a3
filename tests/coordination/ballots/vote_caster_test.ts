import assert from "node:assert/strict";
import { BallotCarrier } from "../../../coordination/ballots/ballot_carrier.ts";
import { BallotCounters } from "../../../coordination/ballots/ballot_counters.ts";
import { BallotKeys } from "../../../coordination/ballots/ballot_keys.ts";
import { VoteCaster } from "../../../coordination/ballots/vote_caster.ts";
import { locked } from "../../support/faults.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

async function setUp(world: BallotWorld) {
  const { ballots } = world.node("a");
  const policy = { kind: "veto", choice: "no" } as const;
  const electors = ["a", { instanceId: "b", mayVeto: true }];
  const ask = { deadlineMs: 60_000, ballotId: "b-1", policy, electors };
  await ballots.propose("t", ["yes", "no"], ask);
  const handle = world.test.handle();
  const context = {
    store: world.test.port(handle),
    keys: new BallotKeys("c"),
    instanceId: "b",
    timeoutMs: 200,
    counters: new BallotCounters(),
  };
  const caster = new VoteCaster(context, new BallotCarrier(context));
  return { ballots, caster, handle, context };
}

Deno.test("VoteCaster writes vote and counters in one commit that checks ballot and vote", async () => {
  await using world = await BallotWorld.open();
  const { caster, handle } = await setUp(world);
  const { roll, versionstamp } = await caster.cast("b-1", "no");
  const [commit] = handle.sent;
  assert.deepEqual(commit?.checks, [
    { key: [...PREFIX, "ballot", "b-1"], versionstamp },
    { key: [...PREFIX, "roll", roll, "vote", "b"], versionstamp: null },
  ]);
  const counters = new Map<unknown, bigint>();
  const tally = [...PREFIX, "roll", roll, "tally"];
  for await (const { key, value } of world.test.raw.list<Deno.KvU64>({ prefix: tally })) {
    counters.set(key.at(-1), value.value);
  }
  assert.deepEqual(
    counters,
    new Map<unknown, bigint>([["holdersVoted", 1n], ["vetoes", 1n], ["voters", 1n], [1, 1n]]),
  );
});

Deno.test("VoteCaster find tells a node's place, and forgets what is not open", async () => {
  await using world = await BallotWorld.open();
  const { caster, handle } = await setUp(world);
  assert.equal(await caster.find("none"), null);
  const place = await caster.find("b-1");
  assert.deepEqual([place?.elector?.mayVeto, place?.vote], [true, null]);
  caster.keepOnly(new Set());
  const before = handle.reads;
  await caster.cast("b-1", "yes");
  assert.equal(handle.reads - before, 2, "it had to be read again");
  assert.equal((await caster.find("b-1"))?.vote?.choice, "yes");
});

Deno.test("VoteCaster refuses what it cannot read, by key", async () => {
  await using world = await BallotWorld.open();
  const { caster } = await setUp(world);
  const { roll } = (await caster.find("b-1"))!.stored;
  caster.keepOnly(new Set());
  const key = [...PREFIX, "roll", roll, "elector", "b"];
  await world.test.raw.set(key, "odd");
  await assert.rejects(caster.cast("b-1", "yes"), { code: "CORRUPT_RECORD", key });
});

Deno.test("VoteCaster sends no vote once the deadline has passed by its node's clock, but closes the ballot", async () => {
  const cases = [
    { name: "seen by its id", meet: "find", lateMs: 60_000 },
    { name: "long late", meet: "find", lateMs: 3_600_000 },
    { name: "not seen before", meet: "never", lateMs: 3_600_000 },
    { name: "just in time", meet: "find", lateMs: 59_999 },
  ];
  for (const { name, meet, lateMs } of cases) {
    await using world = await BallotWorld.open();
    const { caster, handle, ballots } = await setUp(world);
    if (meet === "find") await caster.find("b-1");
    await world.test.clock.advance(lateMs);
    if (meet === "never" || lateMs < 60_000) {
      await caster.cast("b-1", "yes");
      continue;
    }
    await assert.rejects(caster.cast("b-1", "yes"), { code: "VOTE_REFUSED", reason: "decided" });
    assert.ok(
      handle.sent.every(({ sets }) => sets.every(({ key }) => key.at(-2) !== "vote")),
      name,
    );
    const { outcome } = (await ballots.getBallot("b-1"))!;
    assert.deepEqual([outcome?.reason, outcome?.tally.voters], ["no_quorum", 0], name);
  }
});

Deno.test("VoteCaster that is late with a vote which was counted before says that it is counted", async () => {
  await using world = await BallotWorld.open();
  const { caster, context } = await setUp(world);
  const other = new VoteCaster(context, new BallotCarrier(context));
  await caster.find("b-1");
  await other.cast("b-1", "yes");
  await world.test.clock.advance(60_000);
  await caster.cast("b-1", "yes");
  await assert.rejects(caster.cast("b-1", "no"), { reason: "already_voted" });
});

Deno.test("VoteCaster does not wait for a vote beyond the deadline, nor send it again then", async () => {
  await using world = await BallotWorld.open();
  const { caster, handle } = await setUp(world);
  await caster.find("b-1");
  await world.test.clock.advance(59_900);
  const refusals: number[] = [];
  handle.onCommit((apply) => {
    refusals.push(world.test.clock.monotonic());
    return locked(apply);
  }, { times: Infinity });
  const sentBy = world.test.clock.monotonic() + 100;
  await assert.rejects(world.test.until(caster.cast("b-1", "yes")), { code: "STORE_UNAVAILABLE" });
  assert.ok(refusals.length > 0 && refusals.every((atMs) => atMs <= sentBy), String(refusals));
});
