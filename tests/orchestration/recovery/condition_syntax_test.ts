import assert from "node:assert/strict";
import { DEPTH_MAX, readTree } from "../../../orchestration/recovery/condition_syntax.ts";
import { refusal } from "./refusal.ts";

Deno.test("readTree tells what a condition means", () => {
  const flag = (name: string, offset: number) => ({ kind: "flag", name, offset });
  const cases = [
    { text: " aLwAyS\t", tree: { kind: "always" } },
    { text: "((a_failed))", tree: flag("a_failed", 2) },
    {
      text: "0.5 <= step",
      tree: {
        kind: "order",
        operator: "<=",
        left: { kind: "number", value: 0.5, offset: 0 },
        right: { kind: "variable", name: "step", offset: 7 },
      },
    },
    {
      text: "step != 'x'",
      tree: {
        kind: "equality",
        operator: "!=",
        left: { kind: "variable", name: "step", offset: 0 },
        right: { kind: "string", value: "x", offset: 8 },
      },
    },
    {
      text: "a_failed and b_failed and not c_failed",
      tree: {
        kind: "and",
        left: { kind: "and", left: flag("a_failed", 0), right: flag("b_failed", 13) },
        right: { kind: "not", inner: flag("c_failed", 30) },
      },
    },
    {
      text: "a_failed or b_failed or c_failed",
      tree: {
        kind: "or",
        left: { kind: "or", left: flag("a_failed", 0), right: flag("b_failed", 12) },
        right: flag("c_failed", 24),
      },
    },
  ];
  for (const { text, tree } of cases) assert.deepEqual(readTree(text), tree, text);
});

Deno.test("readTree counts levels of parentheses and not together, each branch by itself", () => {
  const side = `${"not ".repeat(DEPTH_MAX - 4)}a_failed`;
  assert.equal(readTree(`${side} and ${side}`).kind, "and");
  readTree(`${"not ".repeat(DEPTH_MAX - 1)}(a_failed)`);
  const error = refusal(() => readTree(`${"not ".repeat(DEPTH_MAX)}(a_failed)`));
  assert.deepEqual([error.kind, error.offset], ["limit", 4 * DEPTH_MAX]);
});
