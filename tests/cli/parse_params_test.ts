import assert from "node:assert/strict";
import { parseParams } from "../../cli/parse_params.ts";

Deno.test("parseParams reads values as JSON where they are, else as texts", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ["", {}],
    ["a=1", { a: 1 }],
    ["a=1,b=x y", { a: 1, b: "x y" }],
    ["a=x,y", { a: "x,y" }],
    ['a=[1,2],b={"c":true}', { a: [1, 2], b: { c: true } }],
    ["a=", { a: "" }],
    ["a=b=c", { a: "b=c" }],
    ["a=1,a=2", { a: 2 }],
  ];
  for (const [text, want] of cases) assert.deepEqual(parseParams(text), want, text);
});

Deno.test("parseParams refuses what is no pair", () => {
  for (const text of ["a", "=1"]) assert.throws(() => parseParams(text), RangeError, text);
});
