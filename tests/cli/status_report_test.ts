import assert from "node:assert/strict";
import { renderStatus, renderStatusJson } from "../../cli/status_report.ts";
import type { ClusterStatus } from "../../coordination/cluster_status.ts";
import { ConsensusDecision } from "../../coordination/consensus_decision.ts";
import { CorruptRecordError } from "../../coordination/errors.ts";
import { NodeInfo } from "../../coordination/node_info.ts";
import { ballot, decidedBallot } from "./ballot_samples.ts";

const NOW_MS = Date.UTC(2026, 0, 1, 0, 0, 10);

function member(instanceId: string, fields: Partial<NodeInfo> = {}): NodeInfo {
  return new NodeInfo({
    instanceId,
    isLeader: false,
    healthScore: 0.825,
    status: "alive",
    lastHeartbeat: "2026-01-01T00:00:08.500Z",
    incarnation: "i",
    labels: {},
    load: 0,
    takesWork: false,
    state: null,
    ...fields,
  });
}

const STATUS: ClusterStatus = {
  cluster: "default",
  leader: "node-a",
  term: 3,
  members: [
    member("node-a", { isLeader: true, takesWork: true, labels: { zone: "eu", tier: "1" } }),
    member("b", { healthScore: null, status: "dead", lastHeartbeat: null }),
  ],
  consensus: new ConsensusDecision({
    circuitState: "CLOSED",
    fallbackMode: "PRIMARY",
    leaderInstance: "node-a",
    quorumMet: true,
    votingInstances: 2,
    registeredInstances: 2,
    consensusStrength: 1,
    term: 3,
    reason: null,
  }),
  decidedAt: "2026-01-01T00:00:00.000Z",
  isStale: false,
  ballots: { openCount: 0, open: [], decided: [] },
  work: {
    backlog: 0,
    ready: [],
    claimed: 0,
    waiting: 0,
    unacknowledged: 0,
    dead: 0,
    deadLetters: [],
    countMax: 500,
  },
  corruptRecords: [],
};

Deno.test("renderStatus shows the cluster and a row for each member", () => {
  assert.equal(
    renderStatus(STATUS, NOW_MS),
    `Cluster    default
Leader     node-a (term 3)
Quorum     met, 2 of 2 voted
Consensus  mode PRIMARY, circuit CLOSED (100 %)
Work       none
Ballots    none

ID      ROLE      STATUS  HEALTH  AGE   WORK   LABELS
node-a  leader    alive   0.82    1.5s  takes  zone=eu,tier=1
b       follower  dead    -       -     -      -
`,
  );
});

Deno.test("renderStatus shows work and ballots after the members", () => {
  const open = ballot({ ballotId: "q-1", topic: "Go?" });
  const text = renderStatus({
    ...STATUS,
    members: [],
    work: {
      ...STATUS.work,
      dead: 1,
      deadLetters: [{ id: "w", attempt: 5, assignee: "b", error: "Error: no disk" }],
    },
    ballots: {
      openCount: 1,
      open: [{ ballot: open, voters: 1 }],
      decided: [decidedBallot({ ballotId: "q-0", topic: "Stay?" }, { choice: "no" })],
    },
  }, NOW_MS);
  assert.equal(
    text.slice(text.indexOf("Work")),
    `Work       1 dead
Ballots    1 open

No members

DEAD LETTER  ATTEMPTS  LAST MEMBER  ERROR
w            5         b            Error: no disk

OPEN BALLOT  TOPIC  CHOICES  VOTED   TIME LEFT
q-1          Go?    yes, no  1 of 3  about 50s

DECIDED BALLOT  TOPIC  OUTCOME  VOTED   AGE
q-0             Stay?  no       2 of 3  5s
`,
  );
});

Deno.test("renderStatus shows the first twenty records that cannot be read", () => {
  const corruptRecords = Array.from(
    { length: 22 },
    (_, n) => new CorruptRecordError(["baton", n], "no version"),
  );
  const text = renderStatus({ ...STATUS, corruptRecords }, NOW_MS);
  assert.match(text, /\nUnreadable {2}baton \/ 19: no version\nUnreadable {2}and 2 more\n\n/);
});

Deno.test("renderStatus says what is missing", () => {
  const text = renderStatus({
    ...STATUS,
    leader: null,
    members: [],
    consensus: ConsensusDecision.undecided("no_votes"),
    corruptRecords: [new CorruptRecordError(["baton", "x"], "no version")],
  }, NOW_MS);
  assert.match(text, /\nLeader {6}none \(last term 3\)\n/);
  assert.match(text, /\nQuorum {6}not met, 0 of 0 voted\n/);
  assert.match(text, /\nConsensus {3}none, no_votes; mode SAFE, circuit UNKNOWN \(0 %\)\n/);
  assert.match(text, /\nUnreadable {2}baton \/ x: no version\n\nNo members\n$/);
});

Deno.test("renderStatus says when nobody stands behind the decision any more", () => {
  const text = renderStatus({ ...STATUS, leader: null, isStale: true }, NOW_MS);
  assert.match(
    text,
    /\nStale {6}decided 10s ago by node-a in term 3; nobody stands behind it now\n/,
  );
});

Deno.test("renderStatus lets no text from the store command the terminal", () => {
  const evil = "x\u001b[2J\n\u009b31m\u202e";
  const text = renderStatus({
    ...STATUS,
    cluster: evil,
    leader: evil,
    members: [member(evil, { labels: { [evil]: evil } })],
    work: {
      ...STATUS.work,
      ready: [{ instanceId: evil, items: 1 }],
      dead: 1,
      deadLetters: [{ id: evil, attempt: 1, assignee: evil, error: evil }],
    },
    ballots: {
      openCount: 1,
      open: [{ ballot: ballot({ ballotId: evil, topic: evil, choices: [evil, "b"] }), voters: 0 }],
      decided: [decidedBallot({ ballotId: evil, topic: evil }, { choice: evil })],
    },
  }, NOW_MS);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.equal(text.split("\n").length, 19);
});

Deno.test("renderStatus takes a clock that is ahead for an age of nothing", () => {
  const ahead = [member("a", { lastHeartbeat: "2026-01-01T00:00:20.000Z" })];
  assert.match(renderStatus({ ...STATUS, members: ahead }, NOW_MS), /0ms/);
});

Deno.test("renderStatusJson is one document with the wire forms", () => {
  const text = renderStatusJson(STATUS, NOW_MS);
  const parsed = JSON.parse(text);
  assert.deepEqual(
    Object.keys(parsed).toSorted(),
    [
      "apiVersion",
      "cluster",
      "leader",
      "term",
      "members",
      "consensus",
      "decided_at",
      "is_stale",
      "ballots",
      "work",
      "corrupt_records",
    ].toSorted(),
  );
  assert.equal(parsed.apiVersion, "baton/v1");
  assert.equal(parsed.members[0].instance_id, "node-a");
  assert.equal(parsed.consensus.quorum_met, true);
  const ages = parsed.members.map(({ age_ms }: { age_ms: number | null }) => age_ms);
  assert.deepEqual(ages, [1_500, null]);
  assert.match(text, /\}\n$/);
});

Deno.test("renderStatusJson escapes control characters that JSON would leave alone", () => {
  const text = renderStatusJson({ ...STATUS, leader: "\u009b31m\u007f" }, NOW_MS);
  assert.doesNotMatch(text, /[\u007f-\u009f]/);
  assert.equal(JSON.parse(text).leader, "\u009b31m\u007f");
});
