import assert from "node:assert/strict";
import { ActionScope } from "../../../enums/action_scope.ts";
import type { HealthSource } from "../../../health/health_state.ts";
import type { EnhancedRecoveryOrchestrator } from "../../../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryMember } from "../../../orchestration/recovery/recovery_environment.ts";
import type { RecoveryTerm } from "../../../orchestration/recovery/recovery_lane.ts";
import type { RecoveryStorage } from "../../../orchestration/recovery/recovery_storage.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import {
  atRest,
  basicWorld,
  passing,
  type Plan,
  policyWorld,
  told,
  type World,
} from "./recovery_harness.ts";

const POLICIES = `
recovery_policies:
  crash:
    severity_threshold: 0.5
    escalation_chain:
      - { action: restart_radio }
      - { action: alert_ground }
  slow:
    severity_threshold: 0.5
    escalation_chain:
      - { action: cache_purge }
cooldowns: { cache_purge: 0 }
`;

const OK = { restart_radio: "ok", alert_ground: "ok", cache_purge: "ok" } as const;
const HOUR_MS = 3_600_000;
const ALIVE: RecoveryMember = { status: "alive", healthScore: 1 };
const UNWELL: RecoveryMember = { status: "alive", healthScore: 0.4 };
const DEAD: RecoveryMember = { status: "dead", healthScore: null };

interface Member extends World<EnhancedRecoveryOrchestrator> {
  /** Who is there, as the coordinator tells. */
  members: readonly RecoveryMember[] | Error | Promise<never>;
}

/** A node of a cluster. */
async function aMember(id: string, plan: Plan): Promise<Member> {
  const member: Pick<Member, "members"> = { members: [ALIVE, ALIVE, ALIVE] };
  const coordinator = {
    instanceId: id,
    isLeader: false,
    getNodes() {
      const { members } = member;
      return members instanceof Error ? Promise.reject(members) : Promise.resolve(members);
    },
  };
  const world = await policyWorld({ yaml: POLICIES, actions: OK, ...plan }, { coordinator });
  return Object.assign(member, world);
}

/** A term, which ends when it is told to. */
function aTerm(term: number): RecoveryTerm & { end(): void } {
  const over = new AbortController();
  return {
    term,
    fence: String(term),
    signal: over.signal,
    check: { key: ["term"], versionstamp: String(term) },
    isValid: () => !over.signal.aborted,
    end: () => over.abort(new Error("the term is over")),
  };
}

function shared(): { clock: FakeClock; storage: RecoveryStorage } {
  return { clock: new FakeClock(), storage: new MemoryRecoveryStorage() };
}

Deno.test("a follower leaves chains with an action for the cluster to the leader", async () => {
  const common = shared();
  const follower = await aMember("b", common);
  await follower.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  await passing(common.clock, follower.recovery.processPending());
  assert.deepEqual(follower.ran, []);
  const pending = await common.storage.list(["lanes", "cluster", "pending"], { limit: 10 });
  assert.deepEqual(pending.map(({ key }) => key.at(-1)), ["crash"]);
  assert.deepEqual(await told(follower.recovery), []);

  const leader = await aMember("a", common);
  const term = aTerm(7);
  const fences: (string | null)[] = [];
  leader.recovery.registerAction("alert_ground", ({ fence }) => void fences.push(fence));
  const leading = leader.recovery.lead(term);
  await common.clock.advance(0);
  await atRest();
  assert.equal(leader.recovery.getStatus().leading, true);
  assert.deepEqual(leader.ran, ["restart_radio"]);
  assert.deepEqual(fences, ["7"]);
  const history = await follower.recovery.getActionHistory();
  assert.deepEqual(
    history.map(({ action_type, node, term, lane }) => ({ action_type, node, term, lane })),
    ["restart_radio", "alert_ground"].map((action_type) => ({
      action_type,
      node: "a",
      term: 7,
      lane: "cluster",
    })),
    "every node sees what the cluster did",
  );
  term.end();
  await leading;
  assert.equal(leader.recovery.getStatus().leading, false);
  assert.equal(common.clock.sleeperCount, 0);
});

