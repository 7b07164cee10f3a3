import assert from "node:assert/strict";
import { Ballot, type BallotFields } from "../../../coordination/ballots/ballot.ts";
import { BallotOutcome } from "../../../coordination/ballots/ballot_outcome.ts";
import { BallotStatus } from "../../../enums/ballot_status.ts";

const fields: BallotFields = {
  ballotId: "b-1",
  topic: "t",
  choices: ["yes", "no"],
  policy: { kind: "veto", choice: "no" },
  deadlineMs: 1_000,
  electors: 3,
  weight: 3,
  vetoHolders: 1,
  proposer: "a",
  openedAt: "2026-01-01T00:00:00.000Z",
  status: BallotStatus.DECIDED,
  outcome: new BallotOutcome({
    choice: "yes",
    reason: null,
    tally: { weights: [2, 0], abstained: 0, voters: 2, holdersVoted: 1, vetoes: 0 },
    decidedBy: "a",
    decidedAt: "2026-01-01T00:00:01.000Z",
  }),
};

Deno.test("Ballot goes over the wire in snake_case and comes back the same", () => {
  const ballot = new Ballot(fields);
  const dict = JSON.parse(JSON.stringify(ballot));
  assert.deepEqual(Object.keys(dict), [
    "ballot_id",
    "topic",
    "choices",
    "policy",
    "deadline_ms",
    "electors",
    "weight",
    "veto_holders",
    "proposer",
    "opened_at",
    "status",
    "outcome",
  ]);
  assert.deepEqual(Ballot.fromDict(dict), ballot);
  const open = new Ballot({ ...fields, status: BallotStatus.OPEN, outcome: null });
  assert.deepEqual(Ballot.fromDict(open.toDict()), open);
});

Deno.test("Ballot is frozen and shares no list with who made it", () => {
  const choices = ["yes", "no"];
  const ballot = new Ballot({ ...fields, choices });
  choices.push("maybe");
  assert.deepEqual(ballot.choices, ["yes", "no"]);
  assert.ok(Object.isFrozen(ballot) && Object.isFrozen(ballot.choices));
});

Deno.test("Ballot fromDict refuses what no ballot is, and names the place", () => {
  const dict = new Ballot(fields).toDict();
  const odd = [
    null,
    [],
    "odd",
    { ...dict, ballot_id: "" },
    { ...dict, choices: [1] },
    { ...dict, status: "late" },
    { ...dict, status: "open" },
    { ...dict, outcome: null },
    { ...dict, policy: { kind: "veto", share: null, choice: "maybe" } },
    { ...dict, policy: null },
    { ...dict, electors: 0 },
    { ...dict, outcome: { ...dict.outcome, choice: null } },
  ];
  for (const one of odd) {
    assert.throws(
      () => Ballot.fromDict(one, ["here"]),
      { code: "CORRUPT_RECORD", key: ["here"] },
      JSON.stringify(one),
    );
  }
});
