import assert from "node:assert/strict";
import {
  getAllStandardLayers,
  getStandardLayer,
  LayerDefinition,
  LayerType,
  STANDARD_LAYERS,
  UnknownEnumValueError,
  validateLayerDefinition,
} from "../../enums/mod.ts";
import { assertDeepFrozen } from "./records/record_contract.ts";

Deno.test("STANDARD_LAYERS are the four of the reference", () => {
  const rows = Object.entries(STANDARD_LAYERS).map(([key, layer]) => [
    key,
    layer.name,
    layer.layerType,
    layer.categories.join(" "),
    layer.executionStrategy,
    layer.timeoutMinutes,
    layer.maxParallelCategories,
    layer.serviceDependencies.join(" "),
    layer.requiresRealServices,
    layer.requiresRealLlm,
    layer.canRunInParallel,
    layer.isBackgroundEligible,
  ]);
  const three = (name: string) => [name, name, name];
  assert.deepEqual(rows, [
    [
      ...three("fast_feedback"),
      "smoke startup unit",
      "parallel_limited",
      5,
      3,
      "",
      false,
      false,
      true,
      false,
    ],
    [
      ...three("core_integration"),
      "api database security websocket",
      "sequential",
      15,
      null,
      "backend postgres redis",
      true,
      false,
      true,
      false,
    ],
    [
      ...three("service_integration"),
      "agent e2e_critical frontend integration",
      "hybrid_smart",
      25,
      2,
      "backend frontend postgres redis",
      true,
      true,
      false,
      false,
    ],
    [
      ...three("e2e_background"),
      "cypress e2e performance",
      "sequential",
      90,
      null,
      "backend clickhouse frontend postgres redis",
      true,
      true,
      false,
      true,
    ],
  ]);
});

Deno.test("STANDARD_LAYERS have no fault and cannot be changed", () => {
  assertDeepFrozen(STANDARD_LAYERS);
  for (const layer of Object.values(STANDARD_LAYERS)) {
    assert.ok(layer instanceof LayerDefinition);
    assert.deepEqual(validateLayerDefinition(layer), [], layer.name);
    assert.throws(() => Object.assign(layer, { timeoutMinutes: 999 }), TypeError);
  }
});

Deno.test("getStandardLayer finds each layer by its type, and refuses others", () => {
  for (const type of Object.values(LayerType)) assert.equal(getStandardLayer(type).layerType, type);
  for (const text of ["Fast_Feedback", "constructor", "__proto__", "e2e_performance", ""]) {
    assert.throws(() => getStandardLayer(text as LayerType), (error: unknown) => {
      return error instanceof UnknownEnumValueError && error.enumName === "LayerType";
    });
  }
});

Deno.test("getAllStandardLayers gives every caller a list of its own", () => {
  const layers = getAllStandardLayers();
  assert.deepEqual(layers, Object.values(STANDARD_LAYERS));
  layers.pop();
  assert.equal(getAllStandardLayers().length, 4);
});
