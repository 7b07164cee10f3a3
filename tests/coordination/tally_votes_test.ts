import assert from "node:assert/strict";
import { type TallyOptions, tallyVotes, type VoteTally } from "../../coordination/tally_votes.ts";

const vote = (circuit: unknown, mode: unknown = "PRIMARY") => ({
  circuit_breaker_state: circuit,
  fallback_mode: mode,
});

Deno.test("tallyVotes counts circuit and mode apart, against the membership", () => {
  const closed = vote("CLOSED");
  const open = vote("OPEN", "SAFE");
  const cases: {
    name: string;
    votes: unknown[];
    options: TallyOptions;
    tally: Partial<VoteTally>;
  }[] = [
    {
      name: "nobody votes",
      votes: [],
      options: { members: 3 },
      tally: {
        circuitState: "UNKNOWN",
        fallbackMode: "SAFE",
        quorumMet: false,
        votingInstances: 0,
        consensusStrength: 0,
        reason: "no_votes",
      },
    },
    {
      name: "all agree",
      votes: [closed, closed, closed],
      options: { members: 3 },
      tally: {
        circuitState: "CLOSED",
        fallbackMode: "PRIMARY",
        quorumMet: true,
        requiredVotes: 2,
        consensusStrength: 1,
        reason: null,
      },
    },
    {
      name: "a majority wins, its share is the strength",
      votes: [closed, closed, closed, open],
      options: { members: 4 },
      tally: { circuitState: "CLOSED", fallbackMode: "PRIMARY", consensusStrength: 0.75 },
    },
    {
      name: "the quorum counts members, not the votes present (F1)",
      votes: [closed, closed],
      options: { members: 4 },
      tally: { quorumMet: false, requiredVotes: 3, votingInstances: 2, reason: "no_quorum" },
    },
    {
      name: "exactly half is no quorum (F1)",
      votes: [closed, closed, closed],
      options: { members: 6 },
      tally: { quorumMet: false, requiredVotes: 4, reason: "no_quorum" },
    },
    {
      name: "a higher threshold needs more",
      votes: [closed, closed, closed],
      options: { members: 4, threshold: 1 },
      tally: { quorumMet: false, requiredVotes: 4, reason: "no_quorum" },
    },
    {
      name: "the circuit is split: the mode that was agreed on before holds",
      votes: [vote("OPEN"), vote("CLOSED")],
      options: { members: 2, previousMode: "HEURISTIC" },
      tally: { circuitState: "SPLIT_BRAIN", fallbackMode: "PRIMARY", reason: "split" },
    },
    {
      name: "the mode is split: the mode that was agreed on before holds (F15)",
      votes: [vote("OPEN", "SAFE"), vote("OPEN", "PRIMARY")],
      options: { members: 2, previousMode: "HEURISTIC" },
      tally: { circuitState: "OPEN", fallbackMode: "HEURISTIC", reason: "split" },
    },
    {
      name: "the mode is split and none was agreed on before",
      votes: [vote("OPEN", "SAFE"), vote("OPEN", "PRIMARY")],
      options: { members: 2 },
      tally: { fallbackMode: "SAFE", reason: "split" },
    },
    {
      name: "without votes the previous mode does not hold",
      votes: [],
      options: { members: 2, previousMode: "PRIMARY" },
      tally: { fallbackMode: "SAFE", reason: "no_votes" },
    },
    {
      name: "letter case does not split (F14)",
      votes: [vote("closed", "safe"), vote("CLOSED", "SAFE")],
      options: { members: 2 },
      tally: { circuitState: "CLOSED", fallbackMode: "SAFE", reason: null },
    },
    {
      name: "a member abstains: it counts against the quorum, and for nothing",
      votes: [closed, closed, null],
      options: { members: 3 },
      tally: { votingInstances: 2, abstentions: 1, malformedVotes: 0, quorumMet: true },
    },
    {
      name: "only abstentions are no votes",
      votes: [null, null],
      options: { members: 2 },
      tally: { votingInstances: 0, abstentions: 2, reason: "no_votes" },
    },
  ];
  for (const { name, votes, options, tally } of cases) {
    const found = tallyVotes(votes, options);
    for (const [field, wanted] of Object.entries(tally)) {
      assert.equal(found[field as keyof VoteTally], wanted, `${name}: ${field}`);
    }
  }
});

Deno.test("tallyVotes takes a malformed vote for an abstention and counts it (F13)", () => {
  const cases: { name: string; vote: unknown }[] = [
    { name: "a list", vote: ["CLOSED", "PRIMARY"] },
    { name: "a text", vote: "CLOSED" },
    { name: "a number", vote: 7 },
    { name: "undefined", vote: undefined },
    { name: "no mode", vote: { circuit_breaker_state: "CLOSED" } },
    { name: "no circuit", vote: { fallback_mode: "PRIMARY" } },
    { name: "a foreign mode", vote: vote("CLOSED", "TURBO") },
    { name: "a foreign circuit", vote: vote("AJAR") },
    { name: "a verdict is no vote", vote: vote("SPLIT_BRAIN") },
    { name: "wrong types", vote: vote(true, 1) },
    { name: "prototype keys", vote: vote("constructor", "__proto__") },
    { name: "empty", vote: {} },
  ];
  for (const { name, vote: malformed } of cases) {
    const found = tallyVotes([vote("CLOSED"), malformed, vote("CLOSED")], { members: 3 });
    assert.equal(found.malformedVotes, 1, name);
    assert.equal(found.abstentions, 0, name);
    assert.equal(found.votingInstances, 2, name);
    assert.equal(found.circuitState, "CLOSED", name);
    assert.equal(found.reason, null, name);
  }
});

Deno.test("tallyVotes refuses members and thresholds out of range", () => {
  assert.throws(() => tallyVotes([], { members: -1 }), {
    name: "RangeError",
    message: "members must be a whole number from 0, got -1",
  });
  assert.throws(() => tallyVotes([], { members: 1, threshold: NaN }), {
    name: "RangeError",
    message: "quorumThreshold must be above 0 and at most 1, got NaN",
  });
});
