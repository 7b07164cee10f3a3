import assert from "node:assert/strict";
import { checkTests, testNeedOf } from "../../tools/check_tests.ts";
import { formatFinding } from "../../tools/finding.ts";

const CLOSED_SET = `/** A set. */
export const Mode = {
  /** One. */
  ONE: "one",
} as const;

/** A set. */
export type Mode = (typeof Mode)[keyof typeof Mode];
`;

const NEEDS: readonly { name: string; path: string; text: string; need: string }[] = [
  {
    name: "it has a function",
    path: "a/b.ts",
    text: "export function f(): void {}",
    need: "own test",
  },
  { name: "it has a class", path: "a/b.ts", text: "export class A {}", need: "own test" },
  { name: "it has a constant", path: "a/b.ts", text: "export const A = 1;", need: "own test" },
  {
    name: "it has a statement",
    path: "a/b.ts",
    text: "if (import.meta.main) run();",
    need: "own test",
  },
  {
    name: "it calls something",
    path: "a/b.ts",
    text: 'import { f } from "./f.ts";\nf();',
    need: "own test",
  },
  {
    name: "it has an interface",
    path: "a/b.ts",
    text: "export interface A { class: string }",
    need: "none",
  },
  {
    name: "it has a type",
    path: "a/b.ts",
    text: "export type A = { const: 1 } | B;",
    need: "none",
  },
  {
    name: "it imports types",
    path: "a/b.ts",
    text: 'import type { A } from "./a.ts";',
    need: "none",
  },
  {
    name: "it re-exports",
    path: "a/b.ts",
    text: 'export { a, type B } from "./a.ts";',
    need: "none",
  },
  { name: "it only talks of code", path: "a/b.ts", text: "/** function f() */", need: "none" },
  { name: "it is an entry point", path: "a/mod.ts", text: "export const a = 1;", need: "none" },
  {
    name: "it is a closed set of enums/",
    path: "enums/mode.ts",
    text: CLOSED_SET,
    need: "enums test",
  },
  {
    name: "it is a closed set elsewhere",
    path: "health/mode.ts",
    text: CLOSED_SET,
    need: "own test",
  },
  {
    name: "it has a function beside a closed set",
    path: "enums/mode.ts",
    text: `${CLOSED_SET}export function isMode(text: string): boolean { return text in Mode; }`,
    need: "own test",
  },
];

for (const { name, path, text, need } of NEEDS) {
  Deno.test(`testNeedOf asks a file for "${need}" when ${name}`, () => {
    assert.equal(testNeedOf({ path, text }), need);
  });
}

const CODE = "export function f(): void {}";

function problemsOf(
  shipped: Readonly<Record<string, string>>,
  tests: Readonly<Record<string, string>>,
): string[] {
  const filesOf = (texts: Readonly<Record<string, string>>) =>
    Object.entries(texts).map(([path, text]) => ({ path, text }));
  return checkTests(filesOf(shipped), filesOf(tests)).map(formatFinding);
}

Deno.test("checkTests finds nothing when tests mirror the files", () => {
  const shipped = {
    "clock.ts": CODE,
    "enums/mod.ts": "",
    "enums/mode.ts": CLOSED_SET,
    "orchestration/recovery/rule.ts": CODE,
  };
  const tests = {
    "tests/clock_test.ts": "",
    "tests/enums/mod_test.ts": "",
    "tests/orchestration/recovery/rule_test.ts": "",
    "tests/e2e/failover_test.ts": "",
    "tests/support/make_node.ts": "",
  };
  assert.deepEqual(problemsOf(shipped, tests), []);
});

Deno.test("checkTests names the missing test when a file has none", () => {
  assert.deepEqual(problemsOf({ "health/a.ts": CODE }, {}), [
    "health/a.ts: has no test: tests/health/a_test.ts does not exist. Write it there, under the name of the file it tests",
  ]);
});

Deno.test("checkTests asks for the one test of enums when a closed set has none", () => {
  const problems = problemsOf({ "enums/mode.ts": CLOSED_SET }, {});
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /^enums\/mode\.ts: has no test: tests\/enums\/mod_test\.ts/);
});

Deno.test("checkTests refuses a test when the file it mirrors does not exist", () => {
  const problems = problemsOf({}, { "tests/health/gone_test.ts": "" });
  assert.equal(problems.length, 1);
  assert.match(
    problems[0] ?? "",
    /^tests\/health\/gone_test\.ts: mirrors health\/gone\.ts, which does/,
  );
});

const SWITCHES: readonly string[] = [
  'Deno.test.only("x", f);',
  'Deno.test.ignore("x", f);',
  'describe.only("x", f);',
  'it.skip("x", f);',
  'Deno.test({ name: "x", ignore: true, fn: f });',
  'Deno.test("x", { only: true }, f);',
];

for (const text of SWITCHES) {
  Deno.test(`checkTests refuses a test file when it has ${text}`, () => {
    const problems = problemsOf({}, { "tests/e2e/a_test.ts": `\n${text}` });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^tests\/e2e\/a_test\.ts:2: has ".*", which keeps tests from/);
  });
}

Deno.test("checkTests accepts a test when it is ignored for a permission that is missing", () => {
  const text = 'Deno.test({ name: "x", ignore: !granted, fn: f });';
  assert.deepEqual(problemsOf({}, { "tests/e2e/a_test.ts": text }), []);
});
