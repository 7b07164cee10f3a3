import assert from "node:assert/strict";
import { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import type { DistributedCoordinatorOptions } from "../../coordination/coordinator_options.ts";
import type { Term } from "../../coordination/term.ts";
import { closed, connectionRefused, hang } from "../support/faults.ts";
import { clusterNode, RecordingKeeper, SettableMonitor } from "../support/nodes.ts";
import { writeMember } from "../support/records.ts";
import { TestStore } from "../support/test_store.ts";
import { touches } from "../support/tracking_kv.ts";
import { withoutAmbientChance } from "../support/chance.ts";

const clusterKey = (...parts: Deno.KvKeyPart[]) => ["baton", "cluster", "default", ...parts];

Deno.test("DistributedResilienceCoordinator refuses options that are out of range or no names", async () => {
  using kv = await Deno.openKv(":memory:");
  const cases: {
    options: Partial<DistributedCoordinatorOptions>;
    error: string;
    message: RegExp;
  }[] = [
    { options: { instanceId: "" }, error: "TypeError", message: /^instanceId must be a text/ },
    { options: { cluster: "a\n" }, error: "TypeError", message: /^cluster must be a text/ },
    {
      options: { quorumThreshold: 1.5 },
      error: "RangeError",
      message: /^quorumThreshold .* got 1\.5$/,
    },
    {
      options: { quorumThreshold: NaN },
      error: "RangeError",
      message: /^quorumThreshold .* got NaN$/,
    },
    { options: { expectedMembers: 0 }, error: "RangeError", message: /^expectedMembers .* got 0$/ },
    {
      options: { labels: { a: 1 as unknown as string } },
      error: "TypeError",
      message: /^label "a"/,
    },
    {
      options: { work: { maxBacklog: 0 } },
      error: "RangeError",
      message: /^maxBacklog .* got 0$/,
    },
    {
      options: { work: { retainMs: NaN } },
      error: "RangeError",
      message: /^retainMs .* got NaN$/,
    },
    {
      options: { ballotRetainMs: -1 },
      error: "RangeError",
      message: /^ballotRetainMs .* got -1$/,
    },
    {
      options: { cluster: "漢".repeat(167) },
      error: "RangeError",
      message: /^cluster must have at most 500 bytes, got 501$/,
    },
    { options: { timing: { leaseMs: 7 } }, error: "RangeError", message: /^leaseMs .* got 7$/ },
    {
      options: { timing: { suspectAfterMissed: 9 } },
      error: "RangeError",
      message: /^deadAfterMissed 4 must be more than suspectAfterMissed 9$/,
    },
  ];
  for (const { options, error, message } of cases) {
    const make = () => new DistributedResilienceCoordinator({ kv, ...options });
    assert.throws(make, { name: error, message });
  }
});

Deno.test("DistributedResilienceCoordinator fills in what it is not given", async () => {
  using kv = await Deno.openKv(":memory:");
  const node = new DistributedResilienceCoordinator({ kv });
  assert.equal(node.cluster, "default");
  assert.match(node.instanceId, /^baton-[0-9a-f]{8}$/);
  assert.notEqual(new DistributedResilienceCoordinator({ kv }).instanceId, node.instanceId);
  assert.equal(node.timing.leaseMs, 10_000);
});

Deno.test("DistributedResilienceCoordinator writes its id, labels, load and promise under its cluster's name", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "host:8080/1", {
    cluster: "blue|green",
    labels: { zone: "z" },
    load: () => 7,
    timing: { heartbeatMs: 250 },
  });
  await test.until(a.node.startup());
  const record = (await test.read(["baton", "cluster", "blue|green", "member", "host:8080/1"]))!;
  assert.deepEqual(
    [record["instanceId"], record["labels"], record["load"], record["heartbeatMs"]],
    ["host:8080/1", { zone: "z" }, 7, 250],
  );
  const [node] = await a.node.getNodes();
  assert.deepEqual([node?.instanceId, node?.load, node?.labels], ["host:8080/1", 7, { zone: "z" }]);
  const election = ["baton", "cluster", "blue|green", "election", "leader", "term"];
  assert.equal((await test.read(election))!["holderId"], "host:8080/1");
});

