import assert from "node:assert/strict";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { testLayersSchema } from "../../../config/schemas/test_layers.ts";
import { layersText } from "./layers_text.ts";
import { refusedPaths } from "./refused_paths.ts";

Deno.test("testLayersSchema fills in what a file leaves out", async () => {
  const { config, contradictions } = await parseConfig(layersText({ a: {} }), testLayersSchema);
  assert.deepEqual(contradictions, []);
  assert.equal(config.metadata.config_schema_version, "1.0");
  assert.deepEqual([config.environments, config.service_dependencies], [{}, {}]);
  assert.equal(config.monitoring.progress_tracking.enabled, true);
});

Deno.test("testLayersSchema refuses what is missing or out of range", async () => {
  const cases = [
    { text: "layers: {}", paths: ["execution_config", "layers", "metadata"] },
    { text: layersText({}), paths: ["layers"] },
    { text: layersText({ "Bad Key": {} }), paths: ['layers["Bad Key"]'] },
    {
      text: layersText({ a: {} }, { metadata: { version: "1", description: "Layers for tests" } }),
      paths: ["metadata.version"],
    },
    {
      text: layersText({ a: {} }, { environments: { dev: { timeout_multiplier: 0 } } }),
      paths: ["environments.dev.timeout_multiplier"],
    },
    { text: layersText({ a: {} }, { enviroments: {} }), paths: ["enviroments"] },
  ];
  for (const { text, paths } of cases) {
    assert.deepEqual((await refusedPaths(text, testLayersSchema)).toSorted(), paths, text);
  }
});

Deno.test("testLayersSchema describes itself for editors", async () => {
  const { properties, required } = await testLayersSchema.jsonSchema() as {
    properties: Record<string, { description?: string }>;
    required: string[];
  };
  assert.deepEqual(required, ["metadata", "layers", "execution_config"]);
  assert.ok(Object.values(properties).every(({ description }) => description));
});
