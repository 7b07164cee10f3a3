import assert from "node:assert/strict";
import { plainData } from "../../../engines/engine/plain_data.ts";

Deno.test("plainData copies what JSON can carry, and freezes the copy to its depths", () => {
  const given = { list: [1, { deep: true }], text: "a" };
  const copy = plainData("state", given) as unknown as typeof given;
  assert.deepEqual(copy, { list: [1, { deep: true }], text: "a" });
  for (const part of [copy, copy.list, copy.list[1]]) assert.ok(Object.isFrozen(part));
  assert.notEqual(copy.list, given.list);
  assert.equal(Object.isFrozen(given), false);
});

Deno.test("plainData takes nothing for null", () => {
  for (const value of [undefined, null]) assert.equal(plainData("state", value), null);
});

Deno.test("plainData refuses what JSON cannot carry, and says where it stands", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = loop;
  const cases: [name: string, value: unknown, message: RegExp][] = [
    ["a function", () => 1, /state/],
    ["a map", new Map(), /state/],
    ["not a number", { a: [NaN] }, /state\.a\[0\]/],
    ["undefined inside", { a: undefined }, /state\.a/],
    ["a circle", loop, /state\.self/],
  ];
  for (const [name, value, message] of cases) {
    assert.throws(() => plainData("state", value), { name: "InvalidRecordError", message }, name);
  }
});
