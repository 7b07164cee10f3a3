import { Ballot, type BallotFields } from "../../coordination/ballots/ballot.ts";
import {
  BallotOutcome,
  type BallotOutcomeFields,
} from "../../coordination/ballots/ballot_outcome.ts";

/** An open ballot, with what a test does not care about filled in. */
export function ballot(fields: Partial<BallotFields> = {}): Ballot {
  return new Ballot({
    ballotId: "q",
    topic: "Go?",
    choices: ["yes", "no"],
    policy: { kind: "majority" },
    deadlineMs: 60_000,
    electors: 3,
    weight: 3,
    vetoHolders: 0,
    proposer: "a",
    openedAt: "2026-01-01T00:00:00.000Z",
    status: "open",
    outcome: null,
    ...fields,
  });
}

/** A decided one. */
export function decidedBallot(
  fields: Partial<BallotFields> = {},
  outcome: Partial<BallotOutcomeFields> = {},
): Ballot {
  return ballot({
    status: "decided",
    outcome: new BallotOutcome({
      choice: "yes",
      reason: null,
      tally: { weights: [2, 0], abstained: 0, voters: 2, holdersVoted: 0, vetoes: 0 },
      decidedBy: "a",
      decidedAt: "2026-01-01T00:00:05.000Z",
      ...outcome,
    }),
    ...fields,
  });
}
