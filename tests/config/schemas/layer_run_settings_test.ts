import assert from "node:assert/strict";
import { runSettings } from "../../../config/schemas/layer_run_settings.ts";

const GIVEN = {
  layer_execution_mode: "waterfall",
  global_timeout_minutes: 90,
  max_global_parallel_tests: 8,
};

Deno.test("runSettings has the documented defaults", () => {
  assert.deepEqual(runSettings.parse(GIVEN), {
    ...GIVEN,
    layer_startup_timeout_seconds: 30,
    inter_layer_delay_seconds: 5,
    max_memory_usage_mb: 6_144,
    max_cpu_usage_percent: 90,
    fail_fast_strategy: {},
    resource_conflict_resolution: "priority_based",
    background_execution: {
      enabled: true,
      max_background_layers: 1,
      background_layers: [],
      monitoring_interval_seconds: 30,
    },
  });
});

Deno.test("runSettings keeps to the bounds of the reference", () => {
  const cases = [
    { layer_execution_mode: "hybrid" },
    { global_timeout_minutes: 9 },
    { max_global_parallel_tests: 33 },
    { layer_startup_timeout_seconds: 4 },
    { inter_layer_delay_seconds: 61 },
    { max_memory_usage_mb: 511 },
    { max_cpu_usage_percent: 49 },
    { fail_fast_strategy: { a: "sometimes" } },
    { background_execution: { max_background_layers: 4 } },
  ];
  for (const change of cases) {
    assert.ok(!runSettings.safeParse({ ...GIVEN, ...change }).success, JSON.stringify(change));
  }
});
