import assert from "node:assert/strict";
import {
  clusterKeys,
  describeMembers,
  readCluster,
  sightings,
} from "../../coordination/cluster_snapshot.ts";
import { ConsensusDecision } from "../../coordination/consensus_decision.ts";
import { decisionFields } from "../../coordination/decision_record.ts";
import { encodeRecord } from "../../coordination/election_records.ts";
import { MemberObserver } from "../../coordination/member_observer.ts";
import { connectionRefused } from "../support/faults.ts";
import { writeMember } from "../support/records.ts";
import { TestStore } from "../support/test_store.ts";

const keys = clusterKeys("default");
const options = { timeoutMs: 1_000 };
const LIMITS = { suspectAfterMissed: 3, deadAfterMissed: 4 };

const read = (test: TestStore) => readCluster(test.port(test.handle()), keys, options);

async function writeDecision(test: TestStore, ill: { suspect?: string[]; dead?: string[] } = {}) {
  const { suspect = [], dead = [] } = ill;
  const decision = ConsensusDecision.undecided("no_votes");
  const fields = { decision, suspect, dead, nonce: "n", writtenAt: "2026-01-01T00:00:00.000Z" };
  await test.raw.set(keys.decision, encodeRecord(decisionFields(fields)));
}

async function writeTerm(test: TestStore, holderId: string | null) {
  await test.raw.set([...keys.prefix, "election", "leader", "term"], {
    v: 1,
    term: 3,
    holderId,
    incarnation: "i",
    nonce: "n",
    leaseMs: 1_000,
    storeId: "s",
    reservedFor: null,
    writtenAt: "2026-01-01T00:00:00.000Z",
  });
}

Deno.test("clusterKeys keeps a name in one part, whatever it holds (F10)", () => {
  assert.deepEqual(clusterKeys("a/b:c"), {
    prefix: ["baton", "cluster", "a/b:c"],
    members: ["baton", "cluster", "a/b:c", "member"],
    decision: ["baton", "cluster", "a/b:c", "decision"],
  });
});

Deno.test("readCluster finds nothing in an empty store", async () => {
  using test = await TestStore.open();
  assert.deepEqual(await read(test), {
    members: [],
    decision: null,
    term: null,
    lease: null,
    corruptMembers: 0,
    corrupt: [],
  });
});

Deno.test("readCluster reads members in the order of their ids, decision and term in one go", async () => {
  using test = await TestStore.open();
  for (const instanceId of ["c", "a:1", "b", "__proto__"]) {
    await writeMember(test.raw, { instanceId });
  }
  await writeMember(test.raw, { instanceId: "elsewhere" }, "other");
  await writeDecision(test, { suspect: ["b"] });
  await writeTerm(test, "b");
  const handle = test.handle();
  const found = await readCluster(test.port(handle), keys, options);
  assert.deepEqual(found.members.map(({ record }) => record.instanceId), [
    "__proto__",
    "a:1",
    "b",
    "c",
  ]);
  assert.equal(found.term?.holderId, "b");
  assert.deepEqual(found.decision?.suspect, ["b"]);
  assert.equal(found.decision?.versionstamp, (await test.raw.get(keys.decision)).versionstamp);
  assert.equal(handle.reads, 1);
});

Deno.test("readCluster leaves out and reports what is not Baton's, and leaves it alone", async () => {
  const foreign: { name: string; key: Deno.KvKey; value: unknown; isMember: boolean }[] = [
    { name: "a member by hand", key: [...keys.members, "b"], value: "alive", isMember: true },
    { name: "a newer member", key: [...keys.members, "b"], value: { v: 2 }, isMember: true },
    { name: "a member under a number", key: [...keys.members, 7], value: { v: 1 }, isMember: true },
    { name: "a decision by hand", key: keys.decision, value: "SAFE", isMember: false },
    {
      name: "a leader by hand",
      key: [...keys.prefix, "election", "leader", "term"],
      value: "b",
      isMember: false,
    },
  ];
  for (const { name, key, value, isMember } of foreign) {
    using test = await TestStore.open();
    await writeMember(test.raw, { instanceId: "a" });
    await test.raw.set(key, value);
    const { members, corrupt, corruptMembers } = await read(test);
    assert.deepEqual(members.map(({ record }) => record.instanceId), ["a"], name);
    assert.deepEqual(
      corrupt.map((error) => [error.code, error.key]),
      [["CORRUPT_RECORD", key]],
      name,
    );
    assert.equal(corruptMembers, isMember ? 1 : 0, name);
    assert.deepEqual((await test.raw.get(key)).value, value, name);
  }
});

