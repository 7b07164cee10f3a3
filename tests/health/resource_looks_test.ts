import assert from "node:assert/strict";
import { healthThresholds } from "../../health/health_thresholds.ts";
import { lookAtResources, RESOURCE_COMPONENTS } from "../../health/resource_looks.ts";
import type { Reading, ResourceReader } from "../../health/system_resources.ts";

const measured = (value: number): Reading => ({ kind: "measured", value });
const unknown = (reason: string): Reading => ({ kind: "unknown", reason });

function reader(readings: { memory?: Reading; heap?: Reading; load?: Reading }): ResourceReader {
  return {
    machineMemoryShare: () => readings.memory ?? measured(0.1),
    heapShare: () => readings.heap ?? measured(0.1),
    loadPerCore: () => readings.load ?? measured(0.1),
    processMemoryBytes: () => measured(1_024),
  };
}

const thresholds = healthThresholds();
const lag = { samples: 10, p99Ms: 2, maxMs: 9 };

Deno.test("lookAtResources judges each resource and the worst of them", () => {
  const cases = [
    { name: "well", readings: {}, memory: "healthy", cpu: "healthy", overall: "healthy" },
    {
      name: "memory",
      readings: { memory: measured(0.9) },
      memory: "warning",
      cpu: "healthy",
      overall: "warning",
    },
    {
      name: "heap",
      readings: { heap: measured(0.96) },
      memory: "critical",
      cpu: "healthy",
      overall: "critical",
    },
    {
      name: "load",
      readings: { load: measured(2) },
      memory: "healthy",
      cpu: "warning",
      overall: "warning",
    },
    {
      name: "nothing permitted",
      readings: { memory: unknown("no"), heap: unknown("no"), load: unknown("no") },
      memory: "unknown",
      cpu: "unknown",
      overall: "unknown",
    },
  ];
  for (const { name, readings, memory, cpu, overall } of cases) {
    const { status } = lookAtResources({ reader: reader(readings), lag, thresholds });
    assert.deepEqual(status, { cpu, memory, disk: "unknown", overall }, name);
  }
});

Deno.test("lookAtResources reports each component with its figures, or the reason why not", () => {
  const looks = lookAtResources({
    reader: reader({ load: unknown("needs --allow-sys=loadavg") }),
    lag,
    thresholds,
  });
  assert.deepEqual(looks.observations.map((each) => each.name), RESOURCE_COMPONENTS);
  const [eventLoop, memory, heap, cpu] = looks.observations;
  assert.deepEqual(eventLoop?.metadata, { event_loop_lag_p99_ms: 2, event_loop_lag_max_ms: 9 });
  assert.equal(memory?.message, "0.1, warning from 0.85, critical from 0.95");
  assert.deepEqual(heap?.metadata, { heap_used_share: 0.1, process_memory_bytes: 1_024 });
  assert.equal(cpu?.status, "UNKNOWN");
  assert.equal(cpu?.message, "needs --allow-sys=loadavg");
  assert.deepEqual(cpu?.metadata, {});
});

Deno.test("lookAtResources judges the event loop by its percentile", () => {
  const cases = [
    { lag: undefined, status: "UNKNOWN" },
    { lag: { samples: 1, p99Ms: 99, maxMs: 5_000 }, status: "HEALTHY" },
    { lag: { samples: 1, p99Ms: 100, maxMs: 100 }, status: "DEGRADED" },
    { lag: { samples: 1, p99Ms: 1_000, maxMs: 1_000 }, status: "FAILED" },
  ];
  for (const { lag, status } of cases) {
    const { observations } = lookAtResources({ reader: reader({}), lag, thresholds });
    assert.equal(observations[0]?.status, status);
  }
});
