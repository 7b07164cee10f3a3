import assert from "node:assert/strict";
import { clusterStatusToDict, readClusterStatus } from "../../coordination/cluster_status.ts";
import { connectionRefused, hang } from "../support/faults.ts";
import { writeMember } from "../support/records.ts";
import { TestStore } from "../support/test_store.ts";
import { clusterNode } from "../support/nodes.ts";
import { BallotWorld } from "./ballots/ballot_nodes.ts";
import { WorkCluster } from "./work/work_cluster.ts";

Deno.test("readClusterStatus reads a cluster that nobody has used", async () => {
  using test = await TestStore.open();
  const status = await readClusterStatus({ kv: test.raw, clock: test.clock });
  assert.deepEqual(clusterStatusToDict(status), {
    cluster: "default",
    leader: null,
    term: 0,
    members: [],
    consensus: {
      circuit_state: "UNKNOWN",
      fallback_mode: "SAFE",
      leader_instance: null,
      quorum_met: false,
      voting_instances: 0,
      registered_instances: 0,
      consensus_strength: 0,
      term: 0,
      reason: "no_votes",
    },
    decided_at: null,
    is_stale: true,
    ballots: { open_count: 0, open: [], decided: [] },
    work: {
      backlog: 0,
      ready: [],
      claimed: 0,
      waiting: 0,
      unacknowledged: 0,
      dead: 0,
      dead_letters: [],
      count_max: 500,
    },
    corrupt_records: [],
  });
});

Deno.test("readClusterStatus shows leader, members and consensus, without taking part", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a", { cluster: "blue" });
  await using b = clusterNode(test, "b", { cluster: "blue" });
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  await test.clock.advance(1_000);
  await test.raw.set(["baton", "cluster", "blue", "member", "odd"], "by hand");
  const handle = test.handle();
  const status = await readClusterStatus({ kv: handle.kv, cluster: "blue", clock: test.clock });
  assert.deepEqual([status.cluster, status.leader, status.term], ["blue", "a", 1]);
  assert.deepEqual(status.members.map(({ instanceId, isLeader }) => [instanceId, isLeader]), [
    ["a", true],
    ["b", false],
  ]);
  assert.equal(status.consensus.leaderInstance, "a");
  assert.equal(status.corruptRecords.length, 1);
  assert.equal(handle.sent.length, 0);
  const dict = clusterStatusToDict(status);
  assert.deepEqual(dict.corrupt_records, [{
    key: ["baton", "cluster", "blue", "member", "odd"],
    fault: 'expected an object, found "by hand"',
  }]);
  assert.deepEqual(dict.members.map((member) => member.instance_id), ["a", "b"]);
});

Deno.test("readClusterStatus shows ballots, and those of its own cluster only", async () => {
  await using world = await BallotWorld.open();
  const { ballots } = world.node("a");
  await ballots.propose("Go?", ["yes", "no"], { deadlineMs: 60_000, ballotId: "q" });
  await world.test.raw.set(["baton", "ballots", "c", "open-count"], "many");
  const of = (cluster: string) =>
    readClusterStatus({ kv: world.test.raw, cluster, clock: world.test.clock });
  const status = await of("c");
  assert.equal(status.ballots.openCount, null);
  assert.deepEqual(status.ballots.open.map(({ ballot }) => ballot.ballotId), ["q"]);
  assert.deepEqual(status.corruptRecords.map(({ fault }) => fault), ["expected a counter"]);
  const dict = clusterStatusToDict(status);
  assert.deepEqual(dict.ballots.open.map(({ topic, voters }) => [topic, voters]), [["Go?", 0]]);
  assert.deepEqual((await of("d")).ballots, { openCount: 0, open: [], decided: [] });
});

