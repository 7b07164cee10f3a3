import assert from "node:assert/strict";
import { renderEntries, whyOf } from "../../cli/recovery_entry_report.ts";
import { entryOf } from "./recovery_samples.ts";

const rowsOf = (table: string) => table.trimEnd().split("\n").map((line) => line.split(/ {2,}/));

Deno.test("renderEntries shows entries as a table, repeats and long texts included", () => {
  const last = "2026-01-01T02:00:00.123Z";
  const rows = rowsOf(renderEntries([
    entryOf({ seq: 1, report: "restarted", verified: true }),
    entryOf({
      seq: 2,
      result: "skipped_paused",
      error: "p".repeat(290),
      repeats: 2,
      last_repeated_at: last,
    }),
    entryOf({ seq: 3, action_type: "", step: 0, steps: 0, result: "no_policy", error: "none" }),
  ]));
  assert.deepEqual(rows[0], ["TIME", "LAST", "LANE", "ACTION", "CAUSE", "STEP", "RESULT", "WHY"]);
  assert.deepEqual(rows[1]?.slice(5), ["1/1", "success", "crash, seen to help: restarted"]);
  assert.deepEqual([rows[1]?.[1], rows[2]?.[1]], ["-", "2026-01-01T02:00:00Z"]);
  assert.equal(rows[2]?.[6], "skipped_paused ×3");
  assert.equal(rows[2]?.[7]?.length, 290, "nothing is cut where no terminal is");
  assert.deepEqual(rows[3]?.slice(3, 6), ["-", "crash", "-"]);
});

Deno.test("renderEntries tells attempts and term where there was more than one attempt", () => {
  const results = rowsOf(renderEntries([
    entryOf({ seq: 1, attempts: 2, term: 7 }),
    entryOf({ seq: 2, attempts: 3, term: null }),
    entryOf({ seq: 3, attempts: 1, term: 7 }),
  ])).slice(1).map((cells) => cells[5]);
  assert.deepEqual(results, ["success (2 attempts, term 7)", "success (3 attempts)", "success"]);
});

Deno.test("renderEntries fits a terminal: what is longer goes on below", () => {
  const report = "word ".repeat(20).trim();
  const table = renderEntries([entryOf({ report })], 100);
  const lines = table.trimEnd().split("\n");
  assert.ok(lines.length > 2, table);
  for (const line of lines) assert.ok(line.length <= 100, line);
  const why = lines[0]!.indexOf("WHY");
  assert.equal(lines.slice(1).map((line) => line.slice(why)).join(" "), `crash: ${report}`);
});

Deno.test("whyOf tells who asked, and no empty report", () => {
  assert.equal(whyOf(entryOf({ reason: "test", actor: "ada", report: "" })), "test (ada)");
  assert.equal(whyOf(entryOf({ error: "no luck", report: "x" })), "no luck");
});

Deno.test("whyOf keeps to one line, and tells durations as people do", () => {
  assert.equal(whyOf(entryOf({ report: "one\r\n  two\nthree\n" })), "crash: one two three");
  const error = "mend ran; not again for 86399 s";
  assert.equal(whyOf(entryOf({ error })), "mend ran; not again for 23 h 59 m");
});
