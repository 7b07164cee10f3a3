import assert from "node:assert/strict";
import { loggedAtMs, logLine, parseLogFormat } from "../../../orchestration/recovery/log_line.ts";

const atMs = Date.parse("2026-11-21T13:00:00.000Z");
const level = "WARNING";

Deno.test("parseLogFormat reads json, text and nothing, and refuses others", () => {
  assert.deepEqual(["", "JSON", " text"].map(parseLogFormat), ["json", "json", "text"]);
  assert.throws(() => parseLogFormat("xml"), {
    name: "RangeError",
    message: 'Log format must be "json" or "text", got "xml"',
  });
});

Deno.test("logLine puts any entry on one line", () => {
  const head = '{"logged_at":"2026-11-21T13:00:00.000Z","level":"WARNING"';
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const cases: [entry: Record<string, unknown>, rest: string][] = [
    [{}, "}"],
    [{ text: "a\nb", none: undefined }, ',"text":"a\\nb"}'],
    [{ logged_at: "never", level: "none", timestamp: "then" }, ',"timestamp":"then"}'],
    [cyclic, ',"problem":"the entry cannot be written as JSON"}'],
    [{ big: 1n }, ',"problem":"the entry cannot be written as JSON"}'],
    [
      { text: "x".repeat(65_536) },
      ',"problem":"the entry takes 65604 characters, and 65536 is the limit"}',
    ],
  ];
  for (const [entry, rest] of cases) {
    assert.equal(logLine("json", { atMs, level, entry }), `${head}${rest}\n`);
  }
});

Deno.test("logLine shows the fields by name when the format is text", () => {
  const entry = { action: "restart now", count: 2, none: undefined, "a\nb": null };
  const line = '2026-11-21T13:00:00.000Z WARNING action="restart now" count=2 "a\\nb"=null\n';
  assert.equal(logLine("text", { atMs, level, entry }), line);
});

Deno.test("loggedAtMs reads what logLine wrote, and nothing else", () => {
  for (const format of ["json", "text"] as const) {
    assert.equal(loggedAtMs(logLine(format, { atMs, level, entry: {} })), atMs);
  }
  const others = ["", "hello", '{"logged_at":"2026-', "2026-11-21 13:00:00,123 INFO", '{"a":1}'];
  for (const start of [...others, "2026-13-21T13:00:00.000Z"]) {
    assert.equal(loggedAtMs(start), null, start);
  }
});
