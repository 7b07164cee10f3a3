import assert from "node:assert/strict";
import { ConsensusDecision } from "../../coordination/consensus_decision.ts";
import { generationKey } from "../../coordination/member_place.ts";
import { keyId } from "../../coordination/pulse_batch.ts";
import { closed, connectionRefused, hang, heldCall } from "../support/faults.ts";
import { clusterNode, RecordingKeeper, SettableMonitor } from "../support/nodes.ts";
import { TestStore } from "../support/test_store.ts";
import { touches } from "../support/tracking_kv.ts";

const MEMBER = ["baton", "cluster", "default", "member", "a"];
const GENERATION = generationKey("default", "a");
const TERM = ["baton", "cluster", "default", "election", "leader", "term"];

Deno.test("CoordinatorRun puts heartbeat, lease and decision into one commit an interval, and followers one beat", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await using b = clusterNode(test, "b");
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  await test.clock.advance(1_000);
  const [sentByA, sentByB] = [a.handle.sent.length, b.handle.sent.length];
  await test.clock.advance(3_000);
  const leader = a.handle.sent.slice(sentByA);
  const follower = b.handle.sent.slice(sentByB);
  assert.deepEqual([leader.length, follower.length], [10, 10]);
  for (const sent of leader) {
    assert.ok(touches("a")(sent) && touches("lease")(sent) && touches("decision")(sent));
    assert.equal(new Set(sent.sets.map(({ key }) => keyId(key))).size, 3);
  }
  for (const { sets } of follower) assert.equal(sets.length, 1);
});

Deno.test("CoordinatorRun ends a startup that is shut down while it wins its election", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  const slow = heldCall();
  a.handle.onCommit(slow.fault, { only: touches("term") });
  const started = assert.rejects(a.node.startup(), { name: "AbortError" });
  await test.until(slow.caught);
  const stopped = a.node.shutdown();
  await slow.release();
  await test.until(Promise.all([started, stopped]), 5_000);
  assert.equal((await test.raw.get(MEMBER)).versionstamp, null);
  assert.equal((await test.read(TERM))!["holderId"], null);
});

Deno.test("CoordinatorRun releases the lease before the membership when it is shut down", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  const before = a.handle.sent.length;
  const fence = [...TERM.slice(0, -1), "fence", (await test.read(TERM))!["nonce"]];
  const slow = heldCall();
  a.handle.onCommit(slow.fault, { only: touches("term") });
  const stopped = a.node.shutdown();
  await slow.caught;
  await test.settle();
  assert.notEqual((await test.raw.get(MEMBER)).versionstamp, null);
  await slow.release();
  await test.until(stopped);
  const last = a.handle.sent.slice(before);
  assert.deepEqual(last.map(({ sets }) => sets.map(({ key }) => key)), [[TERM], [GENERATION]]);
  assert.deepEqual(last.map(({ deletes }) => deletes), [[fence], [MEMBER]]);
});

Deno.test("CoordinatorRun does not wait for a keeper that never answers when it is shut down", async () => {
  using test = await TestStore.open();
  const monitor = new SettableMonitor({ fallback: { mode: "PRIMARY" } });
  const keeper = { mode: "SAFE", setMode: () => new Promise<boolean>(() => {}) };
  await using a = clusterNode(test, "a", { fallbackManager: keeper, healthMonitor: monitor });
  await test.until(a.node.startup());
  await test.clock.advance(400);
  await test.until(a.node.shutdown(), 2_000);
});

Deno.test("CoordinatorRun applies every decision at its node, down and back up, and then holds still (F15, F16)", async () => {
  using test = await TestStore.open();
  const monitor = new SettableMonitor({ fallback: { mode: "SAFE" } });
  const keepers = [new RecordingKeeper(), new RecordingKeeper()];
  await using a = clusterNode(test, "a", { fallbackManager: keepers[0]!, healthMonitor: monitor });
  await using b = clusterNode(test, "b", { fallbackManager: keepers[1]!, healthMonitor: monitor });
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  await test.clock.advance(2_000);
  assert.deepEqual(keepers.map(({ mode }) => mode), ["SAFE", "SAFE"]);
  monitor.state = { fallback: { mode: "PRIMARY" } };
  await test.clock.advance(2_000);
  assert.deepEqual(keepers.map(({ mode }) => mode), ["PRIMARY", "PRIMARY"]);
  const changes = keepers.map(({ asked }) => asked.length);
  await test.clock.advance(3_000);
  assert.deepEqual(keepers.map(({ asked }) => asked.length), changes);
  assert.equal(b.node.getMetrics().decisionsApplied, keepers[1]!.asked.length);
});

