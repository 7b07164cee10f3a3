import assert from "node:assert/strict";
import { LayerType } from "../../../enums/layer_type.ts";
import {
  anyNumber,
  count,
  filledText,
  flag,
  jsonObject,
  mapOf,
  member,
  nested,
  nullable,
  numberWithin,
  type Read,
  text,
  texts,
  textSet,
  time,
} from "../../../enums/records/field.ts";
import type { RecordFault } from "../../../enums/records/invalid_record_error.ts";

function read<T>(
  reader: Read<T>,
  value: unknown,
  isWire = true,
): { value: T | undefined; faults: RecordFault[] } {
  const faults: RecordFault[] = [];
  return { value: reader(value, { path: "p", isWire, faults }), faults };
}

Deno.test("readers give back what they take", () => {
  const cases: { name: string; reader: Read<unknown>; value: unknown; expected?: unknown }[] = [
    { name: "text", reader: text, value: "" },
    { name: "filled text", reader: filledText, value: " x " },
    { name: "flag", reader: flag, value: false },
    { name: "any number", reader: anyNumber, value: -1.5 },
    { name: "number with a sign", reader: anyNumber, value: -0, expected: 0 },
    { name: "count", reader: count, value: 0 },
    { name: "lower bound", reader: numberWithin({ min: 1 }), value: 1 },
    { name: "upper bound", reader: numberWithin({ max: 1 }), value: 1 },
    { name: "member", reader: member(LayerType), value: "e2e_background" },
    { name: "null", reader: nullable(text).read, value: null },
    { name: "not null", reader: nullable(text).read, value: "x" },
    { name: "time", reader: time, value: new Date(0), expected: "1970-01-01T00:00:00.000Z" },
    { name: "texts", reader: texts, value: ["b", "a", "b"] },
    { name: "set", reader: textSet, value: ["b", "B", "a", "b"], expected: ["B", "a", "b"] },
    { name: "set of a Set", reader: textSet, value: new Set(["b", "a"]), expected: ["a", "b"] },
    { name: "object", reader: jsonObject, value: { a: [1] } },
    { name: "map", reader: mapOf(count), value: { a: 1 } },
  ];
  for (const { name, reader, value, expected = value } of cases) {
    const result = read(reader, value);
    assert.deepEqual(result, { value: expected, faults: [] }, name);
    if (typeof result.value === "object") assert.ok(Object.isFrozen(result.value), name);
  }
});

Deno.test("readers say what they wanted and what they got", () => {
  const cases: { name: string; reader: Read<unknown>; value: unknown; message: string }[] = [
    { name: "text", reader: text, value: 1, message: "must be a text, got 1" },
    {
      name: "blank",
      reader: filledText,
      value: " ",
      message: 'must be a text that is not blank, got " "',
    },
    { name: "flag", reader: flag, value: "yes", message: 'must be true or false, got "yes"' },
    { name: "number", reader: anyNumber, value: "1", message: 'must be a finite number, got "1"' },
    {
      name: "count",
      reader: count,
      value: -1,
      message: "must be a whole number of at least 0, got -1",
    },
    {
      name: "limits",
      reader: numberWithin({ above: 0, max: 5 }),
      value: 0,
      message: "must be a finite number above 0 and of at most 5, got 0",
    },
    {
      name: "not finite",
      reader: numberWithin({}),
      value: Infinity,
      message: "must be a finite number, got Infinity",
    },
    {
      name: "member",
      reader: member({ A: "a", B: "b" }),
      value: "A",
      message: 'must be one of a, b, got "A"',
    },
    { name: "time", reader: time, value: "now", message: 'must be a time in ISO 8601, got "now"' },
    { name: "texts", reader: texts, value: "a", message: 'must be an array of texts, got "a"' },
    {
      name: "too many texts",
      reader: textSet,
      value: Array(100_001),
      message: "must be an array of at most 100000 texts, got an array",
    },
    { name: "object", reader: jsonObject, value: [], message: "must be an object, got an array" },
  ];
  for (const { name, reader, value, message } of cases) {
    const result = read(reader, value);
    assert.deepEqual(result, { value: undefined, faults: [{ path: "p", message }] }, name);
  }
});

Deno.test("anyNumber takes what is not finite as an option alone: the wire could not carry it back", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    assert.deepEqual(read(anyNumber, value, false), { value, faults: [] });
    const message = `must be a finite number, got ${value}`;
    assert.deepEqual(read(anyNumber, value).faults, [{ path: "p", message }]);
  }
  const message = 'must be a number, got "1"';
  assert.deepEqual(read(anyNumber, "1", false).faults, [{ path: "p", message }]);
});

Deno.test("texts, textSet and mapOf name every item that is wrong", () => {
  assert.deepEqual(read(texts, ["a", 1, null]).faults.map(({ path }) => path), ["p[1]", "p[2]"]);
  assert.deepEqual(read(textSet, new Set([1, "a"])).faults.map(({ path }) => path), ["p[0]"]);
  const counts = { a: -1, b: 1, "c d": 0.5 };
  assert.deepEqual(read(mapOf(count), counts).faults.map(({ path }) => path), ["p.a", 'p["c d"]']);
});

Deno.test("nested passes on errors that are no fault of the record", () => {
  class Broken {
    static fromDict(): Broken {
      throw new RangeError("a bug");
    }
  }
  assert.throws(() => read(nested(Broken), {}), RangeError);
  const instance = new Broken();
  assert.equal(read(nested(Broken), instance).value, instance);
});
