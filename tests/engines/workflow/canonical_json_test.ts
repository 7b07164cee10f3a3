import assert from "node:assert/strict";
import { canonicalJson } from "../../../engines/workflow/canonical_json.ts";
import type { JsonValue } from "../../../enums/mod.ts";

Deno.test("canonicalJson writes values as RFC 8785 has them", () => {
  const cases: { value: JsonValue; text: string }[] = [
    { value: null, text: "null" },
    { value: true, text: "true" },
    { value: [], text: "[]" },
    { value: {}, text: "{}" },
    { value: -0, text: "0" },
    { value: 1e30, text: "1e+30" },
    { value: 333333333.33333329, text: "333333333.3333333" },
    { value: 4.5, text: "4.5" },
    { value: 2e-3, text: "0.002" },
    { value: 1e-27, text: "1e-27" },
    { value: '€$\u000f\nA\'B"\\\\"/', text: '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"' },
    { value: { b: 1, a: { d: [2, 1], c: null } }, text: '{"a":{"c":null,"d":[2,1]},"b":1}' },
    { value: { 10: 1, 9: 2 }, text: '{"10":1,"9":2}' },
    {
      // The order of the RFC's own example: by UTF-16 code units, not by code points.
      value: { "€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, "ö": 7 },
      text: '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    },
  ];
  for (const { value, text } of cases) assert.equal(canonicalJson(value), text);
});

Deno.test("canonicalJson gives one text to equal objects, whatever the order of their keys", () => {
  assert.equal(canonicalJson({ a: [{ x: 1, y: 2 }] }), canonicalJson({ a: [{ y: 2, x: 1 }] }));
  assert.notEqual(canonicalJson({ a: [1, 2] }), canonicalJson({ a: [2, 1] }));
  assert.notEqual(canonicalJson({ a: "1" }), canonicalJson({ a: 1 }));
});