Deno.test("CoordinatorRun never brings a node to a verdict, and holds the mode on a split (F15)", async () => {
  using test = await TestStore.open();
  const keepers = [new RecordingKeeper(), new RecordingKeeper()];
  const circuit = (state: string) => ({
    circuit_breaker: { state },
    fallback: { mode: "PRIMARY" },
  });
  await using a = clusterNode(test, "a", {
    fallbackManager: keepers[0]!,
    healthMonitor: new SettableMonitor({ ...circuit("OPEN"), fallback: { mode: "SAFE" } }),
  });
  await using b = clusterNode(test, "b", {
    fallbackManager: keepers[1]!,
    healthMonitor: new SettableMonitor(circuit("CLOSED")),
  });
  await test.until(Promise.all([a.node.startup(), b.node.startup()]));
  await test.clock.advance(3_000);
  const { circuitState, reason } = await b.node.getConsensus();
  assert.deepEqual([circuitState, reason], ["SPLIT_BRAIN", "split"]);
  for (const { asked } of keepers) assert.ok(!asked.includes("SPLIT_BRAIN"), asked.join());
  const held = keepers.map(({ mode }) => mode);
  await test.clock.advance(3_000);
  assert.deepEqual(keepers.map(({ mode }) => mode), held);
});

Deno.test("CoordinatorRun survives an outage of the store, and leads or follows afterwards (F5, F7)", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await using b = clusterNode(test, "b");
  await test.until(a.node.startup());
  await test.until(b.node.startup());
  const down = () => Promise.reject(new Error("down"));
  a.handle.breakDown(down);
  b.handle.breakDown(down);
  await test.clock.advance(5_000);
  assert.deepEqual([a.node.isLeader, b.node.isLeader], [false, false]);
  assert.deepEqual([a.node.isRunning, b.node.isRunning], [true, true]);
  a.handle.heal();
  b.handle.heal();
  await test.clock.advance(3_000);
  const leaders = [a.node, b.node].filter(({ isLeader }) => isLeader);
  assert.equal(leaders.length, 1);
  assert.ok(leaders[0]!.term!.term >= 2);
  const nodes = await b.node.getNodes();
  assert.deepEqual(nodes.map(({ status }) => status), ["alive", "alive"]);
});

Deno.test("CoordinatorRun keeps leading when its decision record is foreign, and reports the record", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  const key = ["baton", "cluster", "default", "member", "odd"];
  await test.raw.set(key, { v: 9 });
  await test.clock.advance(1_000);
  assert.equal(a.node.isLeader, true);
  assert.ok(a.node.getMetrics().corruptRecords > 0);
  assert.match(a.node.getMetrics().lastError!, /version 9 is newer than 1/);
  assert.deepEqual((await test.raw.get(key)).value, { v: 9 });
});

Deno.test("CoordinatorRun writes nothing that expires by itself, but for its place's generation (T1)", async () => {
  using test = await TestStore.open();
  await using a = clusterNode(test, "a");
  await test.until(a.node.startup());
  await test.clock.advance(2_000);
  await test.until(a.node.shutdown());
  const expiring = a.handle.sent.flatMap(({ sets }) => sets)
    .filter(({ expireIn }) => expireIn !== undefined);
  assert.deepEqual(expiring.map(({ key }) => key), [GENERATION, GENERATION]);
});

Deno.test("CoordinatorRun ends in bounded time although the store is silent or closed", async () => {
  for (const fault of [hang, closed]) {
    using test = await TestStore.open();
    await using a = clusterNode(test, "a", { fallbackManager: new RecordingKeeper() });
    await test.until(a.node.startup());
    await test.clock.advance(400);
    a.handle.breakDown(fault);
    await test.until(a.node.shutdown(), 2_000);
    assert.equal(a.node.isRunning, false);
    assert.equal(test.clock.sleeperCount, 0);
  }
});

Deno.test("CoordinatorRun does not bring a node to a decision of the cluster's former life", async () => {
  using test = await TestStore.open();
  const monitor = new SettableMonitor({ fallback: { mode: "SAFE" } });
  {
    await using a = clusterNode(test, "a", { healthMonitor: monitor });
    await test.until(a.node.startup());
  }
  monitor.state = { fallback: { mode: "PRIMARY" } };
  const keeper = new RecordingKeeper("PRIMARY");
  await using b = clusterNode(test, "b", { healthMonitor: monitor, fallbackManager: keeper });
  await test.until(b.node.startup());
  await test.clock.advance(2_000);
  assert.deepEqual(keeper.asked, []);
});

