import assert from "node:assert/strict";
import {
  argv,
  expectedStatus,
  passedVariables,
  variableName,
  verifier,
  workingDirectory,
} from "../../../config/schemas/recovery_verifiers.ts";

Deno.test("a verifier of each kind has its defaults", () => {
  const cases = [
    [{ component: "api" }, { component: "api" }],
    [{ http: { url: "http://a.org" } }, {
      http: { url: "http://a.org", timeout: 5, expect_status: [] },
    }],
    [{ tcp: { port: 80 } }, { tcp: { host: "127.0.0.1", port: 80, timeout: 5 } }],
    [{ command: { argv: ["true"] } }, {
      command: { argv: ["true"], cwd: null, env: [], timeout: 30 },
    }],
  ];
  for (const [given, filled] of cases) assert.deepEqual(verifier.parse(given), filled);
});

Deno.test("a verifier refuses what cannot be", () => {
  const cases = [
    {},
    { component: "api", tcp: { port: 80 } },
    { component: "" },
    { http: { url: "ftp://a.org" } },
    { tcp: { port: 0 } },
    { command: { argv: [] } },
    { command: { argv: [""] } },
    { tcp: { port: 80, timeout: 0 } },
    { other: 1 },
  ];
  for (const given of cases) assert.ok(!verifier.safeParse(given).success, JSON.stringify(given));
});

Deno.test("the shapes of programs take what a program can have", () => {
  const cases = [
    { shape: argv(), good: [["a"], ["a", ""]], bad: [[], [""], "a"] },
    { shape: variableName(), good: ["PATH", "_x1"], bad: ["", "1X", "A-B", "A=B"] },
    { shape: workingDirectory, good: ["/", null, undefined], bad: ["", 5] },
    { shape: passedVariables, good: [[], ["PATH"], undefined], bad: [["A B"], "PATH"] },
    { shape: expectedStatus, good: [[], [204], undefined], bad: [[99], [600], 204] },
  ];
  for (const { shape, good, bad } of cases) {
    for (const value of good) assert.ok(shape.safeParse(value).success, JSON.stringify(value));
    for (const value of bad) assert.ok(!shape.safeParse(value).success, JSON.stringify(value));
  }
});
