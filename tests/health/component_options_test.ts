import assert from "node:assert/strict";
import { type ComponentOptions, setUpComponent } from "../../health/component_options.ts";

Deno.test("setUpComponent fills in the defaults", () => {
  assert.deepEqual(setUpComponent({ name: "a" }), {
    name: "a",
    check: null,
    intervalMs: 10_000,
    timeoutMs: 5_000,
    slowMs: Infinity,
    failureThreshold: 3,
    successThreshold: 1,
  });
});

Deno.test("setUpComponent refuses options out of range", () => {
  const cases: { options: ComponentOptions; message: RegExp }[] = [
    { options: { name: "" }, message: /1 to 100 characters, got 0/ },
    { options: { name: "x".repeat(101) }, message: /got 101/ },
    { options: { name: "a", intervalMs: 9 }, message: /intervalMs of "a" must be 10 to 86400000/ },
    { options: { name: "a", intervalMs: 86_400_001 }, message: /got 86400001/ },
    {
      options: { name: "a", timeoutMs: NaN },
      message: /timeoutMs of "a" must be 1 to .*, got NaN/,
    },
    { options: { name: "a", slowMs: 0 }, message: /slowMs of "a" must be above 0, got 0/ },
    {
      options: { name: "a", failureThreshold: 1.5 },
      message: /failureThreshold of "a" must be a whole number from 1 to 1000, got 1.5/,
    },
    { options: { name: "a", successThreshold: 1_001 }, message: /successThreshold.* got 1001/ },
  ];
  for (const { options, message } of cases) {
    assert.throws(() => setUpComponent(options), { name: "RangeError", message });
  }
});
