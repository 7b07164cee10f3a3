import assert from "node:assert/strict";
import { findCycles } from "../../../config/schemas/find_cycles.ts";

Deno.test("findCycles finds each circle once", () => {
  const cases = [
    { name: "none", needs: { a: ["b"], b: [] }, cycles: [] },
    { name: "of two", needs: { a: ["b"], b: ["a"] }, cycles: [["a", "b"]] },
    {
      name: "behind a start",
      needs: { s: ["a"], a: ["b"], b: ["c"], c: ["a"] },
      cycles: [["a", "b", "c"]],
    },
    {
      name: "two of them",
      needs: { a: ["b"], b: ["a"], c: ["d"], d: ["c"] },
      cycles: [["a", "b"], ["c", "d"]],
    },
    { name: "of one alone is none", needs: { a: ["a"] }, cycles: [] },
    { name: "a diamond is none", needs: { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, cycles: [] },
    { name: "unlisted names", needs: { a: ["x"] }, cycles: [] },
  ];
  for (const { name, needs, cycles } of cases) {
    assert.deepEqual(findCycles(new Map(Object.entries(needs))), cycles, name);
  }
});
