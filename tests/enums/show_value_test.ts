import assert from "node:assert/strict";
import { isArray, showUnreadable, showValue } from "../../enums/show_value.ts";

Deno.test("showValue shows whatever it is given, in short", () => {
  const cases: { name: string; value: unknown; shown: string }[] = [
    { name: "text", value: 'a "b"\n', shown: '"a \\"b\\"\\n"' },
    { name: "long text", value: "x".repeat(1_000), shown: `"${"x".repeat(80)}…"` },
    { name: "number", value: -0.5, shown: "-0.5" },
    { name: "NaN", value: NaN, shown: "NaN" },
    { name: "true", value: true, shown: "true" },
    { name: "null", value: null, shown: "null" },
    { name: "undefined", value: undefined, shown: "undefined" },
    { name: "array", value: [1], shown: "an array" },
    { name: "object", value: {}, shown: "an object" },
    { name: "object that cannot be text", value: Object.create(null), shown: "an object" },
    { name: "bigint", value: 1n, shown: "a bigint" },
    { name: "symbol", value: Symbol("s"), shown: "a symbol" },
    { name: "function", value: () => 1, shown: "a function" },
  ];
  for (const { name, value, shown } of cases) assert.equal(showValue(value), shown, name);
});

Deno.test("showValue, isArray and showUnreadable never throw, whatever they get", () => {
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  const fail = () => {
    throw new Error("no");
  };
  const hostile = new Proxy({}, { getPrototypeOf: fail, get: fail });
  assert.equal(showValue(revoked.proxy), "an object");
  assert.deepEqual([[], {}, "", null, revoked.proxy].map(isArray), [
    true,
    false,
    false,
    false,
    false,
  ]);
  assert.equal(showUnreadable(new Error("why")), 'cannot be read: "why"');
  assert.equal(showUnreadable(7), "cannot be read: 7");
  assert.equal(showUnreadable(hostile), "cannot be read");
});
