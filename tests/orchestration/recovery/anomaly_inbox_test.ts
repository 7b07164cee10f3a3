import assert from "node:assert/strict";
import { StoreUnavailableError } from "../../../coordination/errors.ts";
import { decodePending } from "../../../orchestration/recovery/anomaly_event.ts";
import type { EnhancedRecoveryOrchestrator } from "../../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import { CLUSTER_LANE, laneKeys, nodeLane } from "../../../orchestration/recovery/lane_keys.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { StorageChange } from "../../../orchestration/recovery/recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { passing, policyWorld, told } from "./recovery_harness.ts";

const POLICIES = `
recovery_policies:
  unknown_anomaly:
    severity_threshold: 0.1
    escalation_chain:
      - { action: alert_ground, condition: severity >= 0 }
cooldowns: { alert_ground: 0 }
advanced: { pending_max: 3, max_actions_per_hour: 100 }
`;
const OK = { alert_ground: "ok" } as const;
const BRIEFLY = { stepMs: 1, steps: 20_000 };

/** Nodes that tell of anomalies in a cluster that none of them leads. */
async function tellers(
  count: number,
  world: { readonly storage: MemoryRecoveryStorage; readonly clock: FakeClock },
): Promise<readonly EnhancedRecoveryOrchestrator[]> {
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const worlds = names.map((instanceId) => {
    const coordinator = { instanceId, isLeader: false, getNodes: () => Promise.resolve([]) };
    return policyWorld({ yaml: POLICIES, actions: OK, ...world }, { coordinator });
  });
  return (await Promise.all(worlds)).map(({ recovery }) => recovery);
}

Deno.test("handleAnomaly queues by severity, and by time among equals", async () => {
  const { recovery, clock } = await policyWorld({
    yaml: POLICIES.replace("pending_max: 3", "pending_max: 100"),
    actions: OK,
  });
  const tellings = [["a", 0.5], ["b", 0.9], ["c", 0.5], ["d", 0.2], ["e", 1]] as const;
  for (const [anomalyType, severityScore] of tellings) {
    await recovery.handleAnomaly({ anomalyType, severityScore });
    await clock.advance(1);
  }
  assert.equal(recovery.getStatus().anomaly_queue_size, 5);
  await passing(clock, recovery.processPending());
  const types = (await recovery.getActionHistory()).map(({ anomaly_type }) => anomaly_type);
  assert.deepEqual(types, ["e", "b", "a", "c", "d"]);
});

Deno.test("handleAnomaly makes one of those of a type: the most severe, that came back so often", async () => {
  const { recovery, clock } = await policyWorld({ yaml: POLICIES, actions: OK });
  for (const [severityScore, confidence] of [[0.4, 0.1], [0.8, 0.2], [0.6, 0.3]] as const) {
    await recovery.handleAnomaly({ anomalyType: "a", severityScore, confidence });
    await clock.advance(1_000);
  }
  assert.equal(recovery.getStatus().anomaly_queue_size, 1);
  await passing(clock, recovery.processPending());
  const [entry, ...rest] = await recovery.getActionHistory();
  assert.deepEqual(rest, []);
  const { severity_score, confidence, recurrence_count, inputs } = entry!;
  assert.deepEqual({ severity_score, confidence, recurrence_count }, {
    severity_score: 0.8,
    confidence: 0.2,
    recurrence_count: 2,
  });
  assert.equal(inputs.context.duration, 2, "from the first telling to the last");
  const { anomalies_total, anomalies_coalesced } = recovery.getMetrics();
  assert.deepEqual([anomalies_total, anomalies_coalesced], [3, 2]);
});

