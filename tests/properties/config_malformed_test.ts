import assert from "node:assert/strict";
import fc from "fast-check";
import { fixedEnv } from "../../config/env_reader.ts";
import { ConfigError } from "../../config/files/config_error.ts";
import { parseConfig } from "../../config/files/parse_config.ts";
import { recoveryPoliciesSchema } from "../../config/schemas/recovery_policies.ts";
import { checkAsyncProperty } from "../support/property.ts";

const LINES = `enabled: true
poll_interval: 10
cooldowns:
  restart: 60
  page: 120
recovery_policies:
  latency:
    severity_threshold: 0.5
    description: too slow
    escalation_chain:
      - action: restart
        condition: severity >= 0.5
        params: { pool: checkout }
        timeout: 60
recovery_actions:
  restart:
    timeout: 10
    max_retries: 2
  page:
    timeout: 5
advanced:
  max_concurrent_actions: 1
`.trimEnd().split("\n");

/** Lines "key: number", in which a value can be spoilt. */
const NUMBERS = LINES.flatMap((line, index) => /: [\d.]+$/.test(line) ? [index] : []);
/** The time limit of a step may be left to its action. */
const MAY_BE_NOTHING = LINES.indexOf("        timeout: 60");
const indentOf = (line: string) => /^[ -]*/.exec(line)![0].replaceAll("-", " ");

/** Each makes any line with a number into one that cannot be; all of them are refused. */
const SPOILERS: Readonly<Record<string, (line: string) => string>> = {
  "a tab": (line) => `\t${line}`,
  "no colon": (line) => `${line}\n${indentOf(line)}oops`,
  "an open bracket": (line) => line.replace(/: .*/, ": [1, 2"),
  "an open quote": (line) => line.replace(/: .*/, ': "abc'),
  "a duplicate key": (line) => `${line}\n${line}`,
  "an unknown tag": (line) => line.replace(/: /, ": !js/function "),
  "an alias of nothing": (line) => line.replace(/: .*/, ": *nothing"),
  "__proto__": (line) => `${indentOf(line)}__proto__: 1\n${line}`,
  "a merge key": (line) => `${indentOf(line)}<<: { a: 1 }\n${line}`,
  "a number as a key": (line) => `${indentOf(line)}5: 1\n${line}`,
  "a text": (line) => line.replace(/: .*/, ": many"),
  "a list": (line) => line.replace(/: .*/, ": [1]"),
  "not finite": (line) => line.replace(/: .*/, ": .inf"),
  "not a number": (line) => line.replace(/: .*/, ": .nan"),
  "negative": (line) => line.replace(/: /, ": -"),
  "nothing": (line) => line.replace(/: .*/, ":"),
  "a missing variable": (line) => line.replace(/: .*/, ": ${BATON_NOT_THERE}"),
  "a forbidden variable": (line) => line.replace(/: .*/, ": ${HOME:5}"),
  "a second document": (line) => `${line}\n---\na: 1`,
  "a control character": (line) => line.replace(/: /, ": \u0001"),
};

const env = fixedEnv({});
const parse = (text: string) => parseConfig(text, recoveryPoliciesSchema, { env, file: "m.yaml" });

Deno.test("parseConfig takes the file that the tests below spoil", async () => {
  assert.deepEqual((await parse(LINES.join("\n"))).contradictions, []);
  const lines = LINES.with(MAY_BE_NOTHING, SPOILERS["nothing"]!(LINES[MAY_BE_NOTHING]!));
  const { config: { recovery_policies } } = await parse(lines.join("\n"));
  assert.equal(recovery_policies["latency"]?.escalation_chain[0]?.timeout, null);
});

Deno.test("parseConfig gives 200 malformed files an error with a place each, and never crashes", async () => {
  const spoilt = fc.record({
    at: fc.constantFrom(...NUMBERS),
    how: fc.constantFrom(...Object.keys(SPOILERS)),
  }).filter(({ at, how }) => at !== MAY_BE_NOTHING || how !== "nothing");
  await checkAsyncProperty(
    fc.asyncProperty(spoilt, async ({ at, how }) => {
      const lines = [...LINES];
      lines[at] = SPOILERS[how]!(lines[at]!);
      const text = lines.join("\n");
      try {
        await parse(text);
      } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        const [fault] = error.faults;
        assert.ok(fault!.line >= 1 && fault!.column >= 1, error.message);
        assert.ok(fault!.line <= text.split("\n").length, error.message);
        assert.match(error.message, /^m\.yaml:\d+:\d+.*: .+ \(got .+, expected .+\)/);
        return;
      }
      assert.fail(`accepted: ${how} in line ${at + 1}`);
    }),
    200,
  );
});

Deno.test("parseConfig reads any text or refuses it with a ConfigError, and nothing else", async () => {
  const shred = fc.tuple(
    fc.nat(LINES.join("\n").length),
    fc.nat(12),
    fc.string({
      unit: fc.constantFrom(..."{}[]:,-&*!|>'\"%@`#? \n\tabc01~<$".split("")),
      maxLength: 8,
    }),
  );
  await checkAsyncProperty(
    fc.asyncProperty(fc.array(shred, { maxLength: 4 }), async (cuts) => {
      let text = LINES.join("\n");
      for (const [at, length, put] of cuts) {
        text = text.slice(0, at) + put + text.slice(at + length);
      }
      try {
        await parse(text);
      } catch (error) {
        assert.ok(error instanceof ConfigError, `${error} for ${JSON.stringify(text)}`);
      }
    }),
    1_000,
  );
});
