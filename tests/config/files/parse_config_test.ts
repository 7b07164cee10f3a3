import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";

const env = fixedEnv({ BATON_SECRET: "hunter2" });

function refusal(text: string, options = {}): ConfigError {
  try {
    parseConfig(text, recoverySchema, { env, file: "r.yaml", ...options });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

Deno.test("parseConfig tells all faults of all kinds together, in the order of the text", () => {
  const error = refusal(
    "enabld: true\npoll_interval: 0\nlogging:\n  level: ${BATON_GONE}\n  level: INFO\n" +
      "redis: { port: many }\n",
  );
  assert.equal(error.code, "CONFIG_SYNTAX");
  assert.deepEqual(error.message.split("\n"), [
    'r.yaml:1:1 enabld: unknown key, did you mean "enabled"? (got "enabld", expected one of ' +
    "enabled, poll_interval, thresholds, cooldowns, recovery_actions, logging, advanced, redis, " +
    "services)",
    "r.yaml:2:16 poll_interval: out of range (got 0, expected at least 0.1)",
    "r.yaml:4:10 logging.level: the variable BATON_GONE is not set (got nothing, expected a " +
    "value, or a default: ${BATON_GONE:default})",
    'r.yaml:5:3 logging.level: duplicate key (got "level", expected each key once)',
    'r.yaml:6:16 redis.port: wrong type (got "many", expected a number)',
  ]);
});

Deno.test("parseConfig names the variable of a value that is refused, and not the value", () => {
  const { message } = refusal("poll_interval: ${BATON_SECRET}");
  assert.match(
    message,
    /wrong type, from the variable BATON_SECRET \(got a text, expected a number/,
  );
  assert.doesNotMatch(message, /hunter2/);
});

Deno.test("parseConfig gives a frozen document, its source, and warnings that refuse nothing", () => {
  const text = "cooldowns: { cach_purge: 5 }\n";
  const loaded = parseConfig(text, recoverySchema, { env, file: "r.yaml" });
  assert.equal(loaded.source, "r.yaml");
  assert.ok(Object.isFrozen(loaded.config.cooldowns) && Object.isFrozen(loaded.warnings));
  assert.throws(() => Object.assign(loaded.config.cooldowns, { safe_mode: 1 }), TypeError);
  const [warning] = loaded.warnings;
  assert.deepEqual([warning?.severity, warning?.line, warning?.column], ["warning", 1, 14]);
  assert.equal(parseConfig(text, recoverySchema).source, null);
});

Deno.test("parseConfig counts columns behind a byte order mark", () => {
  assert.equal(refusal("\ufeffpoll_interval: x").faults[0]?.column, 16);
});

Deno.test("parseConfig reads JSON, with the same places", () => {
  const { config } = parseConfig('{"poll_interval": 5,\n\t"enabled": false}', recoverySchema);
  assert.deepEqual([config.poll_interval, config.enabled], [5, false]);
  const [fault] = refusal('{"enabled": true,\n "poll_interval": "5"}').faults;
  assert.deepEqual([fault?.line, fault?.column], [2, 19]);
});

Deno.test("parseConfig bounds the text, in bytes", () => {
  const text = "# äöü\nenabled: true\n";
  const bytes = new TextEncoder().encode(text).length;
  assert.equal(parseConfig(text, recoverySchema, { maxBytes: bytes }).config.enabled, true);
  assert.equal(refusal(text, { maxBytes: bytes - 1 }).code, "CONFIG_TOO_LARGE");
  for (const maxBytes of [0, -1, 1.5, NaN]) {
    assert.throws(() => parseConfig(text, recoverySchema, { maxBytes }), RangeError);
  }
});

Deno.test("parseConfig pollutes nothing", () => {
  refusal("__proto__: { polluted: true }\nthresholds: { constructor: { prototype: 1 } }");
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("parseConfig ends at a bomb of aliases", () => {
  let text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (let i = 1; i < 12; i++) {
    text += `a${i}: &a${i} [${Array(9).fill(`*a${i - 1}`).join(", ")}]\n`;
  }
  const error = refusal(text);
  assert.equal(error.code, "CONFIG_SYNTAX");
  assert.equal(error.faults[0]?.message, "too many values");
});
