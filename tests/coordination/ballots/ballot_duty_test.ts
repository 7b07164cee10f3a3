import assert from "node:assert/strict";
import { UNREADABLE_MAX_MS } from "../../../coordination/ballots/unreadable_ballots.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

const ask = { deadlineMs: 3_600_000, electors: ["a"] };

Deno.test("BallotDuty makes room again where a thousand open ballots cannot be read", async () => {
  await using world = await BallotWorld.open();
  const { raw, clock } = world.test;
  for (let i = 0; i < 1_000; i += 100) {
    const operation = raw.atomic();
    for (let at = i; at < i + 100; at++) {
      const record = { v: 1, ballot_id: `junk-${at}`, status: "open", deadline_ms: "500" };
      operation.set([...PREFIX, "open", `junk-${at}`], { v: 1, roll: `r-${at}` })
        .set([...PREFIX, "ballot", `junk-${at}`], at % 3 === 0 ? record : at % 3 === 1 ? "odd" : 7)
        .set([...PREFIX, "roll", `r-${at}`, "elector", "a"], 1);
    }
    await operation.commit();
  }
  await raw.set([...PREFIX, "open-count"], new Deno.KvU64(1_000n));
  const { ballots } = world.node("a");
  const { ballots: leader } = world.node("l", { retainMs: 16_000 });
  const refused = { reason: "too_many_open" };
  await assert.rejects(ballots.propose("t", ["yes", "no"], ask), refused);
  for (let second = 0; second < 90; second++) {
    if (second * 1_000 < UNREADABLE_MAX_MS) {
      assert.equal(leader.getMetrics().retired, 0, `${second} s`);
    }
    await world.test.until(leader.carryOn());
    await clock.advance(1_000);
  }
  assert.equal(leader.getMetrics().retired, 1_000);
  assert.deepEqual(await world.keys("open"), []);
  assert.deepEqual((await raw.get<Deno.KvU64>([...PREFIX, "open-count"])).value?.value, 0n);
  const { ballotId } = await ballots.propose("t", ["yes", "no"], ask);
  await ballots.vote(ballotId, "yes");
  assert.deepEqual((await ballots.listBallots()).map((one) => one.outcome?.choice), ["yes"]);
});

Deno.test("BallotDuty gives up what is listed without a ballot or cannot be counted, and leaves the rest", async () => {
  await using world = await BallotWorld.open();
  const { raw, clock } = world.test;
  const { ballots } = world.node("a");
  for (const ballotId of ["good", "uncountable"]) {
    await ballots.propose("t", ["yes", "no"], { ...ask, ballotId });
  }
  await raw.set([...PREFIX, "open", "orphan"], "odd");
  await raw.set([...PREFIX, "open", "newer"], { v: 1, roll: "r" });
  await raw.set([...PREFIX, "ballot", "newer"], { v: 2 });
  const { roll } = (await raw.get<{ roll: string }>([...PREFIX, "ballot", "uncountable"])).value!;
  await raw.set([...PREFIX, "roll", roll, "tally", 0], "odd");
  const { ballots: leader } = world.node("l");
  for (let second = 0; second <= 62; second++) {
    await leader.carryOn();
    await clock.advance(1_000);
  }
  assert.deepEqual(await world.keys("open"), ["open/good", "open/newer"]);
  assert.equal(await ballots.getBallot("uncountable"), null);
  assert.equal(leader.getMetrics().retired, 2);
  await ballots.vote("good", "yes");
  assert.equal((await raw.get<Deno.KvU64>([...PREFIX, "open-count"])).value?.value, 1n);
});
