import assert from "node:assert/strict";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { LogLevel } from "../../../enums/log_level.ts";
import { logAt } from "../../../orchestration/recovery/recovery_logger.ts";

Deno.test("logAt logs at each level, under baton and recovery", async () => {
  const records: LogRecord[] = [];
  await configure({
    sinks: { kept: (record) => void records.push(record) },
    loggers: [
      { category: ["baton"], sinks: ["kept"], lowestLevel: "trace" },
      { category: ["logtape", "meta"], sinks: ["kept"], lowestLevel: "fatal" },
    ],
  });
  try {
    for (const level of Object.values(LogLevel)) logAt(level, "{what} ran", { what: "it" });
  } finally {
    await reset();
  }
  assert.deepEqual(
    records.map(({ level, category, message }) => `${level} ${category} ${message.join("")}`),
    ["trace", "debug", "info", "warning", "error", "fatal"]
      .map((level) => `${level} baton,recovery it ran`),
  );
});
