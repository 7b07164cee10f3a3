import assert from "node:assert/strict";
import { fixedEnv } from "../../config/env_reader.ts";
import { ConfigError } from "../../config/files/config_error.ts";
import { formatFault } from "../../config/files/config_fault.ts";
import type { ConfigSchema } from "../../config/files/config_schema.ts";
import { parseConfig } from "../../config/files/parse_config.ts";
import { recoverySchema } from "../../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../../config/schemas/recovery_policies.ts";
import { testLayersSchema } from "../../config/schemas/test_layers.ts";
import { CATEGORY, type LayerChange, layersText } from "../config/schemas/layers_text.ts";

const SECRET = "hunter2-secret";
const V = "${BATON_SECRET}";

const layers = (
  changes: Readonly<Record<string, LayerChange>>,
  rest: Readonly<Record<string, unknown>> = {},
  run: Readonly<Record<string, unknown>> = {},
) => ({ schema: testLayersSchema, text: layersText(changes, rest, run) });

/** Each makes one rule, or one check of a shape, speak of a value that is a secret. */
const CASES: Readonly<
  Record<string, { schema: ConfigSchema<unknown>; text: string; secret?: string }>
> = {
  "a number that is none": { schema: recoverySchema, text: `poll_interval: ${V}` },
  "a number that is none, within a text": { schema: recoverySchema, text: `enabled: "x${V}"` },
  "a word that is unknown": { schema: recoverySchema, text: `logging: { level: "${V}" }` },
  "a text in the wrong form": layers({ a: {} }, {
    service_dependencies: { redis: { health_check_endpoint: V } },
  }),
  "a text that is too long": {
    schema: recoverySchema,
    text: `logging: { format: "${V}${"x".repeat(1_000)}" }`,
  },
  "a step with an unknown action": {
    schema: recoveryPoliciesSchema,
    text: `recovery_policies: { p: { escalation_chain: [{ action: "${V}" }] } }`,
  },
  "an unknown dependency": layers({ a: { dependencies: [V] } }),
  "a conflict with no layer": layers({ a: { conflicts: [V] } }),
  "a layer that depends on itself": { ...layers({ secret_a: { dependencies: [V] } }) },
  "a dependency against the order": {
    ...layers({ a: { dependencies: [V] }, secret_b: {} }),
    secret: "secret_b",
  },
  "an unknown layer in the background": layers({ a: {} }, {}, {
    background_execution: { background_layers: [V] },
  }),
  "a service for no layer": layers({ a: {} }, {
    service_dependencies: { redis: { required_for_layers: [V] } },
  }),
  "an undefined service": layers({ a: { required_services: [V] } }),
  "an undefined service in an override": layers({
    a: { environment_overrides: { dev: { required_services: [V] } } },
  }),
  "a service that depends on an undefined one": layers({ a: {} }, {
    service_dependencies: { redis: { depends_on: [V] } },
  }),
  "a category twice": {
    ...layers({ a: { categories: [CATEGORY, { ...CATEGORY, name: V }] } }),
    secret: "unit",
  },
};

for (const [name, { schema, text, secret = SECRET }] of Object.entries(CASES)) {
  Deno.test(`parseConfig tells nothing of a secret in ${name}`, async () => {
    const env = fixedEnv({ BATON_SECRET: secret });
    const told = await parseConfig(text, schema, { env }).then(
      ({ contradictions }) => contradictions,
      (error) => {
        assert.ok(error instanceof ConfigError);
        return error.faults;
      },
    );
    const lines = told.filter(({ message }) => message.includes("from the variable"));
    assert.ok(lines.length > 0, "no fault speaks of the variable");
    for (const line of lines.map(formatFault)) {
      assert.ok(!line.includes(secret), line);
      assert.match(line, /BATON_SECRET \(got a text, /);
    }
  });
}

Deno.test("parseConfig tells a circle by the keys of the file, and not where a variable closes it", async () => {
  const closing = (changes: Readonly<Record<string, LayerChange>>) => layers(changes).text;
  const services = { redis: { depends_on: [V] }, mail: { depends_on: ["redis"] } };
  const cases = [
    {
      text: closing({ mail: { dependencies: [V] }, b: { dependencies: ["mail"] } }),
      secret: "b",
      got: "a list of 1",
    },
    {
      text: closing({ mail: { dependencies: ["b"] }, b: { dependencies: [V] } }),
      secret: "mail",
      got: "mail -> b -> mail",
    },
    {
      text: layersText({ a: {} }, { service_dependencies: services }),
      secret: "mail",
      got: "a list of 1",
    },
  ];
  for (const { text, secret, got } of cases) {
    const env = fixedEnv({ BATON_SECRET: secret });
    const { contradictions } = await parseConfig(text, testLayersSchema, { env });
    const circle = contradictions.find(({ message }) => message.includes("on each other"));
    assert.equal(circle?.got, got);
  }
});
