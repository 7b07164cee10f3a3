import assert from "node:assert/strict";
import { DictFields } from "../../../coordination/work/dict_fields.ts";

const fields = new DictFields({ a: "x", n: 1, none: null, labels: { l: "v" }, list: [1] });

Deno.test("DictFields reads each field as what it is", () => {
  assert.equal(fields.text("a"), "x");
  assert.equal(fields.textOrNull("none"), null);
  assert.equal(fields.textOrNull("a"), "x");
  assert.equal(fields.number("n"), 1);
  assert.equal(fields.oneOf("a", ["x", "y"]), "x");
  assert.deepEqual(fields.texts("labels"), { l: "v" });
  assert.deepEqual(fields.json("list"), [1]);
});

Deno.test("DictFields names the field that is not what it should be", () => {
  const cases: { read: () => unknown; message: RegExp }[] = [
    { read: () => fields.text("n"), message: /"n" to be a text/ },
    { read: () => fields.number("a"), message: /"a" to be a number/ },
    { read: () => fields.oneOf("a", ["y"]), message: /"a" to be one of y/ },
    { read: () => fields.texts("list"), message: /"list" to be an object of texts/ },
    { read: () => fields.json("constructor"), message: /"constructor" to be there/ },
    { read: () => new DictFields([]), message: /expected an object/ },
  ];
  for (const { read, message } of cases) assert.throws(read, { name: "TypeError", message });
});
