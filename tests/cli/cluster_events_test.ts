import assert from "node:assert/strict";
import {
  consensusEvent,
  leaderEvent,
  memberEvents,
  memberStatuses,
} from "../../cli/cluster_events.ts";
import {
  ConsensusDecision,
  type ConsensusDecisionFields,
} from "../../coordination/consensus_decision.ts";
import { NodeInfo } from "../../coordination/node_info.ts";

Deno.test("leaderEvent tells of others only", () => {
  assert.equal(leaderEvent({ holderId: "me", term: 1 }, "me"), null);
  assert.deepEqual(leaderEvent({ holderId: "b", term: 2 }, "me")?.properties, {
    leader: "b",
    term: 2,
  });
  assert.equal(leaderEvent({ holderId: null, term: 2 }, "me")?.message, "Nobody leads");
});

Deno.test("memberEvents names all at first, and changes after that", () => {
  const first = memberEvents(undefined, new Map([["a", "alive"], ["b", "alive"]]));
  assert.deepEqual(first.map((each) => each.properties), [{ members: 2, names: "a, b" }]);
  const many = new Map(Array.from({ length: 11 }, (_, at) => [`n${at}`, "alive"]));
  assert.match(String(memberEvents(undefined, many)[0]?.properties["names"]), /^n0, .*n9, …$/);
  const cases = [
    { before: { a: "alive" }, after: { a: "alive" }, events: [] },
    { before: { a: "alive" }, after: { a: "suspect" }, events: ["warning {member} is {status}"] },
    { before: { a: "suspect" }, after: { a: "alive" }, events: ["info {member} is {status}"] },
    {
      before: { a: "alive" },
      after: { b: "alive" },
      events: ["info {member} left, {members} remain", "info {member} joined, {members} in all"],
    },
  ];
  for (const { before, after, events } of cases) {
    const found = memberEvents(new Map(Object.entries(before)), new Map(Object.entries(after)));
    assert.deepEqual(found.map((each) => `${each.level} ${each.message}`), events);
  }
});

Deno.test("memberStatuses maps ids to statuses", () => {
  const member = new NodeInfo({
    instanceId: "a",
    isLeader: false,
    healthScore: null,
    status: "alive",
    lastHeartbeat: null,
    incarnation: "i",
    labels: {},
    load: 0,
    takesWork: false,
    state: null,
  });
  assert.deepEqual([...memberStatuses([member])], [["a", "alive"]]);
});

const AGREED: ConsensusDecisionFields = {
  circuitState: "CLOSED",
  fallbackMode: "PRIMARY",
  leaderInstance: "a",
  quorumMet: true,
  votingInstances: 3,
  registeredInstances: 3,
  consensusStrength: 1,
  term: 1,
  reason: null,
};

Deno.test("consensusEvent tells of what changes for a node, not of each decision", () => {
  const agreed = new ConsensusDecision(AGREED);
  assert.equal(consensusEvent(undefined, agreed)?.level, "info");
  const same = new ConsensusDecision({ ...AGREED, term: 2, votingInstances: 2 });
  assert.equal(consensusEvent(agreed, same), null);
  const cases: { change: Partial<ConsensusDecisionFields>; level: string }[] = [
    { change: { fallbackMode: "SAFE" }, level: "info" },
    { change: { circuitState: "OPEN" }, level: "info" },
    { change: { quorumMet: false, reason: "no_quorum" }, level: "warning" },
    { change: { reason: "split" }, level: "warning" },
  ];
  for (const { change, level } of cases) {
    const changed = new ConsensusDecision({ ...AGREED, ...change });
    assert.equal(consensusEvent(agreed, changed)?.level, level, JSON.stringify(change));
  }
});
