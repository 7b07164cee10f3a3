import assert from "node:assert/strict";
import { ENDS_AFTER_START, secondsBetween } from "../../../enums/records/time_span.ts";

Deno.test("secondsBetween subtracts, and is null while one of the two is not known", () => {
  const start = "2025-09-02T10:00:00.000Z";
  assert.equal(secondsBetween(start, "2025-09-02T10:05:00.123Z"), 300.123);
  assert.equal(secondsBetween(start, "2025-09-02T09:59:59.000Z"), -1);
  assert.equal(secondsBetween(start, null), null);
  assert.equal(secondsBetween(null, start), null);
});

Deno.test("ENDS_AFTER_START is broken only by an end that is known to be before the start", () => {
  const early = "2025-09-02T10:00:00.000Z";
  const late = "2025-09-02T10:00:00.001Z";
  assert.ok(ENDS_AFTER_START.isBroken({ startTime: late, endTime: early }));
  assert.ok(!ENDS_AFTER_START.isBroken({ startTime: early, endTime: late }));
  assert.ok(!ENDS_AFTER_START.isBroken({ startTime: early, endTime: early }));
  assert.ok(!ENDS_AFTER_START.isBroken({ startTime: early, endTime: null }));
  assert.ok(!ENDS_AFTER_START.isBroken({ endTime: early }));
  assert.ok(!ENDS_AFTER_START.isBroken({}));
});
