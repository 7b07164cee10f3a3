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

Deno.test("recovery sections bound what is kept one by one", () => {
  for (const key of ["max_actions_per_hour", "max_safe_mode_entries_per_day"]) {
    assert.ok(advanced.safeParse({ [key]: 1_000 }).success, key);
    assert.ok(!advanced.safeParse({ [key]: 1_001 }).success, key);
  }
});

Deno.test("recovery sections take words in any letter case", () => {
  assert.equal(logging.parse({ log_rotation: "Daily" }).log_rotation, "daily");
  assert.ok(!logging.safeParse({ log_rotation: "yearly" }).success);
  assert.equal(advanced.parse({ unknown_phase: "ALLOW" }).unknown_phase, "allow");
});
