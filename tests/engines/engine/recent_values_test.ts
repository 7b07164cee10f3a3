import assert from "node:assert/strict";
import { RecentValues } from "../../../engines/engine/recent_values.ts";

Deno.test("RecentValues keeps the last values, however many were added", () => {
  for (const max of [1, 2, 5]) {
    const values = new RecentValues<number>(max);
    const all: number[] = [];
    for (let value = 0; value < 4 * max + 1; value++) {
      values.add(value);
      all.push(value);
      assert.deepEqual(values.latest(Infinity), all.slice(-max), `${max} of ${all.length}`);
      assert.equal(values.size, Math.min(max, all.length));
    }
  }
});

Deno.test("RecentValues.latest gives at most so many, the latest last", () => {
  const values = new RecentValues<string>(3);
  for (const value of ["a", "b", "c", "d"]) values.add(value);
  const cases: [count: number, latest: string[]][] = [
    [-1, []],
    [0, []],
    [1, ["d"]],
    [2, ["c", "d"]],
    [9, ["b", "c", "d"]],
  ];
  for (const [count, latest] of cases) assert.deepEqual(values.latest(count), latest, `${count}`);
});
