import assert from "node:assert/strict";
import type { SystemStatus } from "../../enums/system_status.ts";
import type { ResourceKind } from "../../health/checks/health_check.ts";
import { summarizeResources } from "../../health/summarize_resources.ts";

const view = (name: string, status: SystemStatus, resource?: ResourceKind) => ({
  name,
  status,
  resource,
  latest: null,
});

Deno.test("summarizeResources goes by the worst component of each resource", () => {
  const cases = [
    { views: [], cpu: "unknown", disk: "unknown", overall: "unknown", available: false },
    {
      views: [view("api", "FAILED")],
      cpu: "unknown",
      disk: "unknown",
      overall: "unknown",
      available: false,
    },
    {
      views: [view("load", "UNKNOWN", "cpu"), view("data", "HEALTHY", "disk")],
      cpu: "unknown",
      disk: "healthy",
      overall: "healthy",
      available: true,
    },
    {
      views: [
        view("load", "DEGRADED", "cpu"),
        view("data", "FAILED", "disk"),
        view("logs", "HEALTHY", "disk"),
      ],
      cpu: "warning",
      disk: "critical",
      overall: "critical",
      available: true,
    },
  ];
  for (const { views, cpu, disk, overall, available } of cases) {
    const summary = summarizeResources(views);
    assert.deepEqual(summary.status, { cpu, memory: "unknown", disk, overall });
    assert.equal(summary.available, available);
  }
});

Deno.test("summarizeResources names each figure after its component", () => {
  const latest = {
    name: "data",
    status: "HEALTHY",
    message: "",
    latency_ms: 2,
    timestamp: "",
    metadata: { disk_used_share: 0.5 },
  } as const;
  const { current_metrics } = summarizeResources([{ ...view("data", "HEALTHY"), latest }]);
  assert.deepEqual(current_metrics, { data_disk_used_share: 0.5, data_latency_ms: 2 });
});
