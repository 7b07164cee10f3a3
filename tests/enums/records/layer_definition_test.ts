import assert from "node:assert/strict";
import { LayerDefinition } from "../../../enums/mod.ts";
import { faultsOf, testRecord } from "./record_contract.ts";

const FAST = new LayerDefinition({
  name: "fast",
  layerType: "fast_feedback",
  categories: ["unit"],
});

testRecord(LayerDefinition, {
  least: { name: "fast", layerType: "fast_feedback", categories: ["unit", "smoke", "unit"] },
  leastWire:
    `{"name":"fast","layer_type":"fast_feedback","categories":["smoke","unit"],"execution_strategy":"sequential","timeout_minutes":30,"max_parallel_categories":null,"resource_requirements":{},"service_dependencies":[],"environment_requirements":{},"requires_real_services":true,"requires_real_llm":false,"can_run_in_parallel":true,"is_background_eligible":false}`,
  full: {
    name: "slow",
    layerType: "e2e_background",
    categories: new Set(["e2e", "cypress"]),
    executionStrategy: "hybrid_smart",
    timeoutMinutes: 90,
    maxParallelCategories: 2,
    resourceRequirements: { memory: { gb: 4 } },
    serviceDependencies: ["redis", "postgres"],
    environmentRequirements: { os: ["linux"] },
    requiresRealServices: false,
    requiresRealLlm: true,
    canRunInParallel: false,
    isBackgroundEligible: true,
  },
  fullWire:
    `{"name":"slow","layer_type":"e2e_background","categories":["cypress","e2e"],"execution_strategy":"hybrid_smart","timeout_minutes":90,"max_parallel_categories":2,"resource_requirements":{"memory":{"gb":4}},"service_dependencies":["postgres","redis"],"environment_requirements":{"os":["linux"]},"requires_real_services":false,"requires_real_llm":true,"can_run_in_parallel":false,"is_background_eligible":true}`,
  derived: [],
});

Deno.test("LayerDefinition takes what makes no sense, for validateLayerDefinition to report", () => {
  const layer = new LayerDefinition({
    name: "",
    layerType: "fast_feedback",
    categories: [],
    timeoutMinutes: -0.5,
    maxParallelCategories: -1,
  });
  assert.deepEqual(LayerDefinition.fromDict(layer.toDict()), layer);
  assert.deepEqual(new LayerDefinition({ ...layer, timeoutMinutes: NaN }).timeoutMinutes, NaN);
});

Deno.test("LayerDefinition refuses numbers on the wire that JSON could not carry back", () => {
  const text = JSON.stringify(FAST)
    .replace('"timeout_minutes":30', '"timeout_minutes":1e999')
    .replace('"max_parallel_categories":null', '"max_parallel_categories":-1e999');
  assert.deepEqual(faultsOf(() => LayerDefinition.fromDict(JSON.parse(text))), [
    { path: "timeout_minutes", message: "must be a finite number, got Infinity" },
    { path: "max_parallel_categories", message: "must be a finite number, got -Infinity" },
  ]);
});
