import assert from "node:assert/strict";
import { policyFor } from "../../../orchestration/recovery/recovery_rules.ts";
import { rulesOf } from "./recovery_fixtures.ts";

const policy = { escalation_chain: [{ action: "alert_ground" }] };

Deno.test("policyFor finds the policy of that name, else the one for those that none names", async () => {
  const without = await rulesOf({ recovery_policies: { thermal_fault: policy } });
  const both = await rulesOf({
    recovery_policies: { thermal_fault: policy, unknown_anomaly: policy },
  });
  const cases: [anomalyType: string, without: string | null, both: string][] = [
    ["thermal_fault", "thermal_fault", "thermal_fault"],
    ["unknown_anomaly", null, "unknown_anomaly"],
    ["weird", null, "unknown_anomaly"],
    ["Thermal_Fault", null, "unknown_anomaly"],
    ["thermal_fault.escalation_chain", null, "unknown_anomaly"],
    ["__proto__", null, "unknown_anomaly"],
    ["constructor", null, "unknown_anomaly"],
  ];
  for (const [anomalyType, alone, withUnknown] of cases) {
    assert.equal(policyFor(without, anomalyType)?.name ?? null, alone, anomalyType);
    assert.equal(policyFor(both, anomalyType)?.name, withUnknown, anomalyType);
  }
});
