import assert from "node:assert/strict";
import { resolveWorkLimits } from "../../../coordination/work/work_limits.ts";

Deno.test("resolveWorkLimits fills in the defaults and refuses what is out of range", () => {
  assert.deepEqual(resolveWorkLimits(), { maxBacklog: 100_000, retainMs: 86_400_000 });
  assert.deepEqual(resolveWorkLimits({ maxBacklog: 1, retainMs: 1_000 }), {
    maxBacklog: 1,
    retainMs: 1_000,
  });
  assert.throws(() => resolveWorkLimits({ maxBacklog: 0 }), /RangeError: maxBacklog/);
  assert.throws(() => resolveWorkLimits({ retainMs: 999 }), /RangeError: retainMs/);
});