Deno.test("readClusterStatus shows work, and that of its own cluster only", async () => {
  await using cluster = await WorkCluster.open();
  const { keys, test: { raw, clock } } = cluster;
  cluster.register("a");
  const a = cluster.node("a");
  await cluster.elect(a);
  await cluster.test.until(a.queue.assignWork({ id: "w", payload: "secret" }));
  await raw.delete(["baton", "cluster", "c", "election", "leader", "term"]);
  await raw.set(keys.waitingAt("x"), "by hand");
  const status = await readClusterStatus({ kv: raw, cluster: "c", clock });
  assert.deepEqual(status.work.ready, [{ instanceId: "a", items: 1 }]);
  assert.deepEqual(status.corruptRecords.map(({ key }) => key), [keys.waitingAt("x")]);
  const dict = clusterStatusToDict(status);
  assert.deepEqual([dict.work.backlog, dict.work.ready], [1, [{ instance_id: "a", items: 1 }]]);
  assert.doesNotMatch(JSON.stringify(dict), /secret/);
  assert.equal((await readClusterStatus({ kv: raw, cluster: "d", clock })).work.backlog, 0);
});

Deno.test("readClusterStatus shows the status that the leader published", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await writeMember(test.raw, { instanceId: "gone", heartbeatMs: 300 });
  await test.until(a.node.startup());
  await test.clock.advance(3_000);
  const { members } = await readClusterStatus({ kv: test.raw, clock: test.clock });
  assert.deepEqual(members.map(({ instanceId, status }) => [instanceId, status]), [
    ["a", "alive"],
    ["gone", "dead"],
  ]);
});

Deno.test("readClusterStatus names the leader null after it resigned, and keeps the term", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  await test.until(a.node.shutdown());
  const { leader, term } = await readClusterStatus({ kv: test.raw, clock: test.clock });
  assert.deepEqual([leader, term], [null, 1]);
});

Deno.test("readClusterStatus gives up after its timeout", async () => {
  for (
    const { timeoutMs, waitsMs } of [{ timeoutMs: 300, waitsMs: 300 }, {
      timeoutMs: undefined,
      waitsMs: 5_000,
    }]
  ) {
    using test = await TestStore.open();
    const handle = test.handle();
    handle.onRead(hang);
    const status = readClusterStatus({
      kv: handle.kv,
      clock: test.clock,
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    let isOver = false;
    status.catch(() => isOver = true);
    await test.clock.advance(waitsMs - 1);
    assert.equal(isOver, false);
    await test.clock.advance(1);
    await assert.rejects(status, { name: "StoreUnavailableError" });
  }
});

Deno.test("readClusterStatus refuses a cluster that has no proper name", async () => {
  using test = await TestStore.open();
  await assert.rejects(readClusterStatus({ kv: test.raw, cluster: "" }), {
    name: "TypeError",
    message: 'cluster must be a text without control characters, got ""',
  });
});

Deno.test("readClusterStatus makes sure of a leader that looks overdue when it is asked to", async () => {
  const cases = [
    { name: "it renews", dies: false, confirmLeader: true, leader: "a" },
    { name: "it is dead", dies: true, confirmLeader: true, leader: null },
    { name: "it is dead, and nobody asked", dies: true, confirmLeader: false, leader: "a" },
  ];
  for (const { name, dies, confirmLeader, leader } of cases) {
    using test = await TestStore.open();
    await using a = clusterNode(test, "a");
    await test.until(a.node.startup());
    await test.clock.advance(100);
    if (dies) a.handle.breakDown(connectionRefused);
    test.clock.jumpWall(60_000);
    const status = readClusterStatus({ kv: test.handle().kv, clock: test.clock, confirmLeader });
    const startMs = test.clock.monotonic();
    const found = await test.until(status);
    assert.equal(found.leader, leader, name);
    assert.equal(found.members[0]?.isLeader, leader === "a", name);
    assert.ok(test.clock.monotonic() - startMs <= 1_100, name);
    a.handle.heal();
  }
});

Deno.test("readClusterStatus does not wait to make sure of a leader that has just renewed", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  const status = await readClusterStatus({ kv: test.raw, clock: test.clock, confirmLeader: true });
  assert.equal(status.leader, "a");
});