Deno.test("DistributedResilienceCoordinator keeps clusters on one store apart", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a", { cluster: "one" });
  await using b = clusterNode(test, "a", { cluster: "two" });
  await test.until(Promise.all([a.node.startup(), b.node.startup()]));
  assert.deepEqual([a.node.isLeader, b.node.isLeader], [true, true]);
  assert.equal((await a.node.getNodes()).length, 1);
});

Deno.test("DistributedResilienceCoordinator keeps ids apart that end alike (F10)", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "one:8080");
  await using b = clusterNode(test, "two:8080");
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  const ids = (await a.node.getNodes()).map(({ instanceId }) => instanceId);
  assert.deepEqual(ids, ["one:8080", "two:8080"]);
});

Deno.test("DistributedResilienceCoordinator refuses the id of a live process, and leaves that alone", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await using twin = clusterNode(test, "a");
  await test.until(a.node.startup());
  await assert.rejects(test.until(twin.node.startup()), {
    name: "DuplicateInstanceError",
    code: "DUPLICATE_INSTANCE",
    message: 'Cannot join cluster "default" as "a": a live process has that id. Stop it, or give ' +
      "this one an id of its own",
  });
  assert.deepEqual([twin.node.isRunning, twin.node.isLeader], [false, false]);
  assert.deepEqual([a.node.isRunning, a.node.isLeader], [true, true]);
  assert.equal((await a.node.getNodes()).length, 1);
});

Deno.test("DistributedResilienceCoordinator stops by itself when another process has taken its id", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  await writeMember(test.raw, { instanceId: "a", incarnation: "other" });
  const stopped = await test.until(a.node.untilStopped());
  assert.equal(stopped?.name, "DuplicateInstanceError");
  await test.clock.advance(1_000);
  assert.deepEqual([a.node.isRunning, a.node.isLeader], [false, false]);
  assert.equal((await test.read(clusterKey("member", "a")))!["incarnation"], "other");
  assert.match(a.node.getMetrics().lastError!, /^DuplicateInstanceError/);
});

Deno.test("DistributedResilienceCoordinator stops by itself when its store handle is closed (T11)", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  a.handle.breakDown(closed);
  const stopped = await test.until(a.node.untilStopped());
  assert.equal(stopped?.name, "StoreUnavailableError");
  await test.clock.advance(2_000);
  assert.deepEqual([a.node.isRunning, a.node.isLeader], [false, false]);
  assert.equal(test.clock.sleeperCount, 0);
});

Deno.test("DistributedResilienceCoordinator untilStopped is null after a shutdown, and anew after a restart", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  const first = a.node.untilStopped();
  await test.until(a.node.shutdown());
  assert.equal(await first, null);
  await test.until(a.node.startup());
  let isStopped = false;
  a.node.untilStopped().then(() => isStopped = true);
  await test.clock.advance(1_000);
  assert.equal(isStopped, false);
});

Deno.test("DistributedResilienceCoordinator untilStopped asked while it does not run waits for the next stop", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  for (const when of ["before the first startup", "between two runs"]) {
    let isStopped = false;
    const stopped = a.node.untilStopped().then((error) => {
      isStopped = true;
      return error;
    });
    await test.until(a.node.startup());
    await test.clock.advance(1_000);
    assert.equal(isStopped, false, when);
    await test.until(a.node.shutdown());
    assert.equal(await test.until(stopped, 100), null, when);
  }
});

Deno.test("DistributedResilienceCoordinator startup rejects when the store does not answer, and works later (F7)", async () => {
  for (const fault of [connectionRefused, hang]) {
    using test = await TestStore.open();
    await using a = clusterNode(test, "a");
    a.handle.breakDown(fault);
    await assert.rejects(test.until(a.node.startup()), {
      name: "StoreUnavailableError",
      code: "STORE_UNAVAILABLE",
    });
    assert.equal(a.node.isRunning, false);
    assert.equal(test.clock.sleeperCount, 0);
    a.handle.heal();
    await test.until(a.node.startup());
    assert.equal(a.node.isLeader, true);
  }
});

