import assert from "node:assert/strict";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { fixedEnv } from "../../../config/env_reader.ts";
import { healthSchema } from "../../../config/schemas/health.ts";

Deno.test("healthSchema watches nothing by default", async () => {
  assert.deepEqual(await healthSchema.defaults(), {
    interval: 10,
    timeout: 5,
    failure_threshold: 3,
    success_threshold: 1,
    components: {},
  });
});

Deno.test("healthSchema fills in variables", async () => {
  const text = `
components:
  a:
    type: tcp
    port: \${BATON_PORT:8000}
    enabled: \${BATON_ON:no}`;
  const { config } = await parseConfig(text, healthSchema, { env: fixedEnv({}) });
  const component = config.components["a"];
  assert.ok(component?.type === "tcp");
  assert.deepEqual([component.port, component.enabled], [8_000, false]);
});
