import assert from "node:assert/strict";
import { BallotStatus } from "../../../enums/ballot_status.ts";
import { BallotWorld } from "./ballot_nodes.ts";

Deno.test("BallotRegister lists by status, in the order of ids, up to the limit", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  for (const ballotId of ["d", "b", "c", "a"]) {
    await ballots.propose("t", ["yes", "no"], { deadlineMs: 60_000, ballotId, electors: ["a"] });
  }
  await ballots.vote("c", "yes");
  const { OPEN, SEALED, DECIDED } = BallotStatus;
  const cases = [
    { options: {}, ids: ["a", "b", "c", "d"] },
    { options: { limit: 3 }, ids: ["a", "b", "c"] },
    { options: { status: OPEN }, ids: ["a", "b", "d"] },
    { options: { status: OPEN, limit: 1 }, ids: ["a"] },
    { options: { status: SEALED }, ids: [] },
    { options: { status: DECIDED }, ids: ["c"] },
  ];
  for (const { options, ids } of cases) {
    const found = await ballots.listBallots(options);
    assert.deepEqual(found.map(({ ballotId }) => ballotId), ids, JSON.stringify(options));
  }
  for (const limit of [0, 1_001, 1.5]) {
    await assert.rejects(ballots.listBallots({ limit }), /limit must be from 1 to 1000/);
  }
  await assert.rejects(ballots.listBallots({ status: "zzz" as BallotStatus }), {
    name: "TypeError",
    message: "status must be one of open, sealed, decided, got zzz",
  });
});
