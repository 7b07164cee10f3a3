import assert from "node:assert/strict";
import {
  actionTimeout,
  advanced,
  logging,
  pollInterval,
  thresholds,
} from "../../../config/schemas/recovery_sections.ts";

Deno.test("recovery sections are complete without anything said, and refuse unknown keys", () => {
  for (const section of [advanced, logging, thresholds]) {
    assert.ok(Object.keys(section.parse({})).length >= 4);
    assert.ok(!section.safeParse({ unknown: 1 }).success);
  }
  assert.equal(actionTimeout(7).parse(undefined), 7);
  assert.ok(pollInterval.safeParse(0.1).success);
  assert.ok(!pollInterval.safeParse(0.05).success);
});
