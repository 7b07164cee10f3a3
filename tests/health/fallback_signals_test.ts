import assert from "node:assert/strict";
import { readFallbackSignals } from "../../health/fallback_signals.ts";
import type { HealthState } from "../../health/health_state.ts";

const well = {
  system: { status: "healthy", failed_components: 0 },
  retry: { failures_1h: 3 },
  circuit_breaker: { state: "closed" },
  resources: { status: { overall: "warning" } },
} satisfies HealthState;

Deno.test("readFallbackSignals reads any letter case", () => {
  assert.deepEqual(readFallbackSignals(well), {
    signals: {
      failedComponents: 0,
      failuresLastHour: 3,
      circuitState: "CLOSED",
      resources: "warning",
    },
    gaps: [],
  });
});

const cases: readonly [name: string, state: unknown, gaps: string[]][] = [
  ["no breaker and no resources", { system: well.system, retry: well.retry }, []],
  ["nothing at all", {}, ["system.failed_components is no count", "retry.failures_1h is no count"]],
  ["null sections", { system: null, retry: null, circuit_breaker: null, resources: null }, [
    "system.failed_components is no count",
    "retry.failures_1h is no count",
  ]],
  ["a text for a count", { ...well, system: { failed_components: "0" } }, [
    "system.failed_components is no count",
  ]],
  ["a count that is none", { ...well, retry: { failures_1h: NaN } }, [
    "retry.failures_1h is no count",
  ]],
  ["a negative count", { ...well, retry: { failures_1h: -1 } }, ["retry.failures_1h is no count"]],
  ["a breaker that could not be read", { ...well, circuit_breaker: { state: "ERROR" } }, [
    "circuit_breaker.state is none of CLOSED, HALF_OPEN, OPEN, UNKNOWN",
  ]],
  ["a node of which nothing is known", {
    ...well,
    system: { status: "unknown", failed_components: 0 },
  }, ["system.status is UNKNOWN"]],
  ["a node without components", {
    ...well,
    system: { status: "UNKNOWN", failed_components: 0, total_components: 0 },
  }, []],
  ["resources in other words", { ...well, resources: { status: { overall: "fine" } } }, [
    "resources.status.overall is none of healthy, warning, critical, unknown",
  ]],
];

for (const [name, state, gaps] of cases) {
  Deno.test(`readFallbackSignals finds ${gaps.length} gaps in ${name}`, () => {
    assert.deepEqual(readFallbackSignals(state as HealthState).gaps, gaps);
  });
}
