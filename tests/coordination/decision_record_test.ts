import assert from "node:assert/strict";
import { ConsensusDecision } from "../../coordination/consensus_decision.ts";
import {
  decisionFields,
  type DecisionRecord,
  LISTED_MAX,
  parseDecisionRecord,
} from "../../coordination/decision_record.ts";
import { encodeRecord } from "../../coordination/election_records.ts";
import { CorruptRecordError } from "../../coordination/errors.ts";

const KEY = ["baton", "cluster", "c", "decision"];
const record: DecisionRecord = {
  decision: new ConsensusDecision({
    circuitState: "SPLIT_BRAIN",
    fallbackMode: "SAFE",
    leaderInstance: "a",
    quorumMet: true,
    votingInstances: 2,
    registeredInstances: 3,
    consensusStrength: 0,
    term: 7,
    reason: "split",
  }),
  suspect: ["b"],
  dead: ["c"],
  nonce: "n-1",
  writtenAt: "2026-01-01T00:00:00.000Z",
};
const stored = encodeRecord(decisionFields(record));

const parse = (value: unknown) => parseDecisionRecord({ key: KEY, value, versionstamp: "01" });

Deno.test("parseDecisionRecord gives back what decisionFields made", () => {
  assert.deepEqual(parse(stored), record);
});

Deno.test("parseDecisionRecord is null where there is none", () => {
  assert.equal(parseDecisionRecord({ key: KEY, value: null, versionstamp: null }), null);
});

Deno.test("decisionFields fits a value of the store when many members with long ids are ill", async () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => "ж".repeat(250) + String(i));
  const fields = decisionFields({ ...record, suspect: ids, dead: ids }) as DecisionRecord;
  assert.ok(fields.suspect.length <= LISTED_MAX && fields.dead.length <= LISTED_MAX);
  using kv = await Deno.openKv(":memory:");
  assert.ok((await kv.set(KEY, encodeRecord(fields))).ok);
});

Deno.test("parseDecisionRecord refuses what no leader writes", () => {
  const cases: { name: string; value: unknown; fault: RegExp }[] = [
    { name: "a hand-written value", value: "SAFE", fault: /expected an object/ },
    { name: "another version", value: { ...stored, v: 2 }, fault: /newer/ },
    {
      name: "a foreign circuit",
      value: { ...stored, circuit_state: "AJAR" },
      fault: /^"circuit_state" is none of CLOSED, HALF_OPEN, OPEN, UNKNOWN, SPLIT_BRAIN$/,
    },
    {
      name: "a split as a mode (F15)",
      value: { ...stored, fallback_mode: "SPLIT_BRAIN" },
      fault: /^"fallback_mode" is none of PRIMARY, HEURISTIC, SAFE$/,
    },
    {
      name: "a foreign reason",
      value: { ...stored, reason: "tired" },
      fault: /^"reason" is none of/,
    },
    { name: "no reason", value: { ...stored, reason: undefined }, fault: /^"reason" is none of/ },
    {
      name: "votes below 0",
      value: { ...stored, voting_instances: -1 },
      fault: /voting_instances/,
    },
    { name: "half a term", value: { ...stored, term: 0.5 }, fault: /"term"/ },
    { name: "strength above 1", value: { ...stored, consensus_strength: 1.1 }, fault: /strength/ },
    { name: "an empty leader (F17)", value: { ...stored, leader_instance: "" }, fault: /leader/ },
    { name: "dead in text", value: { ...stored, dead: "c" }, fault: /"dead"/ },
    { name: "suspects of numbers", value: { ...stored, suspect: [1] }, fault: /"suspect"/ },
  ];
  for (const { name, value, fault } of cases) {
    assert.throws(() => parse(value), (error) => {
      assert.ok(error instanceof CorruptRecordError, name);
      assert.match(error.fault, fault, name);
      return true;
    }, name);
  }
});

Deno.test("parseDecisionRecord takes a quorum that is not plainly true for not met", () => {
  for (const quorum_met of ["true", 1, null, undefined]) {
    assert.equal(parse({ ...stored, quorum_met })?.decision.quorumMet, false, String(quorum_met));
  }
});
