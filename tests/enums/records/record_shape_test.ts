import assert from "node:assert/strict";
import { count, nullable, optional, required, text } from "../../../enums/records/field.ts";
import { RecordShape } from "../../../enums/records/record_shape.ts";
import { faultsOf } from "./record_contract.ts";

const shape = new RecordShape("Thing", {
  fullName: required(text),
  retryCountMax: optional(count, 2),
  lastWord: nullable(text),
}, [{
  field: "retryCountMax",
  message: "must not be more than the name is long",
  isBroken: ({ fullName = "abc", retryCountMax = 0 }) => retryCountMax > fullName.length,
}]);

Deno.test("RecordShape reads options by their names and wire forms by theirs", () => {
  const values = { fullName: "abc", retryCountMax: 3, lastWord: "d" };
  assert.deepEqual(shape.fromOptions(values), values);
  const dict = { full_name: "abc", retry_count_max: 3, last_word: "d", retryCountMax: 9 };
  assert.deepEqual(shape.fromDict(dict), values);
});

Deno.test("RecordShape fills in defaults for what is absent or undefined", () => {
  const expected = { fullName: "abc", retryCountMax: 2, lastWord: null };
  assert.deepEqual(shape.fromOptions({ fullName: "abc", lastWord: undefined }), expected);
  assert.deepEqual(shape.fromDict({ full_name: "abc" }), expected);
});

Deno.test("RecordShape does not read again what it read from a wire form", () => {
  const values = shape.fromDict({ full_name: "abc" });
  assert.equal(shape.fromOptions(values), values);
  assert.notEqual(shape.fromOptions({ ...values }), values);
});

Deno.test("RecordShape names a broken rule beside the other faults, by the key of its source", () => {
  const message = "must not be more than the name is long";
  assert.deepEqual(faultsOf(() => shape.fromOptions({ fullName: "a", lastWord: 1 })), [
    { path: "lastWord", message: "must be a text, got 1" },
    { path: "retryCountMax", message },
  ]);
  assert.deepEqual(faultsOf(() => shape.fromDict({ full_name: "a" })), [
    { path: "retry_count_max", message },
  ]);
});

Deno.test("RecordShape refuses unknown options, those of a prototype's name included", () => {
  const options = JSON.parse(`{"fullName":"abc","__proto__":1,"constructor":2,"a b":3}`);
  assert.deepEqual(faultsOf(() => shape.fromOptions(options)).map(({ path }) => path), [
    "__proto__",
    "constructor",
    '["a b"]',
  ]);
});

Deno.test("RecordShape names the place of a getter that throws, beside the other faults", () => {
  const dict = {
    get full_name(): string {
      throw new Error("hands off");
    },
    retry_count_max: "2",
  };
  assert.deepEqual(faultsOf(() => shape.fromDict(dict)), [
    { path: "full_name", message: 'cannot be read: "hands off"' },
    { path: "retry_count_max", message: 'must be a whole number of at least 0, got "2"' },
  ]);
});

Deno.test("RecordShape refuses proxies that throw, with a path", () => {
  const fail = () => {
    throw new Error("no");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const wireKeys = ["full_name", "retry_count_max", "last_word"];
  const cases: readonly [string, object, readonly string[]][] = [
    ["get", new Proxy({ full_name: "abc" }, { get: fail }), ["full_name"]],
    ["look", new Proxy({}, { getOwnPropertyDescriptor: fail }), wireKeys],
    ["revoked", revoked.proxy, wireKeys],
    ["revoked inside", { full_name: revoked.proxy, last_word: "" }, ["full_name"]],
  ];
  for (const [name, dict, paths] of cases) {
    assert.deepEqual(faultsOf(() => shape.fromDict(dict)).map(({ path }) => path), paths, name);
  }
  assert.deepEqual(faultsOf(() => shape.fromOptions(revoked.proxy)).map(({ path }) => path), [
    "",
    "fullName",
    "retryCountMax",
    "lastWord",
  ]);
  const silent = new Proxy({ fullName: "abc" }, { ownKeys: fail });
  assert.deepEqual(faultsOf(() => shape.fromOptions(silent)), [
    { path: "", message: 'cannot be read: "no"' },
  ]);
});

Deno.test("RecordShape passes over what the wire says of a field that is worked out anyway", () => {
  const sum = new RecordShape(
    "Sum",
    { total: optional(count, 0), left: nullable(count), right: nullable(count) },
    [],
    [{
      field: "total",
      isKnown: ({ left = null, right = null }) => left !== null && right !== null,
    }],
  );
  const known = { total: "many", left: 1, right: 2 };
  assert.equal(sum.fromDict(known).left, 1);
  const message = 'must be a whole number of at least 0, got "many"';
  for (const dict of [{ ...known, right: null }, { total: "many" }]) {
    assert.deepEqual(faultsOf(() => sum.fromDict(dict)), [{ path: "total", message }]);
  }
  assert.deepEqual(faultsOf(() => sum.fromOptions(known)), [{ path: "total", message }]);
});