Deno.test("handleAnomaly drops what is not more severe than all that wait, and counts it", async () => {
  const { recovery, clock } = await policyWorld({ yaml: POLICIES, actions: OK });
  for (const anomalyType of ["a", "b", "c"]) {
    await recovery.handleAnomaly({ anomalyType, severityScore: 0.5 });
  }
  await assert.rejects(recovery.handleAnomaly({ anomalyType: "d", severityScore: 0.5 }), {
    name: "AnomalyDroppedError",
    code: "ANOMALY_DROPPED",
    anomalyType: "d",
    message: 'Cannot take anomaly "d": 3 that are no less severe wait already ' +
      "(advanced.pending_max)",
  });
  assert.equal(recovery.getMetrics().anomalies_dropped, 1);
  assert.equal(recovery.getStatus().anomaly_queue_size, 3);
  await recovery.handleAnomaly({ anomalyType: "b", severityScore: 0.6 });
  await passing(clock, recovery.processPending());
  assert.equal((await told(recovery)).length, 3, "what waits already takes more in");
});

Deno.test("handleEvent rejects when an anomaly is dropped, and does not count it as unknown", async () => {
  const { recovery } = await policyWorld({ yaml: POLICIES, actions: OK });
  const anomaly = (anomaly_type: string) =>
    recovery.handleEvent({ type: "anomaly", anomaly_type, severity_score: 0.5 });
  for (const type of ["a", "b", "c"]) await anomaly(type);
  await assert.rejects(anomaly("d"), { name: "AnomalyDroppedError", anomalyType: "d" });
  assert.equal(recovery.getMetrics().anomalies_dropped, 1);
  assert.equal(recovery.getStatus().unknown_events, 0);
});

Deno.test("handleAnomaly lets the least severe make room for a more severe one", async () => {
  const { recovery, clock } = await policyWorld({ yaml: POLICIES, actions: OK });
  for (const [anomalyType, severityScore] of [["a", 0.5], ["b", 0.3], ["c", 0.7]] as const) {
    await recovery.handleAnomaly({ anomalyType, severityScore });
  }
  await recovery.handleAnomaly({ anomalyType: "d", severityScore: 0.9 });
  assert.equal(recovery.getMetrics().anomalies_dropped, 1);
  assert.equal(recovery.getStatus().anomaly_queue_size, 3);
  await passing(clock, recovery.processPending());
  const types = (await recovery.getActionHistory()).map(({ anomaly_type }) => anomaly_type);
  assert.deepEqual(types, ["d", "c", "a"]);
});

Deno.test("handleAnomaly is told to another process by the storage alone", async () => {
  const storage = new MemoryRecoveryStorage();
  const first = await policyWorld({ yaml: POLICIES, actions: OK, storage });
  await first.recovery.handleAnomaly({ anomalyType: "a", severityScore: 0.5 });
  const { recovery, clock, ran } = await policyWorld({ yaml: POLICIES, actions: OK, storage });
  await passing(clock, recovery.processPending());
  assert.deepEqual(ran, ["alert_ground"]);
});

Deno.test("handleAnomaly tries again when somebody else wrote at the same time", async () => {
  class Contended extends MemoryRecoveryStorage {
    conflicts = 3;
    override async commit(change: StorageChange): Promise<string | null> {
      if (this.conflicts-- > 0) return null;
      return await super.commit(change);
    }
  }
  const storage = new Contended();
  const { recovery, clock } = await policyWorld({ yaml: POLICIES, actions: OK, storage });
  await passing(clock, recovery.handleAnomaly({ anomalyType: "a", severityScore: 0.5 }), BRIEFLY);
  assert.equal(recovery.getStatus().anomaly_queue_size, 1);
  assert.ok(clock.monotonic() >= 3 * 2, "with a pause before each further try");
  storage.conflicts = Infinity;
  const atMs = clock.monotonic();
  const given = recovery.handleAnomaly({ anomalyType: "b", severityScore: 0.5 });
  await assert.rejects(passing(clock, given, BRIEFLY), {
    name: "StoreUnavailableError",
    message: 'Cannot put anomaly "b" on record: the store is unavailable ' +
      "(Error: others wrote at the same time for 5 s)",
  });
  assert.ok(Math.abs(clock.monotonic() - atMs - 5_000) <= 50, "after five seconds");
  assert.equal(recovery.getStatus().anomaly_queue_size, 1);
  assert.equal(recovery.getMetrics().anomalies_dropped, 0, "nothing was dropped for want of room");
});

