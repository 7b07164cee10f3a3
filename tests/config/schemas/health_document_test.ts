import assert from "node:assert/strict";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { healthSchema } from "../../../config/schemas/health.ts";
import { schema } from "../../../config/schemas/health_document.ts";
import { refusedPaths } from "./refused_paths.ts";

Deno.test("the schema of a health document is what healthSchema loads", async () => {
  assert.equal(schema.name, healthSchema.name);
  assert.equal(await schema.jsonSchema(), await healthSchema.jsonSchema());
});

Deno.test("a health document refuses figures out of range", async () => {
  const cases = [
    { text: "interval: 0", path: "interval" },
    { text: "interval: 86401", path: "interval" },
    { text: "timeout: 0", path: "timeout" },
    { text: "failure_threshold: 0", path: "failure_threshold" },
    { text: "success_threshold: 1.5", path: "success_threshold" },
    { text: "checks: {}", path: "checks" },
    { text: "components: []", path: "components" },
    { text: "components: { '': { type: memory } }", path: 'components[""]' },
  ];
  for (const { text, path } of cases) {
    assert.deepEqual(await refusedPaths(text, healthSchema), [path], text);
  }
  const many = Array.from({ length: 1_001 }, (_, i) => `  c${i}: { type: memory }`).join("\n");
  assert.deepEqual(await refusedPaths(`components:\n${many}`, healthSchema), ["components"]);
});

Deno.test("a health document warns of what is slow only when it is too late", async () => {
  const text = `
timeout: 2
components:
  a: { type: memory, slow: 2 }
  b: { type: memory, slow: 2, timeout: 3 }
  c: { type: memory, slow: 1.9 }`;
  const { contradictions } = await parseConfig(text, healthSchema);
  assert.deepEqual(contradictions.map(({ path, severity, line }) => [path, severity, line]), [
    ["components.a.slow", "warning", 4],
  ]);
});
