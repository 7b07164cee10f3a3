import assert from "node:assert/strict";
import { laneKeys, nodeLane } from "../../../orchestration/recovery/lane_keys.ts";
import { RecoveryOrchestrator } from "../../../orchestration/recovery/recovery_orchestrator.ts";
import { atRest, basicWorld, policyWorld } from "./recovery_harness.ts";

Deno.test("getStatus says before the file was read that nothing is known of it", () => {
  const status = new RecoveryOrchestrator().getStatus();
  assert.deepEqual([status.enabled, status.poll_interval, status.source], [null, null, null]);
  assert.deepEqual(status.chains, []);
  assert.equal(status.leading, false);
});

Deno.test("getStatus shows what is under way: the step, the action, where it stands", async () => {
  const { recovery, clock } = await policyWorld({
    yaml: `
recovery_policies:
  crash:
    severity_threshold: 0.1
    escalation_chain: [{ action: first }, { action: second }]
`,
    actions: { first: "helps", second: "hangs" },
  });
  await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 1 });
  const pending = recovery.processPending();
  const at = async (ms: number) => {
    await clock.advance(ms);
    await atRest();
    const { chains, executing_actions } = recovery.getStatus();
    return [...chains.map(({ id: _, ...rest }) => rest), executing_actions];
  };
  const crash = { anomaly_type: "crash", steps: 2 };
  assert.deepEqual(await at(0), [
    { ...crash, step: 1, action_type: "first", state: "verifying", attempt: 1 },
    [],
  ]);
  assert.deepEqual(await at(30_000), [
    { ...crash, step: 2, action_type: "second", state: "running", attempt: 1 },
    ["second"],
  ]);
  assert.deepEqual(await at(45_000), [[]]);
  await pending;
});

Deno.test("getStatus counts the chains that cannot be read", async () => {
  const { recovery, storage } = await basicWorld({ actions: { mine: "ok" } });
  const chains = laneKeys(nodeLane("local")).chains;
  await storage.commit({ sets: [{ key: [...chains, "x"], value: { id: "x" } }] });
  await recovery.triggerAction({ actionType: "mine" });
  assert.equal(recovery.getStatus().unreadable_chains, 1);
});

Deno.test("getStatus is plain data: JSON keeps all of it", async () => {
  const { recovery } = await basicWorld({ actions: { mine: "ok", yours: "throws" } });
  await recovery.triggerAction({ actionType: "mine" });
  await recovery.triggerAction({ actionType: "yours" });
  await recovery.handleEvent({ type: "nonsense" });
  const status = recovery.getStatus();
  assert.deepEqual(JSON.parse(JSON.stringify(status)), status);
  assert.deepEqual(status.last_action, { timestamp: "2026-01-01T00:00:00.000Z", type: "yours" });
  assert.equal(status.last_error, 'event: TypeError: unknown event "nonsense"');
});
