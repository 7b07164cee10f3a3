import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";

const env = fixedEnv({ BATON_SECRET: "hunter2" });

async function refusal(text: string, options = {}): Promise<ConfigError> {
  try {
    await parseConfig(text, recoverySchema, { env, file: "r.yaml", ...options });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

Deno.test("parseConfig tells all faults of all kinds together, in the order of the text", async () => {
  const error = await refusal(
    "enabld: true\npoll_interval: 0\nlogging:\n  level: ${BATON_GONE}\n  level: INFO\n" +
      "redis: { port: many }\n",
  );
  assert.equal(error.code, "CONFIG_SYNTAX");
  assert.deepEqual(error.message.split("\n"), [
    'r.yaml:1:1 enabld: unknown key, did you mean "enabled"? (got "enabld", expected one of ' +
    "enabled, poll_interval, thresholds, handlers, logging, advanced, cooldowns, " +
    "recovery_actions, redis, services)",
    "r.yaml:2:16 poll_interval: out of range (got 0, expected at least 0.1)",
    "r.yaml:4:10 logging.level: the variable BATON_GONE is not set (got nothing, expected a " +
    "value, or a default: ${BATON_GONE:default})",
    'r.yaml:5:3 logging.level: duplicate key (got "level", expected each key once)',
    'r.yaml:6:16 redis.port: wrong type (got "many", expected a number)',
  ]);
});

Deno.test("parseConfig names the variable of a value that is refused, and not the value", async () => {
  const { message } = await refusal("poll_interval: ${BATON_SECRET}");
  assert.match(
    message,
    /wrong type, from the variable BATON_SECRET \(got a text, expected a number/,
  );
  assert.doesNotMatch(message, /hunter2/);
});

Deno.test("parseConfig gives a frozen document, its source, and contradictions that refuse nothing", async () => {
  const text = "cooldowns: { cach_purge: 5 }\n";
  const loaded = await parseConfig(text, recoverySchema, { env, file: "r.yaml" });
  assert.equal(loaded.source, "r.yaml");
  assert.ok(Object.isFrozen(loaded.config.cooldowns) && Object.isFrozen(loaded.contradictions));
  assert.throws(() => Object.assign(loaded.config.cooldowns, { safe_mode: 1 }), TypeError);
  const [warning] = loaded.contradictions;
  assert.deepEqual([warning?.severity, warning?.line, warning?.column], ["warning", 1, 14]);
  assert.equal((await parseConfig(text, recoverySchema)).source, null);
});

Deno.test("parseConfig counts columns behind a byte order mark", async () => {
  assert.equal((await refusal("\ufeffpoll_interval: x")).faults[0]?.column, 16);
});

Deno.test("parseConfig reads JSON, with the same places", async () => {
  const { config } = await parseConfig('{"poll_interval": 5,\n\t"enabled": false}', recoverySchema);
  assert.deepEqual([config.poll_interval, config.enabled], [5, false]);
  const [fault] = (await refusal('{"enabled": true,\n "poll_interval": "5"}')).faults;
  assert.deepEqual([fault?.line, fault?.column], [2, 19]);
});

Deno.test("parseConfig bounds the text, in bytes", async () => {
  const text = "# äöü\nenabled: true\n";
  const bytes = new TextEncoder().encode(text).length;
  const { config } = await parseConfig(text, recoverySchema, { maxBytes: bytes });
  assert.equal(config.enabled, true);
  assert.equal((await refusal(text, { maxBytes: bytes - 1 })).code, "CONFIG_TOO_LARGE");
  for (const maxBytes of [0, -1, 1.5, NaN]) {
    await assert.rejects(parseConfig(text, recoverySchema, { maxBytes }), RangeError);
  }
});

Deno.test("parseConfig pollutes nothing", async () => {
  await refusal("__proto__: { polluted: true }\nthresholds: { constructor: { prototype: 1 } }");
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("parseConfig ends at a bomb of aliases", async () => {
  let text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (let i = 1; i < 12; i++) {
    text += `a${i}: &a${i} [${Array(9).fill(`*a${i - 1}`).join(", ")}]\n`;
  }
  const error = await refusal(text);
  assert.equal(error.code, "CONFIG_SYNTAX");
  assert.equal(error.faults[0]?.message, "too many values");
});

Deno.test("parseConfig is soon done with thousands of misspelt names", async () => {
  const lines = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join("\n");
  for (const known of [150, 8_000]) {
    const text = `cooldowns:\n${lines(20_000, (i) => `  action_with_a_name_${i}: 1`)}\n` +
      `recovery_actions:\n${lines(known, (i) => `  akction_with_a_name_${i}: {}`)}\n`;
    const start = performance.now();
    const { contradictions } = await parseConfig(text, recoverySchema, { env });
    // Some 300 ms; it was a minute when each name was compared with each.
    assert.ok(performance.now() - start < 5_000, `${known} known`);
    assert.deepEqual([contradictions.length, contradictions.at(-1)?.severity], [101, "warning"]);
    assert.equal(contradictions[0]!.message.includes("did you mean"), known === 150);
  }
});
