import assert from "node:assert/strict";
import {
  chooseFallback,
  classifyResource,
  classifyRetries,
  componentStatus,
  summarizeSystem,
  worstResource,
} from "../../health/classify_health.ts";

Deno.test("classifyResource compares with both bounds, which belong to the worse side", () => {
  const bounds = { warning: 10, critical: 20 };
  const cases = [
    [0, "healthy"],
    [9.999, "healthy"],
    [10, "warning"],
    [19.999, "warning"],
    [20, "critical"],
    [Infinity, "critical"],
    [NaN, "unknown"],
    [undefined, "unknown"],
  ] as const;
  for (const [value, expected] of cases) {
    assert.equal(classifyResource(value, bounds), expected, `value ${value}`);
  }
});

Deno.test("worstResource takes the worst that is known", () => {
  const cases = [
    [[], "unknown"],
    [["unknown", "unknown"], "unknown"],
    [["unknown", "healthy"], "healthy"],
    [["healthy", "warning", "unknown"], "warning"],
    [["warning", "critical", "healthy"], "critical"],
  ] as const;
  for (const [statuses, expected] of cases) {
    assert.equal(worstResource(statuses), expected, statuses.join());
  }
});

Deno.test("componentStatus maps every resource status", () => {
  assert.equal(componentStatus("healthy"), "HEALTHY");
  assert.equal(componentStatus("warning"), "DEGRADED");
  assert.equal(componentStatus("critical"), "FAILED");
  assert.equal(componentStatus("unknown"), "UNKNOWN");
});

Deno.test("summarizeSystem is as bad as the worst component, and unknown only when all are", () => {
  const cases = [
    { name: "none", components: [], status: "UNKNOWN", counts: [0, 0, 0] },
    {
      name: "all unknown",
      components: ["UNKNOWN", "UNKNOWN"],
      status: "UNKNOWN",
      counts: [0, 0, 0],
    },
    { name: "one known", components: ["UNKNOWN", "HEALTHY"], status: "HEALTHY", counts: [1, 0, 0] },
    {
      name: "degraded",
      components: ["HEALTHY", "DEGRADED"],
      status: "DEGRADED",
      counts: [1, 1, 0],
    },
    {
      name: "failed",
      components: ["DEGRADED", "FAILED", "HEALTHY", "FAILED"],
      status: "FAILED",
      counts: [1, 1, 2],
    },
  ] as const;
  for (const { name, components, status, counts } of cases) {
    const summary = summarizeSystem(components);
    assert.equal(summary.status, status, name);
    assert.deepEqual(
      [summary.healthy_components, summary.degraded_components, summary.failed_components],
      counts,
      name,
    );
    assert.equal(summary.total_components, components.length, name);
  }
});

Deno.test("classifyRetries changes at 5 and at 20", () => {
  const cases = [[0, "STABLE"], [4, "STABLE"], [5, "ELEVATED"], [19, "ELEVATED"], [20, "CRITICAL"]];
  for (const [failures, expected] of cases) {
    assert.equal(classifyRetries(Number(failures)), expected, `${failures} failures`);
  }
});

Deno.test("chooseFallback picks the most careful mode that anything asks for", () => {
  const well = {
    failedComponents: 0,
    failuresLastHour: 0,
    circuitState: "CLOSED",
    resources: "healthy",
  } as const;
  const cases = [
    { signals: {}, mode: "PRIMARY", reason: "recovered" },
    {
      signals: { failedComponents: 1, failuresLastHour: 50 },
      mode: "PRIMARY",
      reason: "recovered",
    },
    { signals: { circuitState: "HALF_OPEN" }, mode: "PRIMARY", reason: "recovered" },
    { signals: { resources: "warning" }, mode: "PRIMARY", reason: "recovered" },
    { signals: { resources: "unknown" }, mode: "PRIMARY", reason: "recovered" },
    { signals: { failuresLastHour: 51 }, mode: "HEURISTIC", reason: "high_retry_failures(51)" },
    { signals: { circuitState: "OPEN" }, mode: "HEURISTIC", reason: "circuit_open" },
    { signals: { failedComponents: 2 }, mode: "SAFE", reason: "component_failures(2)" },
    { signals: { resources: "critical" }, mode: "SAFE", reason: "resource_exhaustion" },
    {
      signals: { circuitState: "OPEN", failedComponents: 3, resources: "critical" },
      mode: "SAFE",
      reason: "circuit_open; component_failures(3); resource_exhaustion",
    },
  ] as const;
  for (const { signals, mode, reason } of cases) {
    assert.deepEqual(chooseFallback({ ...well, ...signals }), { mode, reason });
  }
});
