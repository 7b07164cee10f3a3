import assert from "node:assert/strict";
import { encodeRecord } from "../../../coordination/election_records.ts";
import { BallotCertificate } from "../../../coordination/ballots/ballot_certificate.ts";
import { BallotRefusedError } from "../../../coordination/ballots/ballot_errors.ts";
import { BallotWorld, PREFIX } from "./ballot_nodes.ts";

const ELECTORS = Array.from({ length: 350 }, (_, at) => `m${String(at).padStart(3, "0")}`);

async function decidedByMany(world: BallotWorld) {
  const { ballots } = world.node("m000");
  const { ballotId } = await ballots.propose("t", ["yes", "no"], {
    deadlineMs: 60_000,
    policy: { kind: "weighted" },
    electors: ELECTORS.map((instanceId, at) => ({ instanceId, weight: 1 + at % 3 })),
  });
  for (const [at, id] of ELECTORS.entries()) {
    const node = world.node(id).ballots;
    const vote = at % 5 === 0 ? node.abstain(ballotId) : node.vote(ballotId, "yes");
    await vote.catch((error) => assert.equal(error.reason, "decided"));
  }
  return { ballots, ballotId };
}

Deno.test("recount of many weighted votes equals the counters (I6)", async () => {
  await using world = await BallotWorld.open();
  const { ballots, ballotId } = await decidedByMany(world);
  const { counted, recorded, isEqual } = await ballots.recount(ballotId);
  assert.ok(isEqual);
  assert.deepEqual(counted, recorded);
  const { outcome, weight } = (await ballots.getBallot(ballotId))!;
  assert.equal(outcome?.choice, "yes");
  assert.ok(2 * counted.weights[0]! > weight);
  assert.ok(counted.voters > 200 && counted.voters < 350, "it was decided early");
});

Deno.test("certificate has every vote with its versionstamp, before the seal, before the decision", async () => {
  await using world = await BallotWorld.open();
  const { ballots, ballotId } = await decidedByMany(world);
  const certificate = await ballots.certificate(ballotId);
  assert.ok(certificate.isConsistent());
  const entry = await world.test.raw.get([...PREFIX, "ballot", ballotId]);
  assert.equal(certificate.decidedStamp, entry.versionstamp);
  const vote = await world.test.raw.get([...PREFIX, "roll", ballotId, "vote", "m001"]);
  assert.equal(
    certificate.votes.find(({ instanceId }) => instanceId === "m001")?.versionstamp,
    vote.versionstamp,
  );
  const copy = BallotCertificate.fromDict(JSON.parse(JSON.stringify(certificate)));
  assert.deepEqual(copy.toDict(), certificate.toDict());
  assert.ok(copy.isConsistent());
});

Deno.test("recount finds a vote that was meddled with, and neither audit takes what it cannot read", async () => {
  await using world = await BallotWorld.open();
  const { ballots, ballotId } = await decidedByMany(world);
  const key = [...PREFIX, "roll", ballotId, "vote", "m001"];
  const { value } = await world.test.raw.get<object>(key);
  await world.test.raw.set(key, encodeRecord({ ...value, choice: "no" }));
  assert.equal((await ballots.recount(ballotId)).isEqual, false);
  assert.equal((await ballots.certificate(ballotId)).isConsistent(), false);
  await world.test.raw.set(key, { v: 1 });
  await assert.rejects(ballots.recount(ballotId), { code: "CORRUPT_RECORD", key });
  await assert.rejects(ballots.certificate(ballotId), { code: "CORRUPT_RECORD", key });
});

Deno.test("recount and certificate refuse a ballot that is open or unknown (T9)", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  const { ballotId } = await ballots.propose("t", ["yes", "no"], { deadlineMs: 1_000 });
  const cases = [
    { id: ballotId, reason: "not_decided" },
    { id: "none", reason: "unknown_ballot" },
  ];
  for (const { id, reason } of cases) {
    for (const audit of [ballots.recount(id), ballots.certificate(id)]) {
      await assert.rejects(
        audit,
        (error) => error instanceof BallotRefusedError && error.reason === reason,
      );
    }
  }
});

Deno.test("recount says that a ballot is gone that was removed while it read the votes", async () => {
  await using world = await BallotWorld.open();
  const { ballotId } = await decidedByMany(world);
  const { ballots, handle } = world.node("x");
  handle.onRead((apply) => apply());
  handle.onRead(async (apply) => {
    await world.test.raw.delete([...PREFIX, "ballot", ballotId]);
    return await apply();
  });
  await assert.rejects(ballots.recount(ballotId), { reason: "unknown_ballot" });
});