Deno.test("readCluster takes nothing below one of its keys for its own", async () => {
  using test = await TestStore.open();
  await writeMember(test.raw, { instanceId: "a" });
  const record = await test.read([...keys.members, "a"]);
  await test.raw.set([...keys.members, "x", "a"], record);
  await test.raw.set([...keys.decision, "backup"], "SAFE");
  await test.raw.set([...keys.prefix, "election", "leader", "term", "old"], "b");
  await test.raw.set([...keys.prefix, "election", "leader", "fence", "nonce"], "of the term");
  await test.raw.set([...keys.prefix, "notes"], "by the operator");
  const { members, decision, term, corrupt } = await read(test);
  assert.deepEqual([members.length, decision, term, corrupt.length], [1, null, null, 0]);
});

Deno.test("readCluster rejects when the store does not answer", async () => {
  using test = await TestStore.open();
  const handle = test.handle();
  handle.onRead(connectionRefused);
  await assert.rejects(readCluster(test.port(handle), keys, options), {
    name: "StoreUnavailableError",
    message: /^Cannot list "baton\/cluster\/default": the store is unavailable/,
  });
});

Deno.test("describeMembers says of each member what it wrote, and who leads", async () => {
  using test = await TestStore.open();
  const state = { uptime_seconds: 5 };
  await writeMember(test.raw, {
    instanceId: "a",
    labels: { zone: "z" },
    load: 2,
    takesWork: false,
    healthScore: 0.5,
    state,
  });
  await writeMember(test.raw, { instanceId: "b" });
  await writeTerm(test, "b");
  const snapshot = await read(test);
  const [a, b] = describeMembers(snapshot, new MemberObserver(test.clock, LIMITS));
  assert.deepEqual(a?.toDict(), {
    instance_id: "a",
    is_leader: false,
    health_score: 0.5,
    status: "alive",
    last_heartbeat: "2026-01-01T00:00:00.000Z",
    incarnation: "a-1",
    labels: { zone: "z" },
    load: 2,
    takes_work: false,
    state,
  });
  assert.equal(b?.isLeader, true);
  await writeTerm(test, null);
  const released = describeMembers(await read(test), new MemberObserver(test.clock, LIMITS));
  assert.ok(released.every(({ isLeader }) => !isLeader));
});

Deno.test("describeMembers believes the worse of its own eyes and the leader, until the member writes", async () => {
  using test = await TestStore.open();
  for (const instanceId of ["a", "b", "c"]) await writeMember(test.raw, { instanceId });
  await writeDecision(test, { suspect: ["a"], dead: ["b"] });
  const observer = new MemberObserver(test.clock, LIMITS);
  const statuses = async () => {
    const snapshot = await read(test);
    observer.observe(sightings(snapshot.members));
    return describeMembers(snapshot, observer).map(({ status }) => status);
  };
  assert.deepEqual(await statuses(), ["suspect", "dead", "alive"]);
  await writeMember(test.raw, { instanceId: "b", beat: 2 });
  assert.deepEqual(await statuses(), ["suspect", "alive", "alive"]);
  for (let second = 0; second < 4; second++) {
    await test.clock.advance(1_000);
    await writeMember(test.raw, { instanceId: "a", beat: 2 + second });
    await statuses();
  }
  assert.deepEqual(await statuses(), ["alive", "dead", "dead"]);
});
