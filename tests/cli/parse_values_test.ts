import assert from "node:assert/strict";
import {
  oneOf,
  parseCount,
  parsePositive,
  parseSwitch,
  parseText,
} from "../../cli/parse_values.ts";

Deno.test("the readers of values accept what they should", () => {
  assert.equal(oneOf(["a", "b"])("b"), "b");
  assert.equal(oneOf(["warning"], { warn: "warning" })("warn"), "warning");
  for (const text of ["true", "TRUE", "1", "yes"]) assert.equal(parseSwitch(text), true);
  for (const text of ["false", "0", "no"]) assert.equal(parseSwitch(text), false);
  assert.equal(parsePositive("0.5"), 0.5);
  assert.equal(parseCount("3"), 3);
  assert.equal(parseText("x"), "x");
});

Deno.test("the readers of values refuse the rest and say what they expect", () => {
  const cases = [
    [() => oneOf(["a", "b"])("c"), 'expected a, b, got "c"'],
    [() => parseSwitch("on"), 'expected true or false, got "on"'],
    [() => parsePositive(""), 'expected a number above 0, got ""'],
    [() => parsePositive("0"), 'expected a number above 0, got "0"'],
    [() => parsePositive("x"), 'expected a number above 0, got "x"'],
    [() => parseCount("1.5"), 'expected a whole number, got "1.5"'],
    [() => parseText(""), "expected a text, got an empty one"],
  ] as const;
  for (const [read, message] of cases) assert.throws(read, { name: "RangeError", message });
});
