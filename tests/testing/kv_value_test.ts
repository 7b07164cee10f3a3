import assert from "node:assert/strict";
import { measureValue, readValue, storeValue } from "../../testing/kv_value.ts";

const FORMS: readonly { readonly name: string; readonly value: unknown; readonly form: string }[] =
  [
    { name: "a string", value: "a", form: "plain" },
    { name: "null", value: null, form: "plain" },
    { name: "a record", value: { a: [1, { b: null }], c: 2n }, form: "tree" },
    { name: "a date", value: new Date(1), form: "clone" },
    { name: "a record with a date", value: { at: new Date(1) }, form: "clone" },
    { name: "a sparse array", value: Object.assign([], { length: 2 }), form: "clone" },
    { name: "an array with a property", value: Object.assign([1], { extra: 2 }), form: "clone" },
    { name: "an object that is deep", value: nest(60), form: "clone" },
    { name: "bytes", value: new Uint8Array([1]), form: "bytes" },
    { name: "a KvU64", value: new Deno.KvU64(1n), form: "u64" },
  ];

function nest(depth: number): object {
  return depth === 0 ? {} : { inner: nest(depth - 1) };
}

for (const { name, value, form } of FORMS) {
  Deno.test(`storeValue keeps ${name} as ${form}, and readValue gives an equal one`, () => {
    const stored = storeValue(value);
    assert.equal(stored.form, form);
    assert.deepStrictEqual(readValue(stored), structuredCloneUnlessU64(value));
  });
}

function structuredCloneUnlessU64(value: unknown): unknown {
  return value instanceof Deno.KvU64 ? value : structuredClone(value);
}

Deno.test("storeValue and readValue copy whatever can be changed", () => {
  for (const value of [{ a: [1] }, [[1]], new Uint8Array([1]), new Map([[1, [1]]])]) {
    const stored = storeValue(value);
    const [first, second] = [readValue(stored), readValue(stored)];
    assert.notEqual(first, value);
    assert.notEqual(first, second);
    assert.deepEqual(first, second);
  }
});

Deno.test("storeValue keeps one object in two places one", () => {
  const inner = {};
  const read = readValue(storeValue({ a: inner, b: [inner] })) as { a: object; b: object[] };
  assert.equal(read.a, read.b[0]);
});

Deno.test("storeValue refuses functions at any depth, with a TypeError that has a cause", () => {
  for (const value of [() => 1, { a: [() => 1] }, Symbol("x")]) {
    assert.throws(() => storeValue(value), (error) => {
      assert.ok(error instanceof TypeError && error.cause !== undefined);
      return /could not be cloned\.$/.test(error.message);
    });
  }
});

Deno.test("the estimate of storeValue is never less than what measureValue finds", () => {
  const values = ["a", "あ".repeat(9), 2n ** 500n, 1.5, { a: [1, "b"], ключ: { c: 3n } }, [true]];
  for (const value of values) {
    const stored = storeValue(value);
    assert.ok(measureValue(stored) <= stored.sizeMax, `${String(value)}`);
  }
  assert.equal(measureValue(storeValue("a".repeat(65_530))), 65_536);
  assert.equal(measureValue(storeValue(new Uint8Array(5))), 5);
  assert.equal(measureValue(storeValue(new Deno.KvU64(5n))), 8);
});
