import assert from "node:assert/strict";
import {
  CONDITION_MAX,
  tokenize,
  TOKENS_MAX,
} from "../../../orchestration/recovery/condition_tokens.ts";
import { refusal } from "./refusal.ts";

Deno.test("tokenize tells the pieces of a condition and where they begin", () => {
  assert.deepEqual(tokenize(` not(step>=.5)and 'a"\n' !=severity_x or 7.`), [
    { kind: "not", offset: 1 },
    { kind: "(", offset: 4 },
    { kind: "name", name: "step", offset: 5 },
    { kind: "operator", operator: ">=", offset: 9 },
    { kind: "number", value: 0.5, offset: 11 },
    { kind: ")", offset: 13 },
    { kind: "and", offset: 14 },
    { kind: "string", value: 'a"\n', offset: 18 },
    { kind: "operator", operator: "!=", offset: 24 },
    { kind: "name", name: "severity_x", offset: 26 },
    { kind: "or", offset: 37 },
    { kind: "number", value: 7, offset: 40 },
    { kind: "end", offset: 42 },
  ]);
});

Deno.test("tokenize takes all white space of ASCII, and ends after it", () => {
  assert.deepEqual(tokenize("\t\n\v\f\r >\t\n\v\f\r "), [
    { kind: "operator", operator: ">", offset: 6 },
    { kind: "end", offset: 13 },
  ]);
  assert.deepEqual(tokenize(""), [{ kind: "end", offset: 0 }]);
});

Deno.test("tokenize reads every operator", () => {
  const tokens = tokenize(">= <= > < == !=").slice(0, -1);
  const operators = tokens.map((token) => token.kind === "operator" ? token.operator : token.kind);
  assert.deepEqual(operators, [">=", "<=", ">", "<", "==", "!="]);
});

Deno.test("tokenize stops at its limits", () => {
  assert.equal(tokenize("( ".repeat(TOKENS_MAX - 1)).length, TOKENS_MAX);
  const complex = refusal(() => tokenize("( ".repeat(TOKENS_MAX)));
  assert.deepEqual([complex.kind, complex.offset], ["limit", 2 * TOKENS_MAX]);
  assert.equal(tokenize(" ".repeat(CONDITION_MAX)).length, 1);
  const long = refusal(() => tokenize("é".repeat(CONDITION_MAX + 1)));
  assert.deepEqual([long.kind, long.offset], ["limit", CONDITION_MAX]);
  const early = refusal(() => tokenize(`${"( ".repeat(TOKENS_MAX + 1)}@`));
  assert.equal(early.kind, "limit");
});

Deno.test("tokenize refuses every character beyond printable ASCII, in texts too", () => {
  const codes = [...Array(32).keys(), 127, 128, 160, 0x85, 0x2028, 0xfeff, 0xff1e, 0xd800];
  for (const code of codes.filter((each) => each < 9 || each > 13)) {
    for (const text of [`1${String.fromCharCode(code)}`, `'${String.fromCharCode(code)}'`]) {
      const error = refusal(() => tokenize(text));
      const hex = code.toString(16).toUpperCase().padStart(4, "0");
      assert.deepEqual([error.kind, error.offset, error.got], ["lexical", 1, `U+${hex}`]);
    }
  }
});
