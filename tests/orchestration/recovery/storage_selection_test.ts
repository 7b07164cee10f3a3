import assert from "node:assert/strict";
import { checkStorageSelection } from "../../../orchestration/recovery/storage_selection.ts";

Deno.test("checkStorageSelection fills in what is not given, and copies", () => {
  const prefix = ["a"];
  const after = ["a", "b"];
  const some = checkStorageSelection(prefix, { limit: 1, after, reverse: true });
  prefix.push("later");
  after.push("later");
  assert.deepEqual(some, { prefix: ["a"], limit: 1, after: ["a", "b"], reverse: true });
  assert.deepEqual(checkStorageSelection([], { limit: 1_000_000 }), {
    prefix: [],
    limit: 1_000_000,
    after: null,
    reverse: false,
  });
});

Deno.test("checkStorageSelection says what is wrong", () => {
  const cases = [
    {
      name: "the limit",
      run: () => checkStorageSelection([], { limit: 0 }),
      error: {
        name: "RangeError",
        message: "limit must be a whole number from 1 to 1000000, got 0",
      },
    },
    {
      name: "where to go on",
      run: () => checkStorageSelection(["a", "b"], { limit: 1, after: ["a", "c", "d"] }),
      error: {
        name: "TypeError",
        message: 'after must be below the prefix ["a","b"], got ["a","c","d"]',
      },
    },
    {
      name: "the prefix",
      run: () => checkStorageSelection([""], { limit: 1 }),
      error: { name: "TypeError" },
    },
  ];
  for (const { name, run, error } of cases) assert.throws(run, error, name);
});
