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

Deno.test("findCycles follows chains of any length", () => {
  const length = 20_000;
  const chain = Array.from(
    { length },
    (_, i): [string, string[]] => [`${i}`, [`${(i + 1) % length}`]],
  );
  assert.deepEqual(findCycles(new Map(chain)).map((cycle) => cycle.length), [length]);
});

Deno.test("findCycles looks at each name once, however many ways lead there", () => {
  const levels = 16;
  const diamonds = Array.from({ length: levels }, (_, i): [string, string[]][] => [
    [`t${i}`, [`l${i}`, `r${i}`]],
    [`l${i}`, [`t${i + 1}`]],
    [`r${i}`, [`t${i + 1}`]],
  ]).flat();
  let looks = 0;
  class Counting extends Map<string, string[]> {
    override get(name: string): string[] | undefined {
      looks++;
      return super.get(name);
    }
  }
  assert.deepEqual(findCycles(new Counting(diamonds)), []);
  assert.equal(looks, 3 * levels + 1);
});
