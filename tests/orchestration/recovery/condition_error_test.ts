import assert from "node:assert/strict";
import { parseCondition } from "../../../orchestration/recovery/condition.ts";
import { ConditionError, quote } from "../../../orchestration/recovery/condition_error.ts";
import { refusal } from "./refusal.ts";

Deno.test("ConditionError says on one line what is wrong, where, what was found and expected", () => {
  const fields = {
    kind: "syntax",
    text: "step 1",
    offset: 5,
    problem: "Unexpected token",
    got: '"1"',
    expected: "an operator",
  } as const;
  const cause = new Error("underneath");
  const error = new ConditionError(fields, { cause });
  assert.equal(
    error.message,
    'Cannot use condition: Unexpected token at offset 5 (got "1", expected an operator)',
  );
  const { kind, text, offset, problem, got, expected } = error;
  assert.deepEqual({ kind, text, offset, problem, got, expected }, fields);
  assert.deepEqual([error.name, error.code, error.cause], [
    "ConditionError",
    "CONDITION_ERROR",
    cause,
  ]);
});

Deno.test("quote keeps a piece short and on one line", () => {
  assert.equal(quote('a"\nb'), '"a\\"\\nb"');
  assert.equal(quote("x".repeat(40)), `"${"x".repeat(40)}"`);
  assert.equal(quote("x".repeat(41)), `"${"x".repeat(40)}…"`);
});

Deno.test("parseCondition says where each kind of mistake is", () => {
  const flags = "severity, recurrence_count, confidence, step, duration, or a flag such as " +
    "previous_step_failed";
  const cases = [
    ["step @ 1", 5, 'Unexpected character at offset 5 (got "@", expected names, numbers'],
    ["step > é", 7, "Unexpected character at offset 7 (got U+00E9, expected printable ASCII)"],
    ["step > \u{1f600}", 7, "(got U+1F600, expected printable ASCII)"],
    ["step\n== 'ab", 8, `Unterminated string at offset 8 (got "'ab", expected a closing ')`],
    ["step = 1", 5, 'Unexpected operator at offset 5 (got "=", expected "==" for equal)'],
    ["step >  ", 8, "Unexpected end at offset 8 (got the end, expected a variable"],
    ["step 'x' ", 5, `Unexpected token at offset 5 (got "'x'", expected an operator)`],
    ["(step > 1 2", 10, 'Unexpected token at offset 10 (got "2", expected "and", "or" or ")")'],
    ["step > 1 )", 9, 'Unexpected token at offset 9 (got ")", expected "and", "or" or the end)'],
    ["1 < foo", 4, `a name that is not allowed at offset 4 (got "foo", expected ${flags})`],
    ["1 < 2 OR 2 < 3", 6, '(got "OR", expected "or" in lower case)'],
    ["not Always", 4, '(got "Always", expected "always" as the whole condition)'],
    ["1 < 2 and step", 10, "no condition by itself at offset 10 (got the variable step,"],
    ["step > 'x'", 5, "at offset 5 (got the variable step and a text, expected two numbers"],
    [
      "a_failed == 1",
      9,
      "(got the flag a_failed and a number, expected a flag only beside a flag)",
    ],
  ] as const;
  for (const [text, offset, says] of cases) {
    const error = refusal(() => parseCondition(text));
    assert.deepEqual([error.text, error.offset], [text, offset], text);
    assert.ok(error.message.endsWith(says) || error.message.includes(says), error.message);
  }
});
