import assert from "node:assert/strict";
import { BallotCounters } from "../../../coordination/ballots/ballot_counters.ts";
import { BallotKeys } from "../../../coordination/ballots/ballot_keys.ts";
import { VoteCaster } from "../../../coordination/ballots/vote_caster.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

async function setUp(world: BallotWorld) {
  const { ballots } = world.node("a");
  const policy = { kind: "veto", choice: "no" } as const;
  const electors = ["a", { instanceId: "b", mayVeto: true }];
  const ask = { deadlineMs: 60_000, ballotId: "b-1", policy, electors };
  await ballots.propose("t", ["yes", "no"], ask);
  const handle = world.test.handle();
  const caster = new VoteCaster({
    store: world.test.port(handle),
    keys: new BallotKeys("c"),
    instanceId: "b",
    timeoutMs: 200,
    counters: new BallotCounters(),
  });
  return { ballots, caster, handle };
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
