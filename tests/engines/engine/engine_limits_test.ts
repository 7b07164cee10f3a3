import assert from "node:assert/strict";
import { checkedLimits } from "../../../engines/engine/engine_limits.ts";

Deno.test("checkedLimits fills in what is not said and refuses what cannot be", () => {
  const { timeoutMs, tierTimeoutsMs, historyMaxEntries, cleanupWaitMs } = checkedLimits();
  assert.deepEqual([timeoutMs, historyMaxEntries, cleanupWaitMs], [25_000, 100, 5_000]);
  const tiers = { free: 25_000, early: 25_000, mid: 60_000, platform: 120_000 };
  assert.deepEqual(tierTimeoutsMs, { ...tiers, enterprise: 300_000 });
  assert.equal(checkedLimits({ timeoutMs: 5 }).tierTimeoutsMs.free, 5);
  const wrong = [
    { timeoutMs: 0 },
    { timeoutMs: 2 ** 31 },
    { historyMaxEntries: 0 },
    { cleanupWaitMs: -1 },
    { tierTimeoutsMs: { mid: NaN } },
  ];
  for (const limits of wrong) assert.throws(() => checkedLimits(limits), RangeError);
  assert.throws(() => checkedLimits({ tierTimeoutsMs: { golden: 5 } as never }), TypeError);
  assert.throws(() => checkedLimits({ timeout: 5 } as never), /did you mean timeoutMs\?$/);
});
