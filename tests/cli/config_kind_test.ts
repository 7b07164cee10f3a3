import assert from "node:assert/strict";
import { CONFIG_KINDS, detectKind, schemaOf } from "../../cli/config_kind.ts";

Deno.test("detectKind goes by the keys at the root, then by the name", () => {
  const cases = [
    { path: "x.yaml", text: "layers: {}", kind: "layers" },
    { path: "recovery.yaml", text: "execution_config: {}", kind: "layers" },
    { path: "x.json", text: '{ "recovery_policies": {} }', kind: "policies" },
    { path: "x.yaml", text: "redis: {}", kind: "recovery" },
    { path: "a/test_layers.yaml", text: "metadata: {}", kind: "layers" },
    { path: "recovery_policies.yml", text: "enabled: true", kind: "policies" },
    { path: "recovery.yaml", text: "a: [", kind: "recovery" },
    { path: "x.yaml", text: "components: {}", kind: "health" },
    { path: "health.yaml", text: "interval: 5", kind: "health" },
    { path: "layers/x.yaml", text: "a: { layers: 1 }", kind: null },
  ];
  for (const { path, text, kind } of cases) assert.equal(detectKind(path, text), kind, path + text);
});

Deno.test("schemaOf gives each kind a schema of its own", () => {
  assert.equal(new Set(CONFIG_KINDS.map((kind) => schemaOf(kind).name)).size, CONFIG_KINDS.length);
});
