import assert from "node:assert/strict";
import { layerLimitRules } from "../../../config/schemas/layer_limit_rules.ts";
import { CATEGORY, contradictions, layersText } from "./layers_text.ts";

Deno.test("layerLimitRules compares what layers may use with what all may", async () => {
  const run = { max_memory_usage_mb: 1_024, max_cpu_usage_percent: 50 };
  const limits = (fields: Readonly<Record<string, number>>) => ({ a: { resource_limits: fields } });
  const cases = [
    {
      name: "at the limits",
      layers: limits({ max_memory_mb: 1_024, max_cpu_percent: 50, max_parallel_instances: 4 }),
      found: [],
    },
    {
      name: "memory",
      layers: limits({ max_memory_mb: 1_025 }),
      found: [
        "warning execution_config.max_memory_usage_mb: all layers together may use more memory",
        "error layers.a.resource_limits.max_memory_mb: above the global limit",
      ],
    },
    {
      name: "processor time",
      layers: limits({ max_cpu_percent: 51 }),
      found: ["error layers.a.resource_limits.max_cpu_percent: above the global limit"],
    },
    {
      name: "instances",
      layers: limits({ max_parallel_instances: 5 }),
      found: ["error layers.a.resource_limits.max_parallel_instances: above the global limit"],
    },
    {
      name: "total time",
      layers: { a: { max_duration_minutes: 60 }, b: { max_duration_minutes: 41 } },
      found: ["error execution_config.global_timeout_minutes: all layers together may take longer"],
    },
    { name: "total time to the minute", layers: { a: { max_duration_minutes: 100 } }, found: [] },
    {
      name: "a category's time",
      layers: { a: { categories: [{ ...CATEGORY, timeout_seconds: 301 }] } },
      found: [
        "warning layers.a.categories[0].timeout_seconds: a category may take longer than its layer",
      ],
    },
    {
      name: "all of it",
      layers: { a: { categories: [{ ...CATEGORY, timeout_seconds: 300 }] } },
      found: [],
    },
  ];
  for (const { name, layers, found } of cases) {
    assert.deepEqual(
      (await contradictions(layersText(layers, {}, run))).toSorted(),
      found.toSorted(),
      name,
    );
  }
  assert.equal(typeof layerLimitRules, "function");
});