Deno.test("a leader finds what a follower leaves for it while it leads", async () => {
  const common = shared();
  const [leader, follower] = [await aMember("a", common), await aMember("b", common)];
  const term = aTerm(1);
  const leading = leader.recovery.lead(term);
  await common.clock.advance(0);
  await atRest();
  await follower.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  await common.clock.advance(1_000);
  await atRest();
  assert.deepEqual(leader.ran, ["restart_radio", "alert_ground"]);
  term.end();
  await leading;
});

Deno.test("a follower runs chains whose actions are all for its own node", async () => {
  const common = shared();
  const follower = await aMember("b", common);
  await follower.recovery.handleAnomaly({ anomalyType: "slow", severityScore: 0.9 });
  await passing(common.clock, follower.recovery.processPending());
  assert.deepEqual(follower.ran, ["cache_purge"]);
  const [entry] = await follower.recovery.getActionHistory();
  assert.deepEqual([entry?.lane, entry?.term], ["node:b", null]);
});

Deno.test("a node acts by its own thresholds, leader or not", async () => {
  const common = shared();
  const [one, other] = [await aMember("a", common), await aMember("b", common)];
  const event = { type: "health_check", state: { retry: { failures_1h: 51 } } };
  await passing(common.clock, one.recovery.handleEvent(event));
  await passing(common.clock, other.recovery.handleEvent(event));
  assert.deepEqual([one.ran, other.ran], [["cache_purge"], ["cache_purge"]]);
});

Deno.test("an action for the cluster, asked for by hand, is refused by a follower and run by the leader", async () => {
  const common = shared();
  const [leader, follower] = [await aMember("a", common), await aMember("b", common)];
  const refused = await follower.recovery.triggerAction({ actionType: "alert_ground" });
  assert.equal(refused.result, "skipped_not_leader");
  await follower.recovery.handleEvent({ type: "manual_trigger", action_type: "alert_ground" });
  assert.deepEqual(follower.ran, []);
  const term = aTerm(1);
  const leading = leader.recovery.lead(term);
  await common.clock.advance(0);
  await atRest();
  const run = await leader.recovery.triggerAction({ actionType: "alert_ground" });
  assert.deepEqual([run.result, run.lane, run.term], ["success", "cluster", 1]);
  term.end();
  await leading;
  const after = await leader.recovery.triggerAction({ actionType: "alert_ground" });
  assert.equal(after.result, "skipped_not_leader");
});

Deno.test("registerAction says where an action runs, whatever the file says", async () => {
  const common = shared();
  const follower = await aMember("b", common);
  follower.recovery.registerAction("alert_ground", () => {}, { scope: ActionScope.NODE });
  const { result, lane } = await follower.recovery.triggerAction({ actionType: "alert_ground" });
  assert.deepEqual([result, lane], ["success", "node:b"]);
});

Deno.test("the next leader goes on with a chain at the step where the last one left it", async () => {
  const common = shared();
  const [one, other] = [await aMember("a", common), await aMember("b", common)];
  const signals: AbortSignal[] = [];
  one.recovery.registerAction("alert_ground", ({ signal }) => {
    signals.push(signal);
    return new Promise(() => {});
  });
  const attempts: number[] = [];
  other.recovery.registerAction("alert_ground", ({ attempt }) => void attempts.push(attempt));
  await one.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  const first = aTerm(1);
  const leading = one.recovery.lead(first);
  await common.clock.advance(0);
  await atRest();
  first.end();
  assert.equal(signals[0]?.aborted, true);
  await passing(common.clock, leading, { steps: 10 });
  assert.deepEqual(await told(one.recovery), ["restart_radio success"]);

  const second = aTerm(2);
  const following = other.recovery.lead(second);
  await common.clock.advance(0);
  await atRest();
  assert.deepEqual(attempts, [2]);
  assert.deepEqual(other.ran, [], "the first step is not run again");
  const history = await other.recovery.getActionHistory();
  assert.deepEqual(history.map(({ action_type, result, term }) => [action_type, result, term]), [
    ["restart_radio", "success", 1],
    ["alert_ground", "success", 1],
  ]);
  second.end();
  await following;
});

