import assert from "node:assert/strict";
import { ConsensusDecision } from "../../coordination/consensus_decision.ts";
import type { Coordinator } from "../../coordination/coordinator.ts";
import type { HealthSource } from "../../health/health_state.ts";
import { SettableMonitor } from "../support/nodes.ts";
import type { TestStore } from "../support/test_store.ts";

/** A coordinator to be held to the contract, and the time it lives in. */
export interface CoordinatorUnderTest {
  readonly coordinator: Coordinator;
  readonly test: TestStore;
}

/** What is tested: makes a coordinator called "node", alone in its world, and clears it up. */
export interface CoordinatorMaker {
  readonly name: string;
  /** Runs a test with a fresh coordinator, which it shuts down afterwards. */
  with(
    options: { readonly healthMonitor?: HealthSource },
    test: (made: CoordinatorUnderTest) => Promise<void>,
  ): Promise<void>;
}

/** The obligations of every {@link Coordinator}, as tests. */
export function testCoordinator(maker: CoordinatorMaker): void {
  const test = (
    name: string,
    run: (made: CoordinatorUnderTest) => Promise<void>,
    healthMonitor?: HealthSource,
  ) =>
    Deno.test(`${maker.name} ${name}`, () =>
      maker.with(healthMonitor ? { healthMonitor } : {}, run));

  test("does nothing before startup, and says so", async ({ coordinator }) => {
    assert.equal(coordinator.instanceId, "node");
    assert.deepEqual([coordinator.isRunning, coordinator.isLeader], [false, false]);
    assert.deepEqual(await coordinator.getNodes(), []);
    const health = await coordinator.getClusterHealth();
    assert.deepEqual(health, {
      instances: 0,
      healthy: 0,
      degraded: 0,
      failed: 0,
      healthStates: {},
    });
    const consensus = await coordinator.getConsensus();
    assert.deepEqual(consensus, ConsensusDecision.undecided("no_votes"));
    await assert.rejects(coordinator.heartbeat(), {
      name: "NotRunningError",
      code: "NOT_RUNNING",
      message: "Cannot send a heartbeat: the coordinator is not running, call startup() first",
    });
    await assert.rejects(coordinator.electLeader(), {
      name: "NotRunningError",
      code: "NOT_RUNNING",
      message: "Cannot stand for election: the coordinator is not running, call startup() first",
    });
    await coordinator.shutdown();
  });

  test("leads after startup when it is alone", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    assert.deepEqual([coordinator.isRunning, coordinator.isLeader], [true, true]);
    assert.equal(await coordinator.electLeader(), true);
    assert.equal(await coordinator.electLeader(), true);
    const [node, ...others] = await coordinator.getNodes();
    assert.equal(others.length, 0);
    assert.deepEqual([node?.instanceId, node?.isLeader, node?.status], ["node", true, "alive"]);
    assert.match(node?.lastHeartbeat ?? "", /^2026-01-01T00:00:0.*Z$/);
    assert.notEqual(node?.incarnation, "");
  });

  test("starts once, however often and concurrently it is told to (F8)", async ({ coordinator, test }) => {
    await test.until(Promise.all([1, 2, 3].map(() => coordinator.startup())));
    const [first] = await coordinator.getNodes();
    await test.until(coordinator.startup());
    const [second] = await coordinator.getNodes();
    assert.equal(second?.incarnation, first?.incarnation);
    assert.equal(coordinator.getMetrics().electionWins, 1);
  });

  test("shuts down once, does not lead afterwards and leaves nothing (F6, F24)", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    await test.until(Promise.all([1, 2, 3].map(() => coordinator.shutdown())));
    await test.until(coordinator.shutdown());
    assert.deepEqual([coordinator.isRunning, coordinator.isLeader], [false, false]);
    assert.deepEqual(await coordinator.getNodes(), []);
    await assert.rejects(coordinator.heartbeat(), { name: "NotRunningError" });
    await assert.rejects(coordinator.electLeader(), { name: "NotRunningError" });
    assert.equal(test.clock.sleeperCount, 0);
    const { isLeader, running, term } = coordinator.getMetrics();
    assert.deepEqual({ isLeader, running, term }, { isLeader: false, running: false, term: null });
  });

  test("does not lead any more as soon as it is told to shut down", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    const stopped = coordinator.shutdown();
    assert.deepEqual([coordinator.isRunning, coordinator.isLeader], [false, false]);
    await test.until(stopped);
    assert.equal(coordinator.isLeader, false);
  });

  test("survives a startup and a shutdown at the same time", async ({ coordinator, test }) => {
    const settled = await test.until(
      Promise.allSettled([coordinator.startup(), coordinator.shutdown(), coordinator.startup()]),
    );
    assert.equal(settled[1].status, "fulfilled");
    assert.equal(settled[2].status, "fulfilled");
    assert.deepEqual([coordinator.isRunning, coordinator.isLeader], [true, true]);
  });

  test("starts again after a shutdown, as a new incarnation", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    const [first] = await coordinator.getNodes();
    await test.until(coordinator.shutdown());
    await test.until(coordinator.startup());
    const [second] = await coordinator.getNodes();
    assert.deepEqual([coordinator.isRunning, coordinator.isLeader], [true, true]);
    assert.notEqual(second?.incarnation, first?.incarnation);
    assert.equal(coordinator.getMetrics().electionWins, 2);
  });

  test("shuts down when it is disposed of", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    await test.until(coordinator[Symbol.asyncDispose]());
    assert.deepEqual([coordinator.isRunning, coordinator.isLeader], [false, false]);
    await test.until(coordinator[Symbol.asyncDispose]());
  });

  test("agrees with itself without a monitor", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    const { term, ...decision } = (await coordinator.getConsensus()).toDict();
    assert.ok(term >= 1);
    assert.deepEqual(decision, {
      circuit_state: "UNKNOWN",
      fallback_mode: "PRIMARY",
      leader_instance: "node",
      quorum_met: true,
      voting_instances: 1,
      registered_instances: 1,
      consensus_strength: 1,
      reason: null,
    });
  });

  const monitor = new SettableMonitor();
  test("votes with what its monitor says, anew each time", async ({ coordinator, test }) => {
    monitor.state = {
      system: { status: "degraded" },
      circuit_breaker: { state: "half_open" },
      retry: { state: "elevated" },
      fallback: { mode: "heuristic" },
    };
    await test.until(coordinator.startup());
    const first = await coordinator.getConsensus();
    assert.deepEqual([first.circuitState, first.fallbackMode], ["HALF_OPEN", "HEURISTIC"]);
    const health = await coordinator.getClusterHealth();
    assert.deepEqual([health.instances, health.degraded], [1, 1]);
    assert.equal(health.healthStates["node"]?.toFixed(3), "0.540");
    const [node] = await coordinator.getNodes();
    assert.deepEqual(node?.state, monitor.state);
    monitor.state = { circuit_breaker: { state: "OPEN" }, fallback: { mode: "SAFE" } };
    await test.until(coordinator.heartbeat());
    await test.clock.advance(1_000);
    const second = await coordinator.getConsensus();
    assert.deepEqual([second.circuitState, second.fallbackMode], ["OPEN", "SAFE"]);
  }, monitor);

  const broken = new SettableMonitor(() => {
    throw new Error("broken monitor");
  });
  test("abstains when its monitor is broken, and counts that", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    assert.equal(coordinator.isLeader, true);
    const { reason, quorumMet, votingInstances, fallbackMode } = await coordinator.getConsensus();
    assert.deepEqual(
      { reason, quorumMet, votingInstances, fallbackMode },
      { reason: "no_votes", quorumMet: false, votingInstances: 0, fallbackMode: "SAFE" },
    );
    const [node] = await coordinator.getNodes();
    assert.deepEqual([node?.healthScore, node?.state], [null, null]);
    const health = await coordinator.getClusterHealth();
    assert.deepEqual([health.failed, health.healthStates["node"]], [1, null]);
    const { healthFaults, lastError } = coordinator.getMetrics();
    assert.ok(healthFaults >= 1);
    assert.equal(lastError, "health: Error: broken monitor");
  }, broken);

  test("counts heartbeats", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    const before = coordinator.getMetrics().heartbeats;
    await test.until(coordinator.heartbeat());
    await test.until(coordinator.heartbeat());
    assert.equal(coordinator.getMetrics().heartbeats, before + 2);
  });

  test("applies a decision to be applied, and no other", async ({ coordinator, test }) => {
    await test.until(coordinator.startup());
    const decision = await coordinator.getConsensus();
    assert.equal(await coordinator.applyConsensusDecision(decision), true);
    const cases = [
      { name: "no quorum", change: { quorumMet: false, reason: "no_quorum" } },
      { name: "a split", change: { circuitState: "SPLIT_BRAIN", reason: "split" } },
      { name: "an earlier term", change: { term: decision.term - 1 } },
    ] as const;
    for (const { name, change } of cases) {
      const other = new ConsensusDecision({ ...decision, ...change });
      assert.equal(await coordinator.applyConsensusDecision(other), false, name);
    }
  });

  test("gives its metrics at once, as a copy (F20)", async ({ coordinator, test }) => {
    const before = coordinator.getMetrics();
    assert.ok(!(before instanceof Promise));
    assert.deepEqual([before.instanceId, before.running, before.nodes], ["node", false, 0]);
    assert.deepEqual([before.lastConsensusTime, before.lastError], [null, null]);
    await test.until(coordinator.startup());
    await coordinator.getConsensus();
    await coordinator.getNodes();
    const after = coordinator.getMetrics();
    assert.equal(before.electionWins, 0);
    const { isLeader, running, nodes, electionWins, leadershipLosses } = after;
    assert.deepEqual(
      { isLeader, running, nodes, electionWins, leadershipLosses },
      { isLeader: true, running: true, nodes: 1, electionWins: 1, leadershipLosses: 0 },
    );
    assert.ok(after.consensusDecisions >= 1);
    assert.match(after.lastConsensusTime ?? "", /^2026-01-01T/);
    assert.ok(after.term! >= 1);
  });
}
