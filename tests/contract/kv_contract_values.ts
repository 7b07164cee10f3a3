import assert from "node:assert/strict";
import type { KvCase } from "./kv_contract.ts";

const circle: Record<string, unknown> = { name: "circle" };
circle["self"] = circle;
const twice = { a: 1 };

class Point {
  x = 1;
}

const VALUES: readonly {
  readonly name: string;
  readonly value: unknown;
  readonly read?: unknown;
}[] = [
  { name: "undefined", value: undefined },
  { name: "null", value: null },
  { name: "a boolean", value: true },
  { name: "a number", value: 1.5 },
  { name: "NaN", value: NaN },
  { name: "minus zero", value: -0 },
  { name: "a bigint", value: -(2n ** 70n) },
  { name: "a string", value: "é\u{1f600}\0" },
  { name: "a date", value: new Date(5) },
  { name: "a regular expression", value: /x/gi },
  { name: "a map", value: new Map([[1, { a: [1] }]]) },
  { name: "a set", value: new Set(["a"]) },
  { name: "bytes", value: new Uint8Array([1, 2, 3]) },
  {
    name: "a part of a buffer",
    value: new Uint8Array([1, 2, 3]).subarray(1, 2),
    read: new Uint8Array([2]),
  },
  { name: "a buffer", value: new Uint8Array([1, 2]).buffer },
  { name: "floats", value: new Float64Array([1.5]) },
  { name: "an array", value: [1, "a", null, undefined, [2n]] },
  // deno-lint-ignore no-sparse-arrays
  { name: "a sparse array", value: [1, , 3] },
  { name: "a nested object", value: { a: { b: [{ c: undefined, d: new Date(1) }] } } },
  {
    name: "an object without a prototype",
    value: Object.assign(Object.create(null), { a: 1 }),
    read: { a: 1 },
  },
  { name: "an instance of a class", value: new Point(), read: { x: 1 } },
  { name: "an own key __proto__", value: JSON.parse('{"__proto__":{"a":1},"b":2}') },
  { name: "a circle", value: circle },
  { name: "one object in two places", value: { a: twice, b: twice } },
  { name: "bytes inside", value: { bytes: new Uint8Array([1]) } },
  { name: "a KvU64", value: new Deno.KvU64(2n ** 64n - 1n) },
  { name: "a KvU64 inside", value: { u: new Deno.KvU64(4n) }, read: { u: { value: 4n } } },
];

const roundTrips: readonly KvCase[] = VALUES.map((given) => ({
  name: `a value comes back when it is ${given.name}`,
  run: async (kv) => {
    await kv.set(["value"], given.value);
    const { value, versionstamp } = await kv.get(["value"]);
    assert.deepStrictEqual(value, "read" in given ? given.read : given.value);
    assert.equal(typeof versionstamp, "string");
  },
}));

/** What becomes of values. */
export const VALUE_CASES: readonly KvCase[] = [
  ...roundTrips,
  {
    name: "get of nothing gives null twice, with the key",
    run: async (kv) => {
      assert.deepEqual(await kv.get(["no", 1]), {
        key: ["no", 1],
        value: null,
        versionstamp: null,
      });
    },
  },
  {
    name: "a value is copied at once when it is set, and again when it is read",
    run: async (kv) => {
      const given = { list: [1], bytes: [new Uint8Array([1])] };
      const bytes = new Uint8Array([1]);
      const first = kv.set(["given"], given);
      const second = kv.atomic().set(["bytes"], bytes).commit();
      given.list.push(2);
      given.bytes[0]![0] = 9;
      bytes[0] = 9;
      await Promise.all([first, second]);
      const read = await kv.get<typeof given>(["given"]);
      assert.deepEqual(read.value, { list: [1], bytes: [new Uint8Array([1])] });
      read.value!.list.push(3);
      const readBytes = await kv.get<Uint8Array>(["bytes"]);
      assert.deepEqual(readBytes.value, new Uint8Array([1]));
      readBytes.value![0] = 7;
      assert.deepEqual((await kv.get<typeof given>(["given"])).value!.list, [1]);
      assert.deepEqual((await kv.get(["bytes"])).value, new Uint8Array([1]));
    },
  },
  {
    name: "one object in two places stays one",
    run: async (kv) => {
      await kv.set(["pair"], { a: twice, b: twice });
      const { value } = await kv.get<{ a: object; b: object }>(["pair"]);
      assert.equal(value!.a, value!.b);
    },
  },
  {
    name: "functions and symbols are refused with a TypeError",
    run: async (kv) => {
      const wanted = { name: "TypeError", message: /could not be cloned\.$/ };
      await assert.rejects(kv.set(["a"], () => 1), wanted);
      await assert.rejects(kv.set(["a"], Symbol("x")), wanted);
      await assert.rejects(kv.set(["a"], { deep: [() => 1] }), wanted);
      assert.throws(() => kv.atomic().set(["a"], () => 1), wanted);
      assert.equal((await kv.get(["a"])).versionstamp, null);
    },
  },
  {
    name: "getMany gives the entries in the order of the keys",
    run: async (kv) => {
      await kv.set(["a"], 1);
      const [b, a, again] = await kv.getMany<[unknown, number, number]>([["b"], ["a"], ["a"]]);
      assert.deepEqual([b.value, a.value, again.value], [null, 1, 1]);
      assert.deepEqual([b.key, a.key], [["b"], ["a"]]);
      assert.deepEqual(await kv.getMany([]), []);
    },
  },
  {
    name: "every call of a closed handle throws BadResource, a second close too",
    run: async (kv) => {
      const list = kv.list({ prefix: [] });
      const operation = kv.atomic().set(["a"], 1);
      kv.close();
      const wanted = { name: "BadResource", message: "Bad resource ID" };
      await assert.rejects(kv.get(["a"]), wanted);
      await assert.rejects(kv.getMany([["a"]]), wanted);
      await assert.rejects(kv.set(["a"], 1), wanted);
      await assert.rejects(kv.delete(["a"]), wanted);
      await assert.rejects(operation.commit(), wanted);
      await assert.rejects(kv.atomic().set([], 1).commit(), wanted);
      await assert.rejects(list.next(), wanted);
      assert.throws(() => kv.watch([["a"]]), wanted);
      assert.throws(() => kv.close(), wanted);
      kv[Symbol.dispose]();
    },
  },
];
