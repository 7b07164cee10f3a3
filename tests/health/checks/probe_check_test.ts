import assert from "node:assert/strict";
import { allOf } from "../../../config/availability/probes/all_of.ts";
import { unavailable } from "../../../config/availability/feature_probe.ts";
import { probeCheck } from "../../../health/checks/probe_check.ts";
import { shortLook } from "./check_runs.ts";

Deno.test("probeCheck is well, failed, or unknown without a permission", {
  permissions: "none",
}, async () => {
  const well = () => ({ available: true }) as const;
  assert.deepEqual(await shortLook(probeCheck(well)), ["HEALTHY", undefined]);
  const gone = allOf(well, () => unavailable("no printer"));
  assert.deepEqual(await shortLook(probeCheck(gone)), ["FAILED", "no printer"]);
  assert.deepEqual(
    await shortLook(probeCheck(well, [{ name: "net", host: "a.org:80" }])),
    ["UNKNOWN", "net permission not granted: --allow-net=a.org:80"],
  );
});

Deno.test("probeCheck lets no probe ask for features or variables", async () => {
  const asks = probeCheck(({ ask }) => ask("docker"));
  assert.deepEqual(await shortLook(asks), [
    "FAILED",
    'a health check cannot ask for "docker"',
  ]);
});
