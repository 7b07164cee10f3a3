import assert from "node:assert/strict";
import { monitoring } from "../../../config/schemas/layer_monitoring.ts";

Deno.test("monitoring has the documented defaults", () => {
  const { progress_tracking, reporting, performance_monitoring } = monitoring.parse({});
  assert.deepEqual(progress_tracking, {
    enabled: true,
    granularity: "category",
    persist_progress: true,
    checkpoint_interval_seconds: 30,
  });
  assert.deepEqual([reporting.report_formats, reporting.report_output_dir], [
    ["json"],
    "test_reports",
  ]);
  assert.deepEqual(performance_monitoring, {});
});

Deno.test("monitoring refuses unknown forms and grains, and keeps what is measured as written", () => {
  assert.ok(!monitoring.safeParse({ reporting: { report_formats: ["pdf"] } }).success);
  assert.ok(!monitoring.safeParse({ progress_tracking: { granularity: "line" } }).success);
  const measured = { enabled: true, deep: [1] };
  assert.deepEqual(
    monitoring.parse({ performance_monitoring: measured }).performance_monitoring,
    measured,
  );
});
