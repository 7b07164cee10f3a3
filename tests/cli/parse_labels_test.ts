import assert from "node:assert/strict";
import { parseLabels } from "../../cli/parse_labels.ts";

Deno.test("parseLabels reads pairs", () => {
  const cases = [
    ["", {}],
    ["zone=eu-1", { zone: "eu-1" }],
    [" a = b , c=d ,", { a: "b", c: "d" }],
    ["a=", { a: "" }],
    ["a=b=c", { a: "b=c" }],
    ["a=1,a=2", { a: "2" }],
  ] as const;
  for (const [text, labels] of cases) assert.deepEqual(parseLabels(text), labels, text);
});

Deno.test("parseLabels refuses a pair without key or equals sign", () => {
  for (const text of ["a", "a=b,c", "=b"]) {
    assert.throws(() => parseLabels(text), { name: "RangeError", message: /^expected key=value/ });
  }
});
