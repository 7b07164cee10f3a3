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

Deno.test("RetentionMarks learns what another process knew, and forgets no more than a step", () => {
  const marks = new RetentionMarks(160);
  marks.note(["04"], 1_000);
  marks.note(["08"], 1_020);
  assert.deepEqual(marks.ages(1_030.7), [
    { versionstamp: "04", ageMs: 30 },
    { versionstamp: "08", ageMs: 10 },
  ]);
  assert.deepEqual(marks.ages(9_999).map(({ ageMs }) => ageMs), [160, 160], "more is of no use");
  const other = new RetentionMarks(160);
  other.note(["06"], 5_000);
  other.learn(marks.ages(1_030), 5_000);
  assert.deepEqual(other.ages(5_000), [
    { versionstamp: "04", ageMs: 30 },
    { versionstamp: "08", ageMs: 10 },
  ], "of what is younger and has a lower versionstamp nothing is lost");
  const cases = [
    { name: "too early", nowMs: 5_129, horizon: "" },
    { name: "the first", nowMs: 5_130, horizon: "04" },
    { name: "the second", nowMs: 5_150, horizon: "08" },
  ];
  for (const { name, nowMs, horizon } of cases) assert.equal(other.horizon(nowMs), horizon, name);
});

Deno.test("RetentionMarks stays small and never calls anything older than it is, whatever it learns", () => {
  const marks = new RetentionMarks(160);
  const bornAtMs = (versionstamp: string) => Number(versionstamp) * 3;
  for (let nowMs = 3; nowMs < 3_000; nowMs += 3) {
    const versionstamp = String(nowMs / 3).padStart(4, "0");
    if (nowMs % 2) marks.note([versionstamp], nowMs);
    else marks.learn([{ versionstamp, ageMs: 0 }], nowMs);
    marks.learn(marks.ages(nowMs), nowMs);
    const horizon = marks.horizon(nowMs);
    assert.ok(horizon === "" || nowMs - bornAtMs(horizon) >= 160);
    assert.ok(nowMs < 200 || nowMs - bornAtMs(horizon) <= 160 + 2 * marks.stepMs, String(nowMs));
    assert.ok(marks.ages(nowMs).length <= 18);
  }
});
