import assert from "node:assert/strict";
import { healthThresholds } from "../../health/health_thresholds.ts";

Deno.test("healthThresholds fills in the documented defaults", () => {
  assert.deepEqual(healthThresholds({ lagWarningMs: 5 }), {
    lagWarningMs: 5,
    lagCriticalMs: 1_000,
    memoryWarningShare: 0.85,
    memoryCriticalShare: 0.95,
    loadWarningPerCore: 2,
    loadCriticalPerCore: 8,
    probeWarningMs: 500,
  });
});

Deno.test("healthThresholds refuses what makes no sense, with the numbers", () => {
  const cases = [
    {
      options: { lagWarningMs: 0 },
      message: /^lagWarningMs must be above 0 .* got lagWarningMs 0/,
    },
    { options: { lagWarningMs: NaN }, message: /got lagWarningMs NaN/ },
    {
      options: { lagCriticalMs: 100 },
      message: /below lagCriticalMs, .*100 and lagCriticalMs 100/,
    },
    { options: { lagCriticalMs: Infinity }, message: /lagCriticalMs Infinity/ },
    { options: { memoryWarningShare: 0.95 }, message: /memoryWarningShare 0.95/ },
    { options: { memoryCriticalShare: 1.5 }, message: /memoryCriticalShare must be at most 1/ },
    { options: { loadWarningPerCore: -1 }, message: /loadWarningPerCore -1/ },
    { options: { loadCriticalPerCore: 1 }, message: /loadCriticalPerCore 1/ },
    { options: { probeWarningMs: 0 }, message: /probeWarningMs must be above 0, got 0/ },
    { options: { probeWarningMs: NaN }, message: /probeWarningMs must be above 0, got NaN/ },
  ];
  for (const { options, message } of cases) {
    assert.throws(() => healthThresholds(options), { name: "RangeError", message });
  }
});
