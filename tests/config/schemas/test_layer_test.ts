import assert from "node:assert/strict";
import { layer, layerOverrides } from "../../../config/schemas/test_layer.ts";
import { CATEGORY } from "./layers_text.ts";

const LAYER = {
  name: "Quick",
  description: "A layer for tests",
  priority: 1,
  execution_order: 1,
  max_duration_minutes: 5,
  execution_mode: "parallel",
  categories: [CATEGORY],
};

Deno.test("layer has the documented defaults", () => {
  const { name: _, categories: __, ...rest } = layer.parse(LAYER);
  assert.deepEqual(rest, {
    description: "A layer for tests",
    priority: 1,
    execution_order: 1,
    max_duration_minutes: 5,
    execution_mode: "parallel",
    fail_fast: false,
    background_execution: false,
    dependencies: [],
    conflicts: [],
    required_services: [],
    resource_limits: { max_memory_mb: null, max_cpu_percent: null, max_parallel_instances: null },
    success_criteria: {
      min_pass_rate: 0.95,
      max_failures: 5,
      critical_tests_must_pass: true,
      allow_partial_success: false,
    },
    llm_requirements: { mode: "mock", timeout_seconds: 60, fallback_to_mock: true },
    environment_overrides: {},
  });
});

Deno.test("layer keeps to the bounds of the reference", () => {
  const cases = [
    { name: "xx" },
    { description: "too short" },
    { priority: 6 },
    { execution_order: 11 },
    { max_duration_minutes: 181 },
    { execution_mode: "hybrid_smart" },
    { categories: [] },
    { resource_limits: { max_memory_mb: 127 } },
    { resource_limits: { max_cpu_percent: 101 } },
    { resource_limits: { max_parallel_instances: 17 } },
    { success_criteria: { max_failures: 101 } },
    { llm_requirements: { timeout_seconds: 29 } },
  ];
  for (const change of cases) {
    assert.ok(!layer.safeParse({ ...LAYER, ...change }).success, JSON.stringify(change));
  }
});

Deno.test("layerOverrides holds what is named, and no defaults", () => {
  const overrides = { fail_fast: true, llm_requirements: { mode: "real" } };
  assert.deepEqual(layerOverrides.parse(overrides), overrides);
  assert.ok(!layerOverrides.safeParse({ environment_overrides: {} }).success);
  assert.ok(!layerOverrides.safeParse({ max_duration_minutes: 0 }).success);
});
