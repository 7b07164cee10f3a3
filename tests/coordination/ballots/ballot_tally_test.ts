import assert from "node:assert/strict";
import { encodeRecord } from "../../../coordination/election_records.ts";
import {
  addends,
  castWeight,
  countBallot,
  counterNames,
  isSameTally,
  tallyFromFields,
  tallyToDict,
} from "../../../coordination/ballots/ballot_tally.ts";
import { RecordFields } from "../../../coordination/record_fields.ts";

const CHOICES = ["yes", "no"];
const veto = { kind: "veto", choice: "no" } as const;
const tally = { weights: [3, 1], abstained: 2, voters: 4, holdersVoted: 0, vetoes: 0 };

Deno.test("addends says what a vote adds to which counter", () => {
  const majority = { kind: "majority" } as const;
  const vote = { choice: "no", weight: 3, mayVeto: true };
  assert.deepEqual(addends(vote, CHOICES, majority), [[1, 3], ["voters", 1]]);
  assert.deepEqual(addends({ ...vote, choice: null }, CHOICES, majority), [["abstained", 3], [
    "voters",
    1,
  ]]);
  assert.deepEqual(addends(vote, CHOICES, veto).slice(2), [["holdersVoted", 1], ["vetoes", 1]]);
  assert.deepEqual(addends({ ...vote, choice: "yes" }, CHOICES, veto).slice(2), [[
    "holdersVoted",
    1,
  ]]);
  assert.deepEqual(addends({ ...vote, mayVeto: false }, CHOICES, veto).slice(2), []);
  assert.deepEqual(counterNames(2), [0, 1, "abstained", "voters", "holdersVoted", "vetoes"]);
});

Deno.test("countBallot counts votes one by one", () => {
  const votes = [
    { choice: "yes", weight: 2, mayVeto: true },
    { choice: null, weight: 1, mayVeto: false },
    { choice: "no", weight: 4, mayVeto: true },
  ];
  const counted = countBallot(votes, CHOICES, veto);
  assert.deepEqual(counted, {
    weights: [2, 4],
    abstained: 1,
    voters: 3,
    holdersVoted: 2,
    vetoes: 1,
  });
  assert.equal(castWeight(counted), 7);
});

Deno.test("tallyFromFields reads what tallyToDict wrote, and refuses what is no count", () => {
  const read = (dict: object) => tallyFromFields(new RecordFields(["k"], encodeRecord(dict)));
  assert.ok(isSameTally(read(tallyToDict(tally)), tally));
  assert.equal(isSameTally(tally, { ...tally, abstained: 1 }), false);
  for (
    const odd of [{ weights: [-1] }, { weights: ["1"] }, { weights: 1 }, { voters: 0.5 }, {
      vetoes: null,
    }]
  ) {
    assert.throws(() => read({ ...tallyToDict(tally), ...odd }), { code: "CORRUPT_RECORD" });
  }
});