Deno.test("DistributedResilienceCoordinator startup rejects on foreign records under its keys, and leaves them", async () => {
  const keys = [
    clusterKey("member", "a"),
    clusterKey("election", "leader", "term"),
    clusterKey("election", "leader", "lease"),
  ];
  for (const key of keys) {
    using test = await TestStore.open();
    await test.raw.set(key, { v: 2 });
    await using a = clusterNode(test, "a");
    await assert.rejects(test.until(a.node.startup()), { name: "CorruptRecordError", key });
    assert.equal(a.node.isRunning, false);
    assert.deepEqual((await test.raw.get(key)).value, { v: 2 });
    const left = (await Array.fromAsync(test.raw.list({ prefix: [] }))).map((entry) => entry.key);
    assert.deepEqual(left, [key]);
  }
});

Deno.test("DistributedResilienceCoordinator lets every node read what the leader decided, with one get", async () => {
  using test = await TestStore.open();
  const sick = new SettableMonitor({
    circuit_breaker: { state: "OPEN" },
    fallback: { mode: "SAFE" },
  });
  await using a = clusterNode(test, "a", { healthMonitor: sick });
  await using b = clusterNode(test, "b", { healthMonitor: sick });
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  await test.clock.advance(1_000);
  const reads = b.handle.reads;
  const [fromA, fromB] = [await a.node.getConsensus(), await b.node.getConsensus()];
  assert.equal(b.handle.reads, reads + 1);
  assert.deepEqual(fromA, fromB);
  assert.deepEqual(fromB.toDict(), {
    circuit_state: "OPEN",
    fallback_mode: "SAFE",
    leader_instance: "a",
    quorum_met: true,
    voting_instances: 2,
    registered_instances: 2,
    consensus_strength: 1,
    term: 1,
    reason: null,
  });
});

Deno.test("DistributedResilienceCoordinator says why it cannot know (F22)", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  for (const fault of [connectionRefused, hang]) {
    a.handle.onRead(fault);
    const { reason, quorumMet } = await test.until(a.node.getConsensus());
    assert.deepEqual([reason, quorumMet], ["store_unavailable", false]);
  }
  assert.match(a.node.getMetrics().lastError!, /^StoreUnavailableError: Cannot read/);
  const decision = clusterKey("decision");
  await test.raw.set(decision, "by hand");
  const before = a.node.getMetrics().corruptRecords;
  const { reason } = await a.node.getConsensus();
  assert.equal(reason, "no_votes");
  assert.equal(a.node.getMetrics().corruptRecords, before + 1);
});

Deno.test("DistributedResilienceCoordinator counts its quorum against the expected members and the threshold", async () => {
  const cases: {
    options: Partial<DistributedCoordinatorOptions>;
    registered: number;
    quorumMet: boolean;
  }[] = [
    { options: {}, registered: 2, quorumMet: true },
    { options: { expectedMembers: 3 }, registered: 3, quorumMet: true },
    { options: { expectedMembers: 4 }, registered: 4, quorumMet: false },
    { options: { expectedMembers: 3, quorumThreshold: 1 }, registered: 3, quorumMet: false },
    { options: { expectedMembers: 1 }, registered: 2, quorumMet: true },
  ];
  for (const { options, registered, quorumMet } of cases) {
    using test = await TestStore.open();
    await using a = clusterNode(test, "a", options);
    await using b = clusterNode(test, "b", options);
    await test.until(a.node.startup());
    await test.until(b.node.startup());
    await test.clock.advance(1_000);
    const decision = await a.node.getConsensus();
    assert.deepEqual([decision.registeredInstances, decision.quorumMet], [registered, quorumMet]);
  }
});

