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
    {
      name: "itself",
      value: { list: [circle] },
      message: /found a circular reference at "list"\."0"\."self"$/,
    },
    {
      name: "NaN below a property without a name",
      value: { x: { "": NaN } },
      message: /at "x".""$/,
    },
    {
      name: "a Date below properties without names",
      value: { "": { "": new Date(0) } },
      message: /found a Date at ""\.""$/,
    },
    {
      name: "a text that writes itself otherwise",
      value: Object.defineProperty({}, "toJSON", { value: () => 1 }),
      message: /found a toJSON method at the top/,
    },
    {
      name: "something deeper than 500 levels",
      value: nested(501),
      message: /payload must .* found more than 500 levels at "0"\."0"\."0"\.…$/,
    },
    { name: "something very deep", value: nested(20_000), message: /more than 500 levels/ },
  ];
  for (const { name, value, message } of cases) {
    assert.throws(() => toJsonText("payload", value), { name: "TypeError", message }, name);
  }
});

Deno.test("toJsonText writes 500 levels, and what stands in several places", () => {
  const shared = { a: 1 };
  assert.equal(toJsonText("payload", [shared, shared]), '[{"a":1},{"a":1}]');
  assert.deepEqual(JSON.parse(toJsonText("payload", nested(500))), nested(500));
  assert.equal(toJsonText("payload", { "": { "": 1 } }), '{"":{"":1}}');
});

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

Deno.test("storedBytes counts two bytes a character unless all are Latin-1", () => {
  assert.equal(storedBytes("abcÿ"), 4);
  assert.equal(storedBytes("abc€"), 8);
  assert.equal(storedBytes(""), 0);
});
