import assert from "node:assert/strict";
import { withOutcome } from "../../../orchestration/recovery/recovery_chain.ts";
import { describeChain } from "../../../orchestration/recovery/recovery_chain_dict.ts";
import { aChain, anExecution, NOW_MS } from "./recovery_fixtures.ts";

Deno.test("describeChain says where a chain stands, for people", () => {
  const deciding = {
    id: "c1",
    anomaly_type: "comm_fault",
    step: 1,
    steps: 2,
    action_type: "restart_radio",
    state: "deciding",
    attempt: 0,
  };
  assert.deepEqual(describeChain(aChain()), deciding);
  const execution = anExecution({ attempt: 3 });
  const running = aChain({ at: { kind: "running", execution } });
  assert.deepEqual(describeChain(running), { ...deciding, state: "running", attempt: 3 });
  const at = { kind: "verifying", execution, endedMs: NOW_MS, report: null, checks: 1 } as const;
  const verifying = { ...deciding, state: "verifying", attempt: 3 };
  assert.deepEqual(describeChain(aChain({ at })), verifying);
  const next = withOutcome(aChain(), { result: "failed", verified: null }, NOW_MS);
  assert.deepEqual(describeChain(next), { ...deciding, step: 2, action_type: "alert_ground" });
});