Deno.test("handleAnomaly takes all that is told at once, of one type or of many", async () => {
  const types = (count: number) => Array.from({ length: 100 }, (_, i) => `t${i % count}`);
  for (const count of [1, 3]) {
    const { recovery, clock, storage } = await policyWorld(
      { yaml: POLICIES, actions: OK },
      { instanceId: "node" },
    );
    const tell = (anomalyType: string) =>
      recovery.handleAnomaly({ anomalyType, severityScore: 0.5 });
    const tellings = await Promise.allSettled(types(count).map(tell));
    assert.deepEqual(tellings.filter(({ status }) => status === "rejected"), [], `${count} types`);
    assert.equal(clock.sleeperCount, 0, "they took turns");
    const { pending } = laneKeys(nodeLane("node"));
    const waiting = await storage.list(pending, { limit: 100 });
    const told = waiting.map(({ value }) => decodePending(value)?.told ?? 0);
    assert.equal(told.reduce((sum, each) => sum + each), 100, `${count} types`);
  }
});

Deno.test("handleAnomaly takes a telling after one that failed", async () => {
  class Away extends MemoryRecoveryStorage {
    failures = 1;
    override async commit(change: StorageChange): Promise<string | null> {
      if (this.failures-- > 0) throw new StoreUnavailableError("answer", new Error("away"));
      return await super.commit(change);
    }
  }
  const storage = new Away();
  const { recovery } = await policyWorld({ yaml: POLICIES, actions: OK, storage });
  const first = recovery.handleAnomaly({ anomalyType: "a", severityScore: 0.5 });
  const second = recovery.handleAnomaly({ anomalyType: "a", severityScore: 0.5 });
  await assert.rejects(first, { name: "StoreUnavailableError" });
  await second;
  assert.equal(recovery.getStatus().anomaly_queue_size, 1);
});

Deno.test("handleAnomaly of several nodes at once loses none of what is told", async () => {
  const clock = new FakeClock();
  const storage = new MemoryRecoveryStorage();
  const [one, two] = await tellers(2, { storage, clock });
  const event = { anomalyType: "a", severityScore: 0.5 };
  const all = Array.from({ length: 40 }, (_, i) => (i % 2 ? one! : two!).handleAnomaly(event));
  await passing(clock, Promise.all(all), BRIEFLY);
  const [entry] = await storage.list(laneKeys(CLUSTER_LANE).pending, { limit: 10 });
  assert.equal(decodePending(entry?.value)?.told, 40);
});

Deno.test("handleAnomaly heeds the bound of a lane that others work and tell in", async () => {
  const clock = new FakeClock();
  const storage = new MemoryRecoveryStorage();
  const { pending } = laneKeys(CLUSTER_LANE);
  const nodes = await tellers(3, { storage, clock });
  const tell = (node: number, anomalyType: string, severityScore: number) =>
    nodes[node]!.handleAnomaly({ anomalyType, severityScore });
  for (const type of ["a", "b", "c"]) await tell(0, type, 0.2);
  await assert.rejects(tell(1, "d", 0.2), { name: "AnomalyDroppedError" }, "before its first");
  await tell(1, "z", 1);
  const types = async () =>
    (await storage.list(pending, { limit: 100 })).map(({ key }) => key.at(-1));
  assert.equal((await types()).length, 3);
  await storage.commit({ deletes: [[...pending, "a"], [...pending, "b"], [...pending, "c"]] });
  await tell(2, "e", 0.2);
  await tell(1, "f", 0.2);
  await clock.advance(1_000);
  await assert.rejects(tell(2, "g", 0.2), { name: "AnomalyDroppedError" }, "looked at anew");
  assert.deepEqual(await types(), ["e", "f", "z"]);
});

Deno.test("handleAnomaly keeps what is told as it was: nobody changes it afterwards", async () => {
  const { recovery, clock } = await policyWorld({ yaml: POLICIES });
  const metadata = { at: { list: [1] } };
  let seen: unknown;
  recovery.registerAction("alert_ground", ({ cause }) => void (seen = cause.metadata));
  await recovery.handleAnomaly({ anomalyType: "a", severityScore: 0.5, metadata });
  metadata.at.list.push(2);
  await passing(clock, recovery.processPending());
  assert.deepEqual(seen, { at: { list: [1] } });
});
