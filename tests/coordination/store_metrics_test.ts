import assert from "node:assert/strict";
import { NO_STORE_METRICS } from "../../coordination/store_metrics.ts";

Deno.test("NO_STORE_METRICS counts nothing, and cannot be made to", () => {
  assert.ok(Object.values(NO_STORE_METRICS).every((count) => count === 0));
  assert.ok(Object.isFrozen(NO_STORE_METRICS));
});
