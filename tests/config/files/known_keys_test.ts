import assert from "node:assert/strict";
import { knownKeys } from "../../../config/files/known_keys.ts";

const schema = {
  properties: {
    a: { properties: { b: {}, c: {} } },
    list: { items: { properties: { d: {} } } },
    maybe: { anyOf: [{ properties: { f: { anyOf: [{ type: "null" }, {}] } } }, { type: "null" }] },
  },
  additionalProperties: { properties: { e: {} } },
};

Deno.test("knownKeys walks properties, items and what holds for other keys", () => {
  const cases = [
    { path: [], keys: ["a", "list", "maybe"] },
    { path: ["maybe"], keys: ["f"] },
    { path: ["maybe", "f"], keys: [] },
    { path: ["a"], keys: ["b", "c"] },
    { path: ["list", 3], keys: ["d"] },
    { path: ["anything"], keys: ["e"] },
    { path: ["constructor"], keys: ["e"] },
    { path: ["a", "b", "nowhere"], keys: [] },
  ];
  for (const { path, keys } of cases) assert.deepEqual(knownKeys(schema, path), keys);
  assert.deepEqual(knownKeys(undefined, ["a"]), []);
});
