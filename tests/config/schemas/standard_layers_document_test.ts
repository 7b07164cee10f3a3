import assert from "node:assert/strict";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { loadConfig } from "../../../config/files/load_config.ts";
import { standardLayersDocument } from "../../../config/schemas/standard_layers_document.ts";
import { testLayersSchema } from "../../../config/schemas/test_layers.ts";
import { STANDARD_LAYERS } from "../../../enums/standard_layers.ts";

Deno.test("standardLayersDocument says the standard layers without a contradiction", async () => {
  const text = JSON.stringify(standardLayersDocument());
  const { config, contradictions } = await parseConfig(text, testLayersSchema);
  assert.deepEqual(contradictions, []);
  assert.deepEqual(Object.keys(config.layers), Object.keys(STANDARD_LAYERS));
  for (const [name, layer] of Object.entries(config.layers)) {
    const standard = STANDARD_LAYERS[name as keyof typeof STANDARD_LAYERS];
    assert.deepEqual(layer.categories.map((each) => each.name), [...standard.categories]);
    assert.deepEqual(layer.required_services, [...standard.serviceDependencies]);
    assert.equal(layer.max_duration_minutes, standard.timeoutMinutes);
    assert.equal(layer.background_execution, standard.isBackgroundEligible);
    for (const { resource_requirements } of layer.categories) {
      assert.equal(resource_requirements.requires_real_llm, standard.requiresRealLlm);
    }
  }
  assert.deepEqual(Object.values(config.layers).map((layer) => layer.execution_mode), [
    "parallel",
    "sequential",
    "hybrid",
    "sequential",
  ]);
  assert.deepEqual(config.layers["e2e_background"]?.dependencies, ["service_integration"]);
});

Deno.test("standardLayersDocument is what holds without a layer file", async () => {
  const { config, source } = await loadConfig("layers.yaml", testLayersSchema, {
    optional: true,
    readText: () => Promise.reject(new Deno.errors.NotFound()),
  });
  assert.equal(source, null);
  assert.equal(config.layers["fast_feedback"]?.name, "Fast feedback");
  assert.ok(Object.isFrozen(config.layers["fast_feedback"]?.categories));
});
