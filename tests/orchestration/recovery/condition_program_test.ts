import assert from "node:assert/strict";
import { compile } from "../../../orchestration/recovery/condition_program.ts";
import { readTree } from "../../../orchestration/recovery/condition_syntax.ts";

Deno.test("compile compares numbers, texts and flags by each operator", () => {
  const orders = [
    { operator: ">=", holds: [false, true, true] },
    { operator: "<=", holds: [true, true, false] },
    { operator: ">", holds: [false, false, true] },
    { operator: "<", holds: [true, false, false] },
    { operator: "==", holds: [false, true, false] },
    { operator: "!=", holds: [true, false, true] },
  ];
  const pairs = (operator: string) => [
    [`1 ${operator} 2`, `2 ${operator} 2`, `3 ${operator} 2`],
    [`'a' ${operator} 'b'`, `'b' ${operator} 'b'`, `'c' ${operator} 'b'`],
    [`step ${operator} 2`, `duration ${operator} 2`, `severity ${operator} 2`],
    [`1 ${operator} duration`, `2 ${operator} duration`, `3 ${operator} duration`],
  ];
  const context = { step: 1, duration: 2, severity: 3 };
  for (const { operator, holds } of orders) {
    for (const texts of pairs(operator)) {
      const found = texts.map((text) => compile(readTree(text), text)(context));
      assert.deepEqual(found, holds, texts.join(", "));
    }
  }
});

Deno.test("compile never takes a number and a text for equal", () => {
  for (const [text, holds] of [["step == '1'", false], ["step != '1'", true]] as const) {
    assert.equal(compile(readTree(text), text)({ step: 1 }), holds, text);
    assert.equal(compile(readTree(text), text)({ step: "1" }), !holds, text);
  }
});

Deno.test("compile compares flags", () => {
  const contexts = [{}, { a_failed: true }, { a_failed: true, b_failed: true }];
  for (
    const [text, holds] of [
      ["a_failed == b_failed", [true, false, true]],
      ["a_failed != b_failed", [false, true, false]],
    ] as const
  ) {
    const program = compile(readTree(text), text);
    assert.deepEqual(contexts.map(program), holds, text);
  }
});
