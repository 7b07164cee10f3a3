import assert from "node:assert/strict";
import { z } from "zod";
import { fixedEnv } from "../../../config/env_reader.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import { configSchema } from "../../../config/files/config_schema.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";

const schema = configSchema({
  name: "all kinds",
  schema: z.strictObject({
    flag: z.boolean().default(true),
    text: z.string().default("-"),
    count: z.number().default(1),
    map: z.strictObject({ deep: z.boolean().default(false) }).prefault({}),
    list: z.array(z.boolean()).default([]),
  }),
});
const env = fixedEnv({
  BATON_YES: "Yes",
  BATON_DIGITS: "0042",
  BATON_PIN: "1234",
  BATON_TRUE: "true",
});

Deno.test("concede reads again what the schema wants to be something else", async () => {
  const cases = [
    { text: "flag: off", read: { flag: false } },
    { text: "flag: NO", read: { flag: false } },
    { text: "map: { deep: On }", read: { map: { deep: true } } },
    { text: "list: [yes, off, true]", read: { list: [true, false, true] } },
    { text: "flag: ${BATON_YES}", read: { flag: true } },
    { text: 'flag: "${BATON_NO:no}"', read: { flag: false } },
    { text: "text: ${BATON_PIN}", read: { text: "1234" } },
    { text: "text: ${BATON_TRUE}", read: { text: "true" } },
    { text: "text: ${BATON_DIGITS}", read: { text: "0042" } },
    { text: "text: yes", read: { text: "yes" } },
    { text: "map:\nlist:\n", read: { map: { deep: false }, list: [] } },
  ];
  const defaults = { flag: true, text: "-", count: 1, map: { deep: false }, list: [] };
  for (const { text, read } of cases) {
    const { config } = await parseConfig(text, schema, { env });
    assert.deepEqual(config, { ...defaults, ...read }, text);
  }
});

Deno.test("concede leaves everything else refused", async () => {
  const cases = [
    { text: "flag: 'no'", at: "1:7" },
    { text: '{"flag": "yes"}', at: "1:10" },
    { text: "flag: y", at: "1:7" },
    { text: "flag: 1", at: "1:7" },
    { text: "flag:", at: "1:1" },
    { text: "count: yes", at: "1:8" },
    { text: "text: 5", at: "1:7" },
    { text: "text:", at: "1:1" },
    { text: "map: ''", at: "1:6" },
    { text: "list: [~]", at: "1:8" },
    { text: "flag: constructor", at: "1:7" },
  ];
  for (const { text, at } of cases) {
    await assert.rejects(parseConfig(text, schema, { env }), (error) => {
      assert.ok(error instanceof ConfigError, text);
      assert.deepEqual(error.faults.map(({ line, column }) => `${line}:${column}`), [at], text);
      return true;
    });
  }
});
