import assert from "node:assert/strict";
import { CorruptRecordError } from "../../coordination/errors.ts";
import { RECORD_VERSION, RecordFields } from "../../coordination/record_fields.ts";

const KEY = ["baton", "x"];

function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof CorruptRecordError, String(error));
    assert.deepEqual(error.key, KEY);
    return error.fault;
  }
  throw new Error("nothing was thrown");
}

Deno.test("RecordFields refuses what is not an object of this package's version", () => {
  const cases: { name: string; value: unknown; fault: string }[] = [
    { name: "a text", value: "leader", fault: 'expected an object, found "leader"' },
    { name: "a number", value: 1, fault: "expected an object, found 1" },
    { name: "null", value: null, fault: "expected an object, found null" },
    { name: "undefined", value: undefined, fault: "expected an object, found undefined" },
    { name: "a list", value: [{ v: 1 }], fault: "expected an object, found a list" },
    { name: "a U64", value: new Deno.KvU64(1n), fault: 'expected "v" to be 1, found undefined' },
    { name: "no version", value: {}, fault: 'expected "v" to be 1, found undefined' },
    { name: "version 0", value: { v: 0 }, fault: 'expected "v" to be 1, found 0' },
    {
      name: "a newer version",
      value: { v: 2 },
      fault: "version 2 is newer than 1, the one this package reads",
    },
    { name: "a version in text", value: { v: "1" }, fault: 'expected "v" to be 1, found "1"' },
    {
      name: "an inherited version",
      value: Object.create({ v: 1 }),
      fault: 'expected "v" to be 1, found undefined',
    },
    {
      name: "a long text is cut",
      value: "x".repeat(100),
      fault: `expected an object, found "${"x".repeat(60)}"`,
    },
  ];
  for (const { name, value, fault } of cases) {
    assert.equal(faultOf(() => new RecordFields(KEY, value)), fault, name);
  }
});

Deno.test("RecordFields gives fields of the right type", () => {
  const state = { deep: [1] };
  const fields = new RecordFields(KEY, {
    v: RECORD_VERSION,
    text: "a",
    none: null,
    number: 1.5,
    integer: 3,
    object: state,
    texts: { zone: "a" },
    list: ["a", "b"],
  });
  assert.equal(fields.text("text"), "a");
  assert.equal(fields.textOrNull("text"), "a");
  assert.equal(fields.textOrNull("none"), null);
  assert.equal(fields.number("number", 0, 2), 1.5);
  assert.equal(fields.integer("integer", 3, 3), 3);
  assert.deepEqual(fields.objectOrNull("object"), state);
  assert.equal(fields.objectOrNull("none"), null);
  assert.deepEqual(fields.texts("texts"), { zone: "a" });
  assert.deepEqual(fields.textList("list"), ["a", "b"]);
  assert.equal(fields.raw("absent"), undefined);
});

Deno.test("RecordFields names the first field that is not what it should be", () => {
  type Read = (fields: RecordFields) => unknown;
  const text: Read = (fields) => fields.text("f");
  const textOrNull: Read = (fields) => fields.textOrNull("f");
  const number: Read = (fields) => fields.number("f", 0, 1);
  const integer: Read = (fields) => fields.integer("f", 1, 9e15);
  const object: Read = (fields) => fields.objectOrNull("f");
  const texts: Read = (fields) => fields.texts("f");
  const list: Read = (fields) => fields.textList("f");
  const cases: { read: Read; value: unknown; fault: string }[] = [
    { read: text, value: "", fault: 'a text, found ""' },
    { read: text, value: undefined, fault: "a text, found undefined" },
    { read: text, value: 1, fault: "a text, found 1" },
    { read: textOrNull, value: undefined, fault: "a text, found undefined" },
    { read: number, value: "0.5", fault: 'a number from 0 to 1, found "0.5"' },
    { read: number, value: NaN, fault: "a number from 0 to 1, found NaN" },
    { read: number, value: 1.1, fault: "a number from 0 to 1, found 1.1" },
    { read: number, value: 1n, fault: "a number from 0 to 1, found 1" },
    { read: integer, value: 1.5, fault: "a whole number, found 1.5" },
    { read: integer, value: 0, fault: "a number from 1 to 9000000000000000, found 0" },
    { read: object, value: [], fault: "an object or null, found a list" },
    { read: object, value: "x", fault: 'an object or null, found "x"' },
    { read: texts, value: { a: 1 }, fault: "an object of texts, found an object" },
    { read: list, value: ["a", 1], fault: "a list of texts, found a list" },
    { read: list, value: "a", fault: 'a list of texts, found "a"' },
  ];
  for (const { read, value, fault } of cases) {
    const fields = new RecordFields(KEY, { v: 1, f: value });
    assert.equal(faultOf(() => read(fields)), `expected "f" to be ${fault}`);
  }
});

Deno.test("RecordFields reads own fields only", () => {
  const fields = new RecordFields(KEY, { v: 1 });
  for (const name of ["constructor", "__proto__", "toString"]) {
    assert.equal(fields.raw(name), undefined, name);
  }
});
