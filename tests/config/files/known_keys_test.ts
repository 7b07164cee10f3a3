import assert from "node:assert/strict";
import { knownKeys } from "../../../config/files/known_keys.ts";

const schema = {
  properties: {
    a: { properties: { b: {}, c: {} } },
    list: { items: { properties: { d: {} } } },
  },
  additionalProperties: { properties: { e: {} } },
};

Deno.test("knownKeys walks properties, items and what holds for other keys", () => {
  const cases = [
    { path: [], keys: ["a", "list"] },
    { path: ["a"], keys: ["b", "c"] },
    { path: ["list", 3], keys: ["d"] },
    { path: ["anything"], keys: ["e"] },
    { path: ["constructor"], keys: ["e"] },
    { path: ["a", "b", "nowhere"], keys: [] },
  ];
  for (const { path, keys } of cases) assert.deepEqual(knownKeys(schema, path), keys);
  assert.deepEqual(knownKeys(undefined, ["a"]), []);
});
