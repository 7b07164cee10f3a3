import assert from "node:assert/strict";
import { checkCounts } from "../../../engines/events/check_counts.ts";

Deno.test("checkCounts passes whole numbers from 1", () => {
  checkCounts({});
  checkCounts({ few: 1, many: Number.MAX_SAFE_INTEGER });
});

for (const value of [0, -1, 1.5, NaN, Infinity, "1" as unknown as number]) {
  Deno.test(`checkCounts refuses ${JSON.stringify(value)} ${value}, and names the first that is wrong`, () => {
    assert.throws(() => checkCounts({ right: 2, wrong: value, other: value }), {
      name: "RangeError",
      message: `wrong must be a whole number from 1, got ${value}`,
    });
  });
}
