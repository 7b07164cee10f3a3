import assert from "node:assert/strict";
import { JudgedData, plainData } from "../../../engines/engine/plain_data.ts";

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

Deno.test("plainData judges no JudgedData again, which nothing else is taken for", () => {
  const parts = Array.from({ length: 3 }, () => plainData("result", Array(40_000).fill(0)));
  const input = Object.freeze({ results: parts });
  const judged = new JudgedData(input);
  assert.equal(plainData("state", judged), input);
  assert.throws(() => plainData("result", input), /100000 values/);
  for (const value of [null, 1, { value: 1 }, Object.create(judged), new Proxy(judged, {})]) {
    assert.ok(!JudgedData.is(value));
  }
});
