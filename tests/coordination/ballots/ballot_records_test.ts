import assert from "node:assert/strict";
import { Ballot } from "../../../coordination/ballots/ballot.ts";
import {
  encodeBallot,
  encodeElector,
  encodeRoll,
  encodeStray,
  encodeVote,
  isGoneStray,
  parseBallot,
  parseCounter,
  parseElector,
  parseRoll,
  parseVote,
} from "../../../coordination/ballots/ballot_records.ts";
import { VoteRecord } from "../../../coordination/ballots/vote_record.ts";

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
  status: "open",
  outcome: null,
});
const entry = (value: unknown) => ({ key: ["k", "m"], value, versionstamp: "01" });
const nothing = { key: ["k", "m"], value: null, versionstamp: null };

Deno.test("ballot records are read as they were written, and absent ones are null", () => {
  const stored = { ballot, roll: "r", sealedStamp: null };
  assert.deepEqual(parseBallot(entry(encodeBallot(stored, "n"))), {
    ...stored,
    versionstamp: "01",
  });
  const elector = { instanceId: "m", weight: 2, mayVeto: true };
  assert.deepEqual(parseElector(entry(encodeElector(elector))), elector);
  const vote = new VoteRecord({
    instanceId: "m",
    choice: "yes",
    weight: 2,
    mayVeto: true,
    votedAt: "2026",
    versionstamp: "01",
  });
  assert.deepEqual(parseVote(entry(encodeVote(vote, "n"))), vote);
  assert.equal(parseRoll(entry(encodeRoll("r"))), "r");
  assert.equal(parseCounter(entry(new Deno.KvU64(7n))), 7);
  assert.deepEqual([
    parseBallot(nothing),
    parseElector(nothing),
    parseVote(nothing),
    parseCounter(nothing),
  ], [null, null, null, 0]);
});

Deno.test("ballot records that are something else are refused by key", () => {
  for (const odd of ["text", { v: 1 }, { v: 2 }, 7n, []]) {
    for (const parse of [parseBallot, parseElector, parseVote, parseRoll, parseCounter]) {
      assert.throws(
        () => parse(entry(odd)),
        { code: "CORRUPT_RECORD", key: ["k", "m"] },
        parse.name,
      );
    }
  }
});

Deno.test("isGoneStray is true only of what encodeStray wrote for a ballot that is gone", () => {
  const entry = (value: unknown) => ({ key: ["stray", "r"], value, versionstamp: "01" });
  const cases = [
    { name: "gone", value: encodeStray("n", true), isGone: true },
    { name: "maybe opening", value: encodeStray("n", false), isGone: false },
    { name: "of an earlier version", value: { v: 1, nonce: "n" }, isGone: false },
    { name: "no object", value: "gone", isGone: false },
    { name: "null", value: null, isGone: false },
  ];
  for (const { name, value, isGone } of cases) {
    assert.equal(isGoneStray(entry(value)), isGone, name);
  }
});
