import assert from "node:assert/strict";
import { layerReferenceRules } from "../../../config/schemas/layer_reference_rules.ts";
import { contradictions, layersText } from "./layers_text.ts";

Deno.test("layerReferenceRules finds whoever names a layer that is not there", () => {
  const background_execution = {
    enabled: false,
    max_background_layers: 0,
    background_layers: ["x"],
  };
  const found = layerReferenceRules({
    layers: {},
    execution_config: {
      fail_fast_strategy: { y: "layer" },
      background_execution: {
        ...background_execution,
        monitoring_interval_seconds: 30,
      },
    },
    environments: { dev: { layer_overrides: { z: {} } } },
    service_dependencies: { redis: { required_for_layers: ["v"] } },
  });
  assert.deepEqual(found.map(({ path, severity = "error" }) => `${severity} ${path.join(".")}`), [
    "error execution_config.fail_fast_strategy.y",
    "error execution_config.background_execution.background_layers.0",
    "error environments.dev.layer_overrides.z",
    "error service_dependencies.redis.required_for_layers.0",
    "warning execution_config.background_execution",
  ]);
});

Deno.test("layerReferenceRules finds a background that does not agree with itself", async () => {
  const at = "warning execution_config.background_execution";
  const cases = [
    { layer: { background_execution: true }, background: { background_layers: ["a"] }, found: [] },
    { layer: {}, background: {}, found: [] },
    {
      layer: {},
      background: { background_layers: ["a"] },
      found: [
        `${at}.background_layers[0]: a layer in the background whose background_execution is off`,
      ],
    },
    {
      layer: { background_execution: true },
      background: { enabled: false },
      found: [`${at}: layers in the background, where none may run`],
    },
    {
      layer: { background_execution: true },
      background: { max_background_layers: 0 },
      found: [`${at}: layers in the background, where none may run`],
    },
  ];
  for (const { layer, background, found } of cases) {
    const text = layersText({ a: layer }, {}, { background_execution: background });
    assert.deepEqual(await contradictions(text), found);
  }
});
