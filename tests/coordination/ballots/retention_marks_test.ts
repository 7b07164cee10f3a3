import assert from "node:assert/strict";
import { RetentionMarks } from "../../../coordination/ballots/retention_marks.ts";

Deno.test("RetentionMarks horizon is what was there a retention ago, and never more", () => {
  const marks = new RetentionMarks(160);
  assert.equal(marks.stepMs, 10);
  marks.note(["05", "03"], 1_000);
  marks.note(["06"], 1_005);
  marks.note(["07", "05"], 1_010);
  marks.note([], 1_020);
  const cases = [
    { name: "too early", nowMs: 1_159, horizon: "" },
    { name: "the first", nowMs: 1_160, horizon: "05" },
    { name: "noted too soon after the first", nowMs: 1_169, horizon: "05" },
    { name: "the second", nowMs: 1_170, horizon: "07" },
    { name: "for ever", nowMs: 9_999, horizon: "07" },
  ];
  for (const { name, nowMs, horizon } of cases) assert.equal(marks.horizon(nowMs), horizon, name);
});

Deno.test("RetentionMarks takes no note of what is older than what it knows", () => {
  const marks = new RetentionMarks(160);
  marks.note(["09"], 0);
  marks.note(["04"], 100);
  assert.equal(marks.horizon(200), "09");
});
