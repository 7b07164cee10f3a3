import assert from "node:assert/strict";
import { BallotOutcome } from "../../../coordination/ballots/ballot_outcome.ts";
import { BallotReason } from "../../../enums/ballot_reason.ts";

const outcome = new BallotOutcome({
  choice: null,
  reason: BallotReason.TIE,
  tally: { weights: [1, 1], abstained: 0, voters: 2, holdersVoted: 0, vetoes: 0 },
  decidedBy: "a",
  decidedAt: "2026-01-01T00:00:00.000Z",
});

Deno.test("BallotOutcome goes over the wire in snake_case and comes back the same", () => {
  const dict = JSON.parse(JSON.stringify(outcome));
  assert.deepEqual(dict, {
    choice: null,
    reason: "tie",
    tally: { weights: [1, 1], abstained: 0, voters: 2, holders_voted: 0, vetoes: 0 },
    decided_by: "a",
    decided_at: "2026-01-01T00:00:00.000Z",
  });
  assert.deepEqual(BallotOutcome.fromDict(dict), outcome);
  assert.ok(Object.isFrozen(outcome.tally.weights));
});

Deno.test("BallotOutcome fromDict wants a choice or a reason, and not both", () => {
  const dict = outcome.toDict();
  for (
    const odd of [
      { ...dict, choice: "yes" },
      { ...dict, reason: null },
      { ...dict, tally: null },
      1,
    ]
  ) {
    assert.throws(() => BallotOutcome.fromDict(odd), {
      code: "CORRUPT_RECORD",
      key: ["BallotOutcome"],
    });
  }
});
