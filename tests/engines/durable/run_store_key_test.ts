import assert from "node:assert/strict";
import {
  checkRunStoreKey,
  checkRunStoreList,
  compareRunStoreKeys,
  isBelow,
} from "../../../engines/durable/run_store_key.ts";

Deno.test("checkRunStoreKey copies a key, up to eight parts of 200 characters and 1,000 bytes", () => {
  const key = ["run", "x".repeat(200)];
  const copy = checkRunStoreKey(key);
  assert.deepEqual(copy, key);
  assert.notEqual(copy, key);
  assert.equal(checkRunStoreKey(Array(8).fill("a")).length, 8);
  const full = Array.from({ length: 5 }, () => "x".repeat(198));
  assert.equal(checkRunStoreKey(full).length, 5);
  assert.throws(() => checkRunStoreKey([...full.slice(1), "x".repeat(199)]), /at most 1000 bytes/);
});

const NO_KEYS = [
  { name: "no list", key: "run" },
  { name: "an empty list", key: [] },
  { name: "nine parts", key: Array(9).fill("a") },
  { name: "a number as a part", key: ["run", 1] },
  { name: "a hole", key: Array(2) },
  { name: "an empty part", key: ["run", ""] },
  { name: "half a surrogate pair", key: ["\ud800"] },
];

for (const { name, key } of NO_KEYS) {
  Deno.test(`checkRunStoreKey refuses ${name}`, () => {
    assert.throws(() => checkRunStoreKey(key as string[]), TypeError);
  });
}

Deno.test("checkRunStoreList refuses what is not below the prefix, the prefix itself included", () => {
  const list = (after: string[]) => checkRunStoreList(["a", "b"], { limit: 1, after });
  assert.deepEqual(list(["a", "b", "c"]).after, ["a", "b", "c"]);
  assert.throws(() => list(["a", "b"]), /must be below/);
  assert.throws(() => list(["a", "c", "b"]), /must be below/);
});

Deno.test("isBelow and compareRunStoreKeys agree with the order of a store", () => {
  assert.equal(isBelow(["a", "b"], ["a"]), true);
  assert.equal(isBelow(["a"], ["a"]), false);
  assert.equal(isBelow(["aa", "b"], ["a"]), false);
  const order = [["a"], ["a", "b"], ["ab"], ["b"], ["\ue000"], ["\u{10000}"]];
  for (const [i, first] of order.entries()) {
    for (const [j, second] of order.entries()) {
      assert.equal(Math.sign(compareRunStoreKeys(first, second)), Math.sign(i - j));
    }
  }
});