Deno.test("DistributedResilienceCoordinator votes for the mode that its fallback manager keeps", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a", { fallbackManager: new RecordingKeeper("heuristic") });
  await test.until(a.node.startup());
  assert.equal((await a.node.getConsensus()).fallbackMode, "HEURISTIC");
});

Deno.test("DistributedResilienceCoordinator counts malformed votes in its metrics (F13)", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  await writeMember(test.raw, { instanceId: "odd", vote: ["no vote"] });
  await test.clock.advance(1_000);
  assert.ok(a.node.getMetrics().malformedVotes >= 1);
  assert.equal(a.node.isLeader, true);
});

Deno.test("DistributedResilienceCoordinator runs its leader's work on the leader only, under its term", async () => {
  using test = await TestStore.open();
  const running = new Map<string, Term>();
  const work = (id: string) => ({
    lead: async (term: Term) => {
      running.set(id, term);
      await new Promise<void>((resolve) => term.signal.addEventListener("abort", () => resolve()));
      running.delete(id);
    },
  });
  await using a = clusterNode(test, "a", { recoveryOrchestrator: work("a") });
  await using b = clusterNode(test, "b", { recoveryOrchestrator: work("b") });
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  assert.deepEqual([...running.keys()], ["a"]);
  assert.equal(running.get("a"), a.node.term);
  await test.until(a.node.shutdown());
  await test.clock.advance(1_000);
  assert.deepEqual([...running.keys()], ["b"]);
  assert.equal(running.get("b")?.term, 2);
});

Deno.test("DistributedResilienceCoordinator evicts a member that was dead for as long as it is told", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a", { timing: { evictAfterMs: 2_000 } });
  await writeMember(test.raw, { instanceId: "gone", heartbeatMs: 300 });
  await test.until(a.node.startup());
  const members = async () =>
    (await a.node.getNodes()).map(({ instanceId, status }) => `${instanceId} ${status}`);
  await test.clock.advance(1_000);
  assert.deepEqual(await members(), ["a alive", "gone suspect"]);
  await test.clock.advance(600);
  assert.deepEqual(await members(), ["a alive", "gone dead"]);
  assert.equal((await a.node.getConsensus()).registeredInstances, 2);
  await test.clock.advance(1_200);
  assert.deepEqual(await members(), ["a alive"]);
  assert.equal((await a.node.getConsensus()).registeredInstances, 1);
});

Deno.test("DistributedResilienceCoordinator uses the limits of missed heartbeats that it is given", async () => {
  using test = await TestStore.open();
  const timing = { suspectAfterMissed: 1, deadAfterMissed: 2 };
  await using a = clusterNode(test, "a", { timing });
  await writeMember(test.raw, { instanceId: "gone", heartbeatMs: 300 });
  await test.until(a.node.startup());
  const statuses: string[] = [];
  for (let interval = 0; interval < 3; interval++) {
    await test.clock.advance(300);
    statuses.push((await a.node.getNodes())[1]!.status);
  }
  assert.deepEqual(statuses, ["suspect", "dead", "dead"]);
});

Deno.test("DistributedResilienceCoordinator changes follows who leads, until it is shut down", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await using b = clusterNode(test, "b");
  assert.throws(() => b.node.changes(), { name: "NotRunningError" });
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  const seen: unknown[] = [];
  const loop = (async () => {
    for await (const view of b.node.changes()) seen.push(view);
  })();
  await test.clock.advance(1_000);
  await test.until(a.node.shutdown());
  await test.clock.advance(2_000);
  await test.until(b.node.shutdown());
  await test.until(loop);
  assert.deepEqual(seen.at(0), { holderId: "a", term: 1 });
  assert.deepEqual(seen.at(-1), { holderId: "b", term: 2 });
});

Deno.test("DistributedResilienceCoordinator heartbeat rejects when the store does not answer", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  a.handle.onCommit(connectionRefused, { only: touches("a") });
  await assert.rejects(test.until(a.node.heartbeat()), { name: "StoreUnavailableError" });
  assert.equal(a.node.getMetrics().heartbeatFailures, 1);
  assert.equal(a.node.isLeader, true);
});