Deno.test("limits and cooldowns of the cluster go over from one leader to the next", async () => {
  const common = shared();
  const yaml = `${POLICIES}\nadvanced: { max_actions_per_hour: 3 }`;
  const results: string[] = [];
  for (const [index, id] of ["a", "b", "a", "b"].entries()) {
    const node = await aMember(id, { ...common, yaml });
    const term = aTerm(index + 1);
    const leading = node.recovery.lead(term);
    await common.clock.advance(0);
    await atRest();
    results.push((await node.recovery.triggerAction({ actionType: "alert_ground" })).result);
    term.end();
    await leading;
  }
  assert.deepEqual(results, ["success", "success", "success", "skipped_rate_limit"]);
});

const STORMS = [
  { name: "two of three are alive", members: [ALIVE, ALIVE, DEAD], min: 0, ran: true },
  { name: "one of three is alive", members: [ALIVE, DEAD, DEAD], min: 0, ran: false },
  { name: "half of them are alive", members: [ALIVE, DEAD], min: 0, ran: true },
  { name: "half are well, as many as must be", members: [ALIVE, UNWELL], min: 0.5, ran: true },
  { name: "a third is well", members: [ALIVE, UNWELL, UNWELL], min: 0.5, ran: false },
  {
    name: "some say nothing of their health",
    members: [ALIVE, { status: "alive", healthScore: null }, UNWELL],
    min: 0.5,
    ran: false,
  },
  { name: "nobody is well, and nobody need be", members: [UNWELL, UNWELL], min: 0, ran: true },
];

for (const { name, members, min, ran } of STORMS) {
  Deno.test(`a leader ${ran ? "acts" : "does nothing"} when ${name}`, async () => {
    const common = shared();
    const yaml = `${POLICIES}\nadvanced: { min_healthy_share: ${min} }`;
    const leader = await aMember("a", { ...common, yaml });
    leader.members = members;
    await leader.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
    const term = aTerm(1);
    const leading = leader.recovery.lead(term);
    await common.clock.advance(0);
    await atRest();
    const results = (await leader.recovery.getActionHistory()).map(({ result }) => result);
    const expected = ran ? "success" : "skipped_storm";
    assert.deepEqual(results, [expected, expected]);
    term.end();
    await leading;
  });
}

Deno.test("a leader acts again when the storm has been over for a while, and by hand at once", async () => {
  const common = shared();
  const yaml = `${POLICIES}\nadvanced: { storm_cooldown_seconds: 60 }`;
  const leader = await aMember("a", { ...common, yaml });
  const term = aTerm(1);
  const leading = leader.recovery.lead(term);
  await common.clock.advance(0);
  await atRest();
  const crash = async () => {
    await leader.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
    await atRest();
    return leader.ran.length;
  };
  leader.members = [ALIVE, DEAD, DEAD];
  assert.equal(await crash(), 0);
  leader.members = [ALIVE, ALIVE, ALIVE];
  await common.clock.advance(59_000);
  assert.equal(await crash(), 0, "a minute is not over");
  const { result } = await leader.recovery.triggerAction({ actionType: "cache_purge" });
  assert.equal(result, "success");
  await common.clock.advance(2_000);
  assert.equal(await crash(), 3);
  term.end();
  await leading;
});

Deno.test("a leader that cannot ask for the members says so", async () => {
  const common = shared();
  const leader = await aMember("a", common);
  leader.members = new Error("no store");
  await leader.recovery.handleAnomaly({ anomalyType: "slow", severityScore: 0.9 });
  await leader.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  const term = aTerm(1);
  const leading = leader.recovery.lead(term);
  await common.clock.advance(0);
  await atRest();
  assert.match(leader.recovery.getStatus().last_error ?? "", /no store/);
  term.end();
  await leading;
});

