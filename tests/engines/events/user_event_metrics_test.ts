import assert from "node:assert/strict";
import { newUserEventCounts } from "../../../engines/events/user_event_metrics.ts";

Deno.test("newUserEventCounts gives every hub counters of its own, at zero", () => {
  const counts = newUserEventCounts();
  assert.ok(Object.values(counts).every((count) => count === 0));
  counts.lagged_total++;
  assert.equal(newUserEventCounts().lagged_total, 0);
});
