import assert from "node:assert/strict";
import fc from "fast-check";
import { storedBytes, toJsonText } from "../../../coordination/work/json_text.ts";
import { checkProperty } from "../../support/property.ts";

Deno.test("toJsonText writes what reads back equal, and undefined as null", () => {
  assert.equal(toJsonText("payload", undefined), "null");
  assert.equal(toJsonText("payload", { a: undefined, b: [1, "x", null] }), '{"b":[1,"x",null]}');
  checkProperty(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const text = toJsonText("payload", value);
    assert.equal(JSON.stringify(JSON.parse(text)), JSON.stringify(value));
  }));
});

Deno.test("toJsonText refuses what JSON would change, and says where it is", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const cases: { name: string; value: unknown; message: RegExp }[] = [
    { name: "a Map", value: { x: new Map() }, message: /payload must be .* found a Map at "x"/ },
    { name: "a Date", value: new Date(0), message: /found a Date at the top/ },
    { name: "NaN", value: [NaN], message: /found NaN at "0"/ },
    { name: "a bigint", value: { n: 1n }, message: /found a bigint at "n"/ },
    { name: "a function", value: () => {}, message: /found a function at the top/ },
    { name: "a hole", value: [undefined], message: /found undefined at "0"/ },
    { name: "itself", value: circle, message: /circular/i },
  ];
  for (const { name, value, message } of cases) {
    assert.throws(() => toJsonText("payload", value), { name: "TypeError", message }, name);
  }
});

Deno.test("storedBytes counts two bytes a character unless all are Latin-1", () => {
  assert.equal(storedBytes("abcÿ"), 4);
  assert.equal(storedBytes("abc€"), 8);
  assert.equal(storedBytes(""), 0);
});
