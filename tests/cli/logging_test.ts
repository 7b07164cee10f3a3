import assert from "node:assert/strict";
import { getLogger, type LogRecord, resetSync } from "@logtape/logtape";
import { configureLogging, logFormatter } from "../../cli/logging.ts";
import { fakeIo } from "./fake_io.ts";

const record: LogRecord = {
  category: ["baton", "cli"],
  level: "info",
  message: ["", "evil\n\u001b[31m", " joined"],
  rawMessage: "{member} joined",
  properties: { member: "evil\n\u001b[31m" },
  timestamp: Date.UTC(2026, 0, 1),
};

Deno.test("logFormatter writes a line for people, in which values cannot command a terminal", () => {
  const line = logFormatter("pretty", false)(record);
  assert.match(line, /^2026-01-01T00:00:00.000Z INF evil/);
  assert.equal(line.indexOf("\u001b"), -1);
  assert.equal(line.trimEnd().split("\n").length, 1);
});

Deno.test("logFormatter colours on demand", () => {
  const line = logFormatter("pretty", true)({ ...record, message: ["x"] });
  assert.notEqual(line.indexOf("\u001b["), -1);
});

Deno.test("logFormatter writes a JSON document a line", () => {
  const line = logFormatter("json", false)(record);
  assert.equal(line.trimEnd().split("\n").length, 1);
  const parsed = JSON.parse(line);
  assert.deepEqual([parsed.level, parsed.logger, parsed.member], [
    "INFO",
    "baton.cli",
    "evil\n\u001b[31m",
  ]);
});

Deno.test("configureLogging sends records from its level on to stderr, and says nothing itself", () => {
  const io = fakeIo();
  configureLogging({ level: "warning", format: "pretty" }, io);
  try {
    getLogger(["baton", "x"]).info("quiet");
    getLogger(["baton", "x"]).warn("loud");
  } finally {
    resetSync();
  }
  assert.match(io.err(), /^\S+ WRN loud\n$/);
  assert.equal(io.out(), "");
});