Deno.test("DistributedResilienceCoordinator getNodes rejects when the store does not answer (F23)", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  a.handle.onRead(connectionRefused, { times: 2 });
  await assert.rejects(a.node.getNodes(), { name: "StoreUnavailableError" });
  await assert.rejects(a.node.getClusterHealth(), { name: "StoreUnavailableError" });
});

Deno.test("DistributedResilienceCoordinator does not lose its lease to a monitor that hangs, breaks or grows", async () => {
  const monitors: { name: string; answer: () => unknown }[] = [
    { name: "hangs", answer: () => new Promise(() => {}) },
    { name: "rejects with a symbol", answer: () => Promise.reject(Symbol("odd")) },
    {
      name: "a large document",
      answer: () => Promise.resolve({ components: { text: "x".repeat(1e6) } }),
    },
    {
      name: "a large buffer",
      answer: () => Promise.resolve({ components: { b: new ArrayBuffer(1e5) } }),
    },
    { name: "a function", answer: () => Promise.resolve({ components: { run: () => {} } }) },
  ];
  for (const { name, answer } of monitors) {
    using test = await TestStore.open();
    const monitor = new SettableMonitor();
    await using a = clusterNode(test, "a", { healthMonitor: monitor });
    await test.until(a.node.startup());
    monitor.state = answer;
    await test.clock.advance(5_000);
    const { leadershipLosses, heartbeats, term } = a.node.getMetrics();
    assert.deepEqual([leadershipLosses, term], [0, 1], name);
    assert.ok(heartbeats >= 10, `${name}: ${heartbeats}`);
  }
});

Deno.test("DistributedResilienceCoordinator counts no vote of a member it has not seen stir", async () => {
  using test = await TestStore.open();
  for (const instanceId of ["x", "y", "z"]) await writeMember(test.raw, { instanceId });
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  const first = await a.node.getConsensus();
  assert.deepEqual([first.votingInstances, first.registeredInstances], [1, 4]);
  assert.equal(first.reason, "no_quorum");
  const statuses = (await a.node.getNodes()).map(({ status }) => status);
  assert.deepEqual(statuses, ["alive", "suspect", "suspect", "suspect"]);
  for (const instanceId of ["x", "y"]) await writeMember(test.raw, { instanceId, beat: 2 });
  await test.clock.advance(400);
  const second = await a.node.getConsensus();
  assert.deepEqual([second.votingInstances, second.reason], [3, null]);
});

Deno.test("DistributedResilienceCoordinator reads seldom when it is told a store that it sees whole", async () => {
  const readsIn3s = async (storePath: string) => {
    using test = await TestStore.open();
    await using a = clusterNode(test, "a");
    await using b = clusterNode(test, "b", { storePath });
    await test.until(a.node.startup());
    await test.until(b.node.startup());
    const before = b.handle.reads;
    await test.clock.advance(3_000);
    return b.handle.reads - before;
  };
  const [whole, blind] = [await readsIn3s(":memory:"), await readsIn3s("/nowhere/x.db")];
  assert.ok(whole <= 16 && blind >= 30, `${whole} reads, ${blind} reads`);
});

Deno.test("DistributedResilienceCoordinator spreads everything by the random it is given", async () => {
  await withoutAmbientChance(async () => {
    using test = await TestStore.open();
    await using a = clusterNode(test, "a", { random: () => 0.25 });
    await test.until(a.node.startup());
    a.handle.onCommit(connectionRefused, { times: 5 });
    a.handle.onRead(connectionRefused, { times: 5 });
    await test.clock.advance(2_000);
    a.handle.breakDown(connectionRefused);
    await test.clock.advance(2_000);
    a.handle.heal();
    await test.clock.advance(2_000);
    assert.equal(a.node.isLeader, true);
  });
});
