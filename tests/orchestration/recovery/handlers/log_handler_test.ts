import assert from "node:assert/strict";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { LogLevel } from "../../../../enums/log_level.ts";
import { logHandler } from "../../../../orchestration/recovery/handlers/log_handler.ts";
import { contextOf } from "./action_fixtures.ts";

Deno.test("logHandler writes the message as it stands, at its level", async () => {
  const records: LogRecord[] = [];
  await configure({
    sinks: { kept: (record) => void records.push(record) },
    loggers: [
      { category: ["baton"], sinks: ["kept"], lowestLevel: "trace" },
      { category: ["logtape", "meta"], sinks: ["kept"], lowestLevel: "fatal" },
    ],
  });
  try {
    for (const level of Object.values(LogLevel)) {
      logHandler(level, () => "down {action} {{")(contextOf());
    }
  } finally {
    await reset();
  }
  assert.deepEqual(records.map(({ level }) => level), [
    "trace",
    "debug",
    "info",
    "warning",
    "error",
    "fatal",
  ]);
  assert.deepEqual(records[0]?.category, ["baton", "recovery"]);
  assert.equal(records[0]?.message.join(""), "down {action} {{");
  assert.deepEqual(records[0]?.properties, {
    action: "restart_api",
    executionId: "run-1",
    attempt: 2,
    cause: "api_fault",
  });
});