Deno.test("a leader decides nothing while nobody says how many members are alive, and tries again", async () => {
  const common = shared();
  const leader = await aMember("a", common);
  for (const silence of [new Error("no store"), new Promise<never>(() => {})]) {
    leader.members = silence;
    const before = await told(leader.recovery);
    await leader.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
    const term = aTerm(1);
    const leading = leader.recovery.lead(term);
    await common.clock.advance(39_000);
    const { last_error } = leader.recovery.getStatus();
    assert.match(last_error ?? "", /no store|no answer within 10000 ms/);
    assert.deepEqual(leader.ran, []);
    assert.deepEqual(await told(leader.recovery), before);
    leader.members = [ALIVE, ALIVE, ALIVE];
    await common.clock.advance(32_000);
    assert.deepEqual(leader.ran.splice(0), ["restart_radio", "alert_ground"]);
    term.end();
    await leading;
    await common.clock.advance(HOUR_MS);
  }
});

const SILENT: HealthSource = { getComprehensiveState: () => new Promise(() => {}) };

Deno.test("a monitor that never answers keeps the loop for ten seconds, and is asked again", async () => {
  let looks = 0;
  const healthMonitor: HealthSource = {
    getComprehensiveState: () => (looks++, SILENT.getComprehensiveState()),
  };
  const { recovery, clock, ran } = await policyWorld({ yaml: POLICIES, actions: OK }, {
    healthMonitor,
  });
  const running = recovery.run();
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  await clock.advance(9_999);
  assert.deepEqual([looks, recovery.getStatus().faults], [1, 0]);
  await clock.advance(1);
  await atRest();
  assert.match(recovery.getStatus().last_error ?? "", /no answer within 10000 ms/);
  assert.deepEqual(ran, ["restart_radio", "alert_ground"]);
  await clock.advance(20_000);
  assert.equal(looks, 2);
  recovery.stop();
  await passing(clock, running, { steps: 10 });
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("a monitor that never answers does not hold up whether an action helped", async () => {
  const { recovery, clock } = await basicWorld({ actions: { cache_purge: "ok" } }, {
    healthMonitor: SILENT,
  });
  const state = { retry: { failures_1h: 51 } };
  const work = recovery.handleEvent({ type: "health_check", state });
  await passing(clock, work, { steps: 3 * 40 });
  const [entry] = await recovery.getActionHistory();
  assert.deepEqual([entry?.result, entry?.verified], ["failed", false]);
  assert.equal(
    entry?.error,
    "it did not help: DeadlineError: no answer within 10000 ms, after 3 looks",
  );
});

Deno.test("a handler of phases that never answers holds up all that wait for ten seconds only", async () => {
  const { recovery, clock, ran } = await policyWorld({ yaml: POLICIES, actions: OK }, {
    phaseAwareHandler: { assess: () => new Promise(() => {}) },
  });
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  await recovery.handleAnomaly({ anomalyType: "slow", severityScore: 0.8 });
  await passing(clock, recovery.processPending(), { steps: 10 });
  assert.deepEqual(ran.toSorted(), ["alert_ground", "cache_purge", "restart_radio"]);
  assert.equal(recovery.getStatus().faults, 2);
  assert.match(recovery.getStatus().last_error ?? "", /no answer within 10000 ms/);
});

Deno.test("without a coordinator everything runs on the node", async () => {
  const { recovery, clock, ran } = await policyWorld({ yaml: POLICIES, actions: OK });
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  await passing(clock, recovery.processPending());
  assert.deepEqual(ran, ["restart_radio", "alert_ground"]);
  const [entry] = await recovery.getActionHistory();
  assert.deepEqual([entry?.lane, entry?.node, entry?.inputs.facts.leading], [
    "node:local",
    "local",
    null,
  ]);
});

Deno.test("a node and the cluster have separate histories, read as one in the order of time", async () => {
  const common = shared();
  const leader = await aMember("a", common);
  const term = aTerm(1);
  const leading = leader.recovery.lead(term);
  await common.clock.advance(0);
  await atRest();
  for (const actionType of ["alert_ground", "cache_purge", "restart_radio", "cache_purge"]) {
    await leader.recovery.triggerAction({ actionType });
    await common.clock.advance(1_000);
  }
  const order = (await leader.recovery.getActionHistory()).map(({ action_type }) => action_type);
  assert.deepEqual(order, ["alert_ground", "cache_purge", "restart_radio", "cache_purge"]);
  const last = await leader.recovery.getActionHistory({ limit: 2 });
  assert.deepEqual(last.map(({ lane }) => lane), ["cluster", "node:a"]);
  assert.equal(leader.recovery.getMetrics().total_actions_executed, 4);
  term.end();
  await leading;
});

Deno.test("stop ends what the node does as leader too, and the next term is worked in again", async () => {
  const common = shared();
  const node = await aMember("a", common);
  const signals: AbortSignal[] = [];
  node.recovery.registerAction("alert_ground", ({ signal }) => {
    signals.push(signal);
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason))
    );
  });
  const first = aTerm(1);
  const leading = node.recovery.lead(first);
  await common.clock.advance(0);
  await node.recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
  await atRest();
  assert.equal(signals.length, 1);
  node.recovery.stop();
  assert.equal(signals[0]!.aborted, true);
  await passing(common.clock, leading, { steps: 10 });
  assert.equal(node.recovery.getStatus().leading, false);
  const second = aTerm(2);
  const again = node.recovery.lead(second);
  await common.clock.advance(0);
  await atRest();
  assert.equal(signals.length, 2);
  second.end();
  await passing(common.clock, again, { steps: 10 });
});

