import assert from "node:assert/strict";
import { VoteRecord } from "../../../coordination/ballots/vote_record.ts";

const vote = new VoteRecord({
  instanceId: "a",
  choice: null,
  weight: 2,
  mayVeto: true,
  votedAt: "2026-01-01T00:00:00.000Z",
  versionstamp: "01",
});

Deno.test("VoteRecord goes over the wire in snake_case and comes back the same", () => {
  const dict = JSON.parse(JSON.stringify(vote));
  assert.deepEqual(dict, {
    instance_id: "a",
    choice: null,
    weight: 2,
    may_veto: true,
    voted_at: "2026-01-01T00:00:00.000Z",
    versionstamp: "01",
  });
  assert.deepEqual(VoteRecord.fromDict(dict), vote);
  assert.ok(Object.isFrozen(vote));
});

Deno.test("VoteRecord fromDict refuses what no vote is", () => {
  const dict = vote.toDict();
  for (
    const odd of [null, { ...dict, weight: 0 }, { ...dict, choice: 1 }, {
      ...dict,
      instance_id: "",
    }]
  ) {
    assert.throws(() => VoteRecord.fromDict(odd), { code: "CORRUPT_RECORD", key: ["VoteRecord"] });
  }
});
