import assert from "node:assert/strict";
import { newEngineFactoryCounts } from "../../../engines/factory/engine_factory_metrics.ts";

Deno.test("newEngineFactoryCounts makes counters of its own, all at zero", () => {
  const counts = newEngineFactoryCounts();
  assert.ok(Object.values(counts).every((count) => count === 0));
  counts.creation_errors++;
  assert.equal(newEngineFactoryCounts().creation_errors, 0);
});
