import assert from "node:assert/strict";
import { fallbackSettings } from "../../health/fallback_manager_options.ts";

Deno.test("fallbackSettings has the documented defaults", () => {
  assert.deepEqual(fallbackSettings({}), {
    limits: { safeFromFailedComponents: 2, heuristicAboveFailures: 50 },
    releaseLimits: { safeFromFailedComponents: 2, heuristicAboveFailures: 40 },
    dwellMs: 60_000,
    recoverAfterMs: 30_000,
    historyMaxEntries: 100,
  });
});

Deno.test("fallbackSettings derives release limits from the limits that are given", () => {
  const { limits, releaseLimits } = fallbackSettings({
    limits: { heuristicAboveFailures: 100 },
    releaseLimits: { safeFromFailedComponents: 1 },
  });
  assert.deepEqual(limits, { safeFromFailedComponents: 2, heuristicAboveFailures: 100 });
  assert.deepEqual(releaseLimits, { safeFromFailedComponents: 1, heuristicAboveFailures: 80 });
});
