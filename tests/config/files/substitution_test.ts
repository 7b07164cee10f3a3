import assert from "node:assert/strict";
import { type EnvReader, fixedEnv } from "../../../config/env_reader.ts";
import { EXPANDED_MAX, substitute } from "../../../config/files/substitution.ts";

const env = fixedEnv({
  A: "5",
  B: "true",
  B2: "TRUE",
  C: "0.80",
  G: "1e3",
  H: "007",
  E: "",
  F: "${A}",
  INF: "inf",
  NAN: "nan",
  HUGE: "1e999",
  LONG: "12345678901234567890",
  PLUS: "+5",
  SPACED: " 42 ",
  MINUS: "-3",
  UNDER: "1_000",
  YES: "yes",
  NULL: "null",
  HEX: "0x10",
  LIST: "[1,2]",
});
const ALL = ["*"];

Deno.test("substitute fills in as the table of the reference says, with its changes", () => {
  const cases: { text: string; value: string | number | boolean }[] = [
    { text: "${A}", value: 5 },
    { text: "${B}", value: true },
    { text: "${B2}", value: true },
    { text: "${C}", value: 0.8 },
    { text: "${G}", value: 1_000 },
    { text: "${H}", value: "007" },
    { text: "${E}", value: "" },
    { text: "${E:def}", value: "" },
    { text: "${F}", value: "${A}" },
    { text: "${Z:}", value: "" },
    { text: "${Z:5}", value: 5 },
    { text: "${Z:0.80}", value: 0.8 },
    { text: "${Z:true}", value: true },
    { text: "${ Z : 7 }", value: 7 },
    { text: "${Z: x }", value: "x" },
    { text: "${Z:http://h:80/x}", value: "http://h:80/x" },
    { text: "redis://${Z:localhost}:${A}/${Z:0}", value: "redis://localhost:5/0" },
    { text: "port=${C}", value: "port=0.80" },
    { text: "p=${B}", value: "p=true" },
    { text: "${A}${A}", value: "55" },
    { text: " ${A}", value: " 5" },
    { text: "${A}\n", value: "5\n" },
    { text: "$A", value: "$A" },
    { text: "${A", value: "${A" },
    { text: "${}", value: "${}" },
    { text: "$${A}", value: "${A}" },
    { text: "$$${A}", value: "$${A}" },
    { text: "\\${A}", value: "\\5" },
    { text: "${:x}", value: "x" },
    { text: "${Z:-5}", value: -5 },
    { text: "${Z:${A}}", value: "${A}" },
    { text: "${Z:a}b}", value: "ab}" },
    { text: "${UNDER}", value: 1_000 },
    { text: "${PLUS}", value: 5 },
    { text: "${SPACED}", value: 42 },
    { text: "${MINUS}", value: -3 },
    { text: "${INF}", value: "inf" },
    { text: "${NAN}", value: "nan" },
    { text: "${HUGE}", value: "1e999" },
    { text: "${LONG}", value: "12345678901234567890" },
    { text: "${YES}", value: "yes" },
    { text: "${NULL}", value: "null" },
    { text: "${HEX}", value: "0x10" },
    { text: "${LIST}", value: "[1,2]" },
    { text: "007", value: "007" },
    { text: "true", value: "true" },
    { text: "5", value: "5" },
  ];
  for (const { text, value } of cases) {
    const result = substitute(text, env, ALL);
    assert.deepEqual([result.value, result.problems], [value, []], text);
  }
});

Deno.test("substitute names every variable that is missing", () => {
  const { problems } = substitute("${X} and ${Y:ok} and ${Z}", env, ALL);
  assert.deepEqual(problems.map(({ message }) => message), [
    "the variable X is not set",
    "the variable Z is not set",
  ]);
  assert.equal(substitute("${ }", env, ALL).problems[0]?.message, "a placeholder without a name");
});

Deno.test("substitute reads only variables of its own prefixes, and those that are allowed", () => {
  const asked: string[] = [];
  const spy: EnvReader = {
    read(name) {
      asked.push(name);
      return { kind: "set", value: "1" };
    },
  };
  const cases = [
    { text: "${BATON_X}", allowed: [], ok: true },
    { text: "${ORCHESTRATION_X}", allowed: [], ok: true },
    { text: "${HOME}", allowed: [], ok: false },
    { text: "${HOME:x}", allowed: [], ok: false },
    { text: "${HOME}", allowed: ["HOME"], ok: true },
    { text: "${HOMES}", allowed: ["HOME"], ok: false },
    { text: "${REDIS_HOST}", allowed: ["REDIS_*"], ok: true },
    { text: "${MY_BATON_X}", allowed: [], ok: false },
  ];
  for (const { text, allowed, ok } of cases) {
    asked.length = 0;
    assert.equal(substitute(text, spy, allowed).problems.length === 0, ok, text);
    assert.equal(asked.length, ok ? 1 : 0, text);
  }
});

Deno.test("substitute names the flag for a variable that it may not read, default or not", () => {
  const denied: EnvReader = { read: () => ({ kind: "denied" }) };
  for (const text of ["${BATON_X}", "${BATON_X:1}"]) {
    assert.equal(substitute(text, denied).problems[0]?.expected, "--allow-env=BATON_X");
  }
});

Deno.test("substitute bounds what goes in and what comes out", () => {
  const long = fixedEnv({ BATON_L: "x".repeat(EXPANDED_MAX) });
  assert.equal(substitute("${BATON_L}", long).problems.length, 0);
  const got = `more than ${EXPANDED_MAX} characters`;
  for (const text of ["${BATON_L}x", "x${BATON_L}", "${BATON_L}".repeat(6_000)]) {
    assert.equal(substitute(text, long).problems[0]?.got, got);
  }
  const asked: string[] = [];
  const spy: EnvReader = {
    read(name) {
      asked.push(name);
      return { kind: "set", value: "1" };
    },
  };
  assert.equal(substitute(`\${BATON_L}${"x".repeat(EXPANDED_MAX)}`, spy).problems[0]?.got, got);
  assert.deepEqual(asked, []);
  let readCount = 0;
  const huge: EnvReader = {
    read(name) {
      if (name === "BATON_L") readCount++;
      return { kind: "set", value: "x".repeat(EXPANDED_MAX) };
    },
  };
  assert.equal(substitute("${BATON_L}".repeat(100), huge).problems[0]?.got, got);
  assert.equal(readCount, 2);
});

Deno.test("substitute takes as long as the text is, whatever is left open in it", () => {
  for (const part of ["${", "$${", "${}", "${A"]) {
    const text = part.repeat(Math.floor(EXPANDED_MAX / part.length));
    const start = performance.now();
    substitute(text, env);
    // Some ms; it was 800 when each opening was looked at to the end of the text.
    assert.ok(performance.now() - start < 200, part);
  }
});