Deno.test("CoordinatorRun of a node that was brought to another mode votes its own, and so comes to rest", async () => {
  for (const offsetMs of [0, 10, 150, 290]) {
    using test = await TestStore.open();
    const keeper = new RecordingKeeper("PRIMARY");
    await using a = clusterNode(test, "a", { fallbackManager: keeper });
    await test.until(a.node.startup());
    await test.clock.advance(offsetMs);
    const decided = await a.node.getConsensus();
    const safe = new ConsensusDecision({ ...decided, fallbackMode: "SAFE" });
    assert.equal(await a.node.applyConsensusDecision(safe), true);
    await test.until(a.node.heartbeat(), 1_000, 1);
    await test.clock.advance(1_000);
    assert.deepEqual([keeper.mode, keeper.asked], ["PRIMARY", ["SAFE", "PRIMARY"]]);
    await test.clock.advance(3_000);
    assert.deepEqual(keeper.asked, ["SAFE", "PRIMARY"], `${offsetMs} ms`);
  }
});

Deno.test("CoordinatorRun gets a cluster back up when its nodes choose PRIMARY one after the other (F15)", async () => {
  using test = await TestStore.open();
  await using all = new AsyncDisposableStack();
  const nodes = ["a", "b", "c"].map((id) => {
    const keeper = new RecordingKeeper("SAFE");
    return { keeper, ...all.use(clusterNode(test, id, { fallbackManager: keeper })) };
  });
  for (const { node } of nodes) await test.until(node.startup());
  await test.clock.advance(1_000);
  assert.equal((await nodes[0]!.node.getConsensus()).fallbackMode, "SAFE");
  for (const { keeper } of nodes) {
    keeper.mode = "PRIMARY";
    await test.clock.advance(700);
  }
  await test.clock.advance(1_000);
  assert.deepEqual(nodes.map(({ keeper }) => keeper.mode), ["PRIMARY", "PRIMARY", "PRIMARY"]);
  assert.equal((await nodes[2]!.node.getConsensus()).fallbackMode, "PRIMARY");
});

Deno.test("CoordinatorRun does not bring a node to what a leader decided that died long ago", async () => {
  using test = await TestStore.open();
  const sick = new SettableMonitor({ fallback: { mode: "SAFE" } });
  await using crashed = clusterNode(test, "a", { healthMonitor: sick });
  await test.until(crashed.node.startup());
  crashed.handle.breakDown(connectionRefused);
  await test.clock.advance(60_000);
  const keeper = new RecordingKeeper("PRIMARY");
  await using b = clusterNode(test, "b", { fallbackManager: keeper });
  await test.until(b.node.startup());
  await test.clock.advance(5_000);
  assert.equal(b.node.isLeader, true);
  assert.deepEqual(keeper.asked, []);
});

Deno.test("CoordinatorRun votes after an outage as its node is then, not as it was before", async () => {
  using test = await TestStore.open();
  const monitor = new SettableMonitor({ circuit_breaker: { state: "OPEN" } });
  await using a = clusterNode(test, "a", { healthMonitor: monitor });
  await test.until(a.node.startup());
  a.handle.breakDown(connectionRefused);
  await test.clock.advance(400);
  monitor.state = { circuit_breaker: { state: "CLOSED" } };
  await test.clock.advance(3_000);
  a.handle.heal();
  await test.clock.advance(20);
  const { vote } = (await test.read(MEMBER))!;
  assert.deepEqual(vote, { circuit_breaker_state: "CLOSED", fallback_mode: "PRIMARY" });
});

Deno.test("CoordinatorRun of a node that crashed and starts again under its id leads within about a lease", async () => {
  using test = await TestStore.open();
  await using crashed = clusterNode(test, "a");
  await test.until(crashed.node.startup());
  crashed.handle.breakDown(connectionRefused);
  const startMs = test.clock.monotonic();
  await using again = clusterNode(test, "a");
  await test.until(again.node.startup());
  const tookMs = test.clock.monotonic() - startMs;
  assert.equal(again.node.isLeader, true);
  assert.ok(tookMs >= 1_000 && tookMs <= 1_100, `${tookMs} ms`);
});
