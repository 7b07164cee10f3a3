import assert from "node:assert/strict";
import type { RecordFault } from "../../../enums/records/invalid_record_error.ts";
import {
  childPath,
  copyJson,
  MAX_JSON_CHARACTERS,
  MAX_JSON_DEPTH,
  MAX_JSON_VALUES,
} from "../../../enums/records/json_value.ts";
import { assertDeepFrozen } from "./record_contract.ts";

function faults(value: unknown): RecordFault[] {
  const found: RecordFault[] = [];
  assert.equal(copyJson(value, "data", found), undefined);
  return found;
}

function nest(levels: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
}

Deno.test("copyJson copies what JSON can carry, and freezes the copy alone", () => {
  const value = { a: [1, "t", true, null, { b: [] }], c: Object.create(null) };
  const found: RecordFault[] = [];
  const copy = copyJson(value, "data", found);
  assert.deepEqual(found, []);
  assert.deepEqual(copy, { a: [1, "t", true, null, { b: [] }], c: {} });
  assertDeepFrozen(copy);
  value.a.push(2);
  assert.deepEqual((copy as typeof value).a.length, 5);
});

Deno.test("copyJson takes one value at two places, and -0 as 0", () => {
  const shared = { x: -0 };
  const copy = copyJson([shared, shared], "data", []);
  assert.deepEqual(copy, [{ x: 0 }, { x: 0 }]);
});

Deno.test("copyJson names the place of everything that JSON cannot carry", () => {
  const cases: { name: string; value: unknown; path: string; got: string }[] = [
    { name: "function", value: { f: () => 1 }, path: "data.f", got: "function" },
    { name: "undefined", value: { f: undefined }, path: "data.f", got: "undefined" },
    { name: "symbol", value: [Symbol("s")], path: "data[0]", got: "symbol" },
    { name: "bigint", value: { "a b": [0, 1n] }, path: 'data["a b"][1]', got: "bigint" },
    { name: "NaN", value: NaN, path: "data", got: "NaN" },
    { name: "Infinity", value: [-Infinity], path: "data[0]", got: "-Infinity" },
    { name: "Date", value: { at: new Date(0) }, path: "data.at", got: "a Date" },
    { name: "Map", value: new Map(), path: "data", got: "a Map" },
    { name: "hole", value: Array(1), path: "data[0]", got: "undefined" },
    { name: "class", value: [new (class Thing {})()], path: "data[0]", got: "a Thing" },
    { name: "bytes", value: [new Uint8Array(1)], path: "data[0]", got: "a Uint8Array" },
  ];
  for (const { name, value, path, got } of cases) {
    const message = `must be a value that JSON can carry, got ${got}`;
    assert.deepEqual(faults(value), [{ path, message }], name);
  }
});

Deno.test("copyJson refuses what contains itself", () => {
  const object: Record<string, unknown> = {};
  object["self"] = [object];
  assert.deepEqual(faults(object), [{
    path: "data.self[0]",
    message: "must not contain itself",
  }]);
});

Deno.test("copyJson refuses a key that would change a prototype", () => {
  const [fault] = faults(JSON.parse(`{"a":{"__proto__":{"polluted":true}}}`));
  assert.equal(fault?.path, "data.a.__proto__");
  assert.equal(Reflect.get({}, "polluted"), undefined);
});

Deno.test("copyJson has bounds for depth and number", () => {
  assert.deepEqual(copyJson(nest(MAX_JSON_DEPTH), "data", []), nest(MAX_JSON_DEPTH));
  assert.match(faults(nest(MAX_JSON_DEPTH + 1))[0]!.message, /deeper than 64 levels/);
  assert.match(faults(nest(100_000))[0]!.message, /deeper than 64 levels/);
  assert.match(faults(Array(MAX_JSON_VALUES + 1))[0]!.message, /more than 100000 values/);
  assert.equal(faults(Array(2 ** 32 - 1)).length, 1);
  const half = Array(MAX_JSON_VALUES / 2).fill(0);
  assert.deepEqual(faults({ a: half, b: half }), [
    { path: "data", message: "holds more than 100000 values" },
  ]);
});

Deno.test("copyJson has a bound for the characters of all texts and keys together", () => {
  const half = "x".repeat(MAX_JSON_CHARACTERS / 2);
  assert.deepEqual(copyJson([half, half], "data", []), [half, half]);
  const tooMany = [{ path: "data", message: "holds more than 8000000 characters" }];
  for (const value of [[half, half, "x"], [half, half, "x", half], { [half]: half, y: 1 }]) {
    assert.deepEqual(faults(value), tooMany);
  }
});

Deno.test("copyJson ends soon with something small that unfolds to something vast", () => {
  let bomb: unknown = "x";
  for (let i = 0; i < 40; i++) bomb = [bomb, bomb];
  assert.equal(faults(bomb).length, 1);
});

Deno.test("childPath writes keys as code would", () => {
  assert.equal(childPath("", "a"), "a");
  assert.equal(childPath("a", "b_1"), "a.b_1");
  assert.equal(childPath("a", 0), "a[0]");
  assert.equal(childPath("a", "0"), 'a["0"]');
  assert.equal(childPath("a", 'x"y'), 'a["x\\"y"]');
});

Deno.test("copyJson names the place of what throws when it is read, and goes on beside it", () => {
  const fail = () => {
    throw new Error("hands off");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const list = [0, 1];
  Object.defineProperty(list, 1, { get: fail, enumerable: true });
  const value = {
    a: { b: Object.defineProperty({}, "c", { get: fail, enumerable: true }) },
    list,
    proxy: [new Proxy({}, { ownKeys: fail })],
    revoked: revoked.proxy,
    last: 1n,
  };
  const found = faults(value);
  assert.deepEqual(found.map(({ path }) => path), [
    "data.a.b.c",
    "data.list[1]",
    "data.proxy[0]",
    "data.revoked",
    "data.last",
  ]);
  assert.equal(found[0]?.message, 'cannot be read: "hands off"');
});

Deno.test("copyJson asks an array for its length once", () => {
  let asked = 0;
  const value = new Proxy([], {
    get: (target, key) => key === "length" ? (asked++ === 0 ? 1 : 4e9) : Reflect.get(target, key),
  });
  copyJson(value, "list", []);
  assert.equal(asked, 1);
});