Deno.test("a leader whose ledger cannot be read says so, and tries again", async () => {
  const common = shared();
  const node = await aMember("a", common);
  const key = ["lanes", "cluster", "ledger"];
  await common.storage.commit({ sets: [{ key, value: { at_ms: "yesterday" } }] });
  const term = aTerm(1);
  const leading = node.recovery.lead(term);
  await common.clock.advance(0);
  await atRest();
  assert.match(node.recovery.getStatus().last_error ?? "", /lane of the cluster: .*at_ms/);
  await common.storage.commit({ deletes: [key] });
  await common.clock.advance(30_000);
  await atRest();
  assert.equal(node.recovery.getStatus().leading, true);
  term.end();
  await passing(common.clock, leading, { steps: 10 });
});

Deno.test("a term that begins before the last one has come to rest is worked in", async () => {
  const common = shared();
  const node = await aMember("a", common);
  const [first, second] = [aTerm(1), aTerm(2)];
  const before = node.recovery.lead(first);
  await common.clock.advance(0);
  await atRest();
  const after = node.recovery.lead(second);
  await common.clock.advance(0);
  await atRest();
  first.end();
  await passing(common.clock, before, { steps: 10 });
  assert.equal(node.recovery.getStatus().leading, true);
  second.end();
  await passing(common.clock, after, { steps: 10 });
});

Deno.test("an action that is about a node runs on the node that told, also when the leader decides", async () => {
  const common = shared();
  const yaml = `
recovery_policies:
  memory: { severity_threshold: 0.5, escalation_chain: [{ action: cache_purge }, { action: alert_ground }] }
`;
  const leader = await aMember("a", { ...common, yaml });
  const other = await aMember("b", { ...common, yaml });
  const purged: string[] = [];
  leader.recovery.registerAction("cache_purge", () => void purged.push("a"));
  other.recovery.registerAction("cache_purge", () => void purged.push("b"));
  await other.recovery.handleAnomaly({ anomalyType: "memory", severityScore: 0.9 });
  const term = aTerm(1);
  const [leading, running] = [leader.recovery.lead(term), other.recovery.run()];
  for (let second = 0; second < 5; second++) {
    await common.clock.advance(1_000);
    await atRest();
  }
  assert.deepEqual(purged, ["b"]);
  const history = await leader.recovery.getActionHistory();
  assert.deepEqual(
    history.map(({ action_type, result, lane, report }) => [action_type, result, lane, report]),
    [
      ["cache_purge", "success", "cluster", "on node b"],
      ["alert_ground", "success", "cluster", "did alert_ground"],
    ],
  );
  other.recovery.stop();
  term.end();
  await Promise.all([leading, running]);
});
