import assert from "node:assert/strict";
import { Ballot } from "../../../coordination/ballots/ballot.ts";
import { BallotCertificate } from "../../../coordination/ballots/ballot_certificate.ts";
import { BallotOutcome } from "../../../coordination/ballots/ballot_outcome.ts";
import { VoteRecord } from "../../../coordination/ballots/vote_record.ts";

const vote = (instanceId: string, versionstamp: string, choice = "yes") =>
  new VoteRecord({ instanceId, choice, weight: 1, mayVeto: false, votedAt: "2026", versionstamp });
const ballot = new Ballot({
  ballotId: "b-1",
  topic: "t",
  choices: ["yes", "no"],
  policy: { kind: "majority" },
  deadlineMs: 1_000,
  electors: 3,
  weight: 3,
  vetoHolders: 0,
  proposer: "a",
  openedAt: "2026",
  status: "decided",
  outcome: new BallotOutcome({
    choice: "yes",
    reason: null,
    tally: { weights: [2, 0], abstained: 0, voters: 2, holdersVoted: 0, vetoes: 0 },
    decidedBy: "a",
    decidedAt: "2026",
  }),
});
const fields = {
  ballot,
  sealedStamp: "05",
  decidedStamp: "06",
  votes: [vote("a", "01"), vote("b", "04")],
};

Deno.test("BallotCertificate isConsistent finds what does not fit together", () => {
  const cases = [
    { name: "as it is", change: {}, isConsistent: true },
    { name: "a vote is missing", change: { votes: [vote("a", "01")] }, isConsistent: false },
    {
      name: "a vote is another",
      change: { votes: [vote("a", "01"), vote("b", "04", "no")] },
      isConsistent: false,
    },
    {
      name: "one voted twice",
      change: { votes: [vote("a", "01"), vote("a", "04")] },
      isConsistent: false,
    },
    {
      name: "a vote after the seal",
      change: { votes: [vote("a", "01"), vote("b", "055")] },
      isConsistent: false,
    },
    { name: "decided before the seal", change: { decidedStamp: "04" }, isConsistent: false },
  ];
  for (const { name, change, isConsistent } of cases) {
    assert.equal(
      new BallotCertificate({ ...fields, ...change }).isConsistent(),
      isConsistent,
      name,
    );
  }
});

Deno.test("BallotCertificate goes over the wire and comes back the same", () => {
  const certificate = new BallotCertificate(fields);
  assert.deepEqual(
    BallotCertificate.fromDict(JSON.parse(JSON.stringify(certificate))),
    certificate,
  );
  for (
    const odd of [null, { ...certificate.toDict(), votes: null }, {
      ...certificate.toDict(),
      votes: [1],
    }]
  ) {
    assert.throws(() => BallotCertificate.fromDict(odd), { code: "CORRUPT_RECORD" });
  }
});
