import assert from "node:assert/strict";
import { parseCondition } from "../../../orchestration/recovery/condition.ts";
import type { ConditionContext } from "../../../orchestration/recovery/condition_context.ts";
import { CASES, type ConditionCase, type Expectation } from "./condition_cases.ts";
import { refusal } from "./refusal.ts";

/** Rows that need a test of their own, below. */
const ROWS_APART = [85];

Deno.test("the table has every row of the reference, 1 to 86", () => {
  const rows = new Set([...CASES.map(({ row }) => row), ...ROWS_APART]);
  assert.deepEqual([...rows].sort((a, b) => a - b), Array.from({ length: 86 }, (_, i) => i + 1));
});

for (const [row, cases] of Map.groupBy(CASES, (each) => each.row)) {
  const texts = [...new Set(cases.map(({ text }) => JSON.stringify(text).slice(0, 60)))];
  Deno.test(`parseCondition answers row ${row}: ${texts.join(", ")}`, () => {
    for (const each of cases) check(each);
  });
}

function check({ text, context, expected }: ConditionCase): void {
  const name = `${JSON.stringify(text)} in ${JSON.stringify(context)}`;
  const parse = () => parseCondition(text as string);
  const evaluate = () => parse().evaluate(context as ConditionContext);
  if (typeof expected === "boolean") return assert.equal(evaluate(), expected, name);
  checkRefusal(expected.at === "parse" ? parse : evaluate, expected, name);
  if (expected.at === "evaluate") parse();
}

function checkRefusal(run: () => unknown, expected: Exclude<Expectation, boolean>, name: string) {
  const error = refusal(run);
  assert.equal(error.kind, expected.kind, name);
  assert.ok(error.message.includes(expected.says), `${name}: ${error.message}`);
}

Deno.test("parseCondition keeps a condition apart from those that are parsed later (row 85)", () => {
  const first = parseCondition("severity >= 0.8");
  const second = parseCondition("severity >= 0.2");
  assert.deepEqual([first, second].map((each) => each.evaluate({ severity: 0.5 })), [false, true]);
});

Deno.test("parseCondition reads not, and and or in this order of precedence", () => {
  const cases = [
    { text: "not a_failed and b_failed", like: "(not a_failed) and b_failed" },
    { text: "not a_failed or b_failed", like: "(not a_failed) or b_failed" },
    { text: "a_failed or b_failed and c_failed", like: "a_failed or (b_failed and c_failed)" },
    { text: "a_failed and b_failed or c_failed", like: "(a_failed and b_failed) or c_failed" },
    { text: "not not a_failed", like: "a_failed" },
    { text: "not(a_failed or b_failed)", like: "not a_failed and not b_failed" },
    { text: "not step == 1", like: "not (step == 1)" },
  ];
  for (const { text, like } of cases) {
    for (let bits = 0; bits < 8; bits++) {
      const context = {
        a_failed: (bits & 1) > 0,
        b_failed: (bits & 2) > 0,
        c_failed: (bits & 4) > 0,
        step: bits & 1,
      };
      const [found, wanted] = [text, like].map((each) => parseCondition(each).evaluate(context));
      assert.equal(found, wanted, `${text} in ${bits}`);
    }
  }
});

Deno.test("evaluate looks at the right side of and and or only when it matters", () => {
  const cases = [
    { text: "severity > 0 or step > 0", holds: true },
    { text: "severity < 0 and step > 0", holds: false },
    { text: "severity > 0 and (step > 0 or severity > 0)", holds: "missing_variable" },
    { text: "step > 0 or severity > 0", holds: "missing_variable" },
  ];
  for (const { text, holds } of cases) {
    const condition = parseCondition(text);
    const run = () => condition.evaluate({ severity: 0.5 });
    assert.equal(typeof holds === "string" ? refusal(run).kind : run(), holds, text);
  }
});

Deno.test("parseCondition takes flags alone or beside flags, and refuses them beside other things", () => {
  const context = { restart_failed: true, a1_b_failed: true, previous_step_failed: false };
  const cases: { text: string; outcome: boolean | string }[] = [
    { text: "restart_failed", outcome: true },
    { text: "unheard_of_failed", outcome: false },
    { text: "restart_failed == a1_b_failed", outcome: true },
    { text: "restart_failed != previous_step_failed", outcome: true },
    { text: "restart_failed == 1", outcome: "type" },
    { text: "'true' != restart_failed", outcome: "type" },
    { text: "severity == restart_failed", outcome: "type" },
    { text: "restart_failed >= previous_step_failed", outcome: "type" },
    { text: "_failed", outcome: "unknown_variable" },
    { text: "1_failed", outcome: "unknown_variable" },
    { text: "failed", outcome: "unknown_variable" },
    { text: "restart_FAILED", outcome: "unknown_variable" },
    { text: "__proto___failed", outcome: "unknown_variable" },
  ];
  for (const { text, outcome } of cases) {
    const run = () => parseCondition(text).evaluate(context);
    assert.equal(typeof outcome === "string" ? refusal(run).kind : run(), outcome, text);
  }
});

Deno.test("parseCondition refuses what is longer, deeper or greater than its limits", () => {
  const padded = (length: number) => "severity >= 0.8".padEnd(length);
  const cases: { name: string; text: string; refused: string | null; offset?: number }[] = [
    { name: "1,000 characters", text: padded(1_000), refused: null },
    { name: "1,001 characters", text: padded(1_001), refused: "too long", offset: 1_000 },
    { name: "a megabyte", text: `'${"x".repeat(1_048_576)}' == ''`, refused: "too long" },
    { name: "24 levels", text: `${"not ".repeat(24)}a_failed`, refused: null },
    { name: "25 levels", text: `${"not ".repeat(25)}a_failed`, refused: "too complex", offset: 96 },
    { name: "a great number", text: `1 < ${"9".repeat(308)}`, refused: null },
    { name: "infinity", text: `1 < ${"9".repeat(310)}`, refused: "too great", offset: 4 },
  ];
  for (const { name, text, refused, offset } of cases) {
    if (refused === null) {
      parseCondition(text);
      continue;
    }
    const error = refusal(() => parseCondition(text));
    assert.deepEqual([error.kind, error.problem.includes(refused)], ["limit", true], name);
    if (offset !== undefined) assert.equal(error.offset, offset, name);
    assert.ok(error.message.length < 200, `${name}: ${error.message.length}`);
  }
});

Deno.test("parseCondition makes something frozen that says what it was made from and depends on", () => {
  const text = " step > 0 and (severity > .5 or not b_failed == a_failed) or 1 < step ";
  const condition = parseCondition(text);
  assert.equal(condition.text, text);
  assert.deepEqual(condition.names, ["a_failed", "b_failed", "severity", "step"]);
  assert.ok(Object.isFrozen(condition) && Object.isFrozen(condition.names));
  assert.deepEqual(parseCondition("always").names, []);
});
