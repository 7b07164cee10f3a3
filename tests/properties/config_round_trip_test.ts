import assert from "node:assert/strict";
import fc from "fast-check";
import { dump } from "js-yaml";
import { z } from "zod";
import { fixedEnv } from "../../config/env_reader.ts";
import { configSchema } from "../../config/files/config_schema.ts";
import { parseConfig } from "../../config/files/parse_config.ts";
import { substitute } from "../../config/files/substitution.ts";
import { recoverySchema } from "../../config/schemas/recovery.ts";
import { checkAsyncProperty, checkProperty } from "../support/property.ts";

const anything = configSchema({ name: "anything", schema: z.record(z.string(), z.unknown()) });
const key = fc.string({ minLength: 1, maxLength: 8 }).filter((each) => each !== "__proto__");
const literal = fc.string({ unit: "grapheme", maxLength: 12 }).filter((each) =>
  !each.includes("${")
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: true }),
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    literal,
    fc.array(tie("value"), { maxLength: 4 }),
    tie("tree"),
  ),
}));

Deno.test("parseConfig gives back what was written, as JSON and as YAML", async () => {
  const read = async (text: string) => (await parseConfig(text, anything)).config;
  await checkAsyncProperty(
    fc.asyncProperty(tree, async (value) => {
      assert.deepEqual(await read(JSON.stringify(value)), value);
      assert.deepEqual(await read(dump(value)), value);
    }),
    500,
  );
});

Deno.test("parseConfig reads a document that it gave as the same document", async () => {
  const read = async (text: string) => (await parseConfig(text, recoverySchema)).config;
  const given = fc.record({
    enabled: fc.boolean(),
    poll_interval: fc.integer({ min: 1, max: 86_400 }),
    cooldowns: fc.dictionary(key, fc.integer({ min: 0, max: 1_000 }), { noNullPrototype: true }),
    thresholds: fc.record({ failed_components: fc.integer({ min: 1, max: 100 }) }),
  }, { requiredKeys: [], noNullPrototype: true });
  await checkAsyncProperty(
    fc.asyncProperty(given, async (value) => {
      const config = await read(JSON.stringify(value));
      assert.deepEqual(await read(JSON.stringify(config)), config);
    }),
    200,
  );
});

Deno.test("substitute puts a value in as it is wherever it stands among other text", () => {
  checkProperty(fc.property(fc.string(), literal, literal, (value, before, after) => {
    const text = `x${before.replaceAll("$", "")}\${BATON_V}${after.replaceAll("$", "")}`;
    const { value: result } = substitute(text, fixedEnv({ BATON_V: value }));
    assert.equal(result, `x${before.replaceAll("$", "")}${value}${after.replaceAll("$", "")}`);
  }));
});

Deno.test("substitute makes a number only of a text that says the same number", () => {
  checkProperty(
    fc.property(fc.oneof(fc.string(), fc.float().map(String)), (value) => {
      const { value: result, text } = substitute("${BATON_V}", fixedEnv({ BATON_V: value }));
      assert.equal(text, value);
      if (typeof result !== "number") return;
      assert.ok(Number.isFinite(result));
      assert.equal(result, Number(value.replaceAll("_", "")));
    }),
    1_000,
  );
});
