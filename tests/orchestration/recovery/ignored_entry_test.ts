import assert from "node:assert/strict";
import { ignoredEntry } from "../../../orchestration/recovery/ignored_entry.ts";
import { aCause, NOW_MS, someFacts } from "./recovery_fixtures.ts";

const LANE = { name: "cluster", node: "node-1", term: null };

Deno.test("ignoredEntry says that no policy is about an anomaly", () => {
  const options = { result: "no_policy", threshold: null, nowMs: NOW_MS, lane: LANE } as const;
  const entry = ignoredEntry(aCause({ type: "__proto__", reason: "__proto__" }), options);
  assert.equal(entry.anomaly_type, "__proto__");
  assert.equal(entry.reason, "__proto__ (severity=0.90)");
  assert.equal(entry.error, "no policy is about it");
  assert.equal(entry.result, "no_policy");
  assert.deepEqual(
    [entry.success, entry.action_type, entry.step, entry.steps, entry.attempts, entry.ended_at],
    [false, "", 0, 0, 0, null],
  );
  assert.equal(entry.timestamp, "2026-11-21T13:00:00.000Z");
  assert.deepEqual(entry.inputs.context, {
    severity: 0.9,
    recurrence_count: 2,
    confidence: 0.7,
    duration: 5,
  });
  assert.deepEqual(entry.inputs.facts, someFacts());
  assert.notEqual(ignoredEntry(aCause(), options).id, entry.id);
});

Deno.test("ignoredEntry says by how much an anomaly is not severe enough, and for whom", () => {
  const term = { term: 7 } as NonNullable<Parameters<typeof ignoredEntry>[1]["lane"]["term"]>;
  const entry = ignoredEntry(aCause({ detectedMs: NOW_MS + 9_000 }), {
    result: "below_threshold",
    threshold: 0.95,
    nowMs: NOW_MS,
    lane: { ...LANE, term },
  });
  assert.equal(entry.error, "severity 0.90 is below the threshold 0.95");
  assert.equal(entry.inputs.context.duration, 0);
  assert.deepEqual([entry.lane, entry.node, entry.term], ["cluster", "node-1", 7]);
});
