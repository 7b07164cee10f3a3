import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";

/** Runs something and returns what it logged below `["baton", "engines"]`, by level and text. */
export async function capturedLog(run: () => unknown): Promise<string[]> {
  const lines: string[] = [];
  configureSync({
    sinks: { lines: (record: LogRecord) => lines.push(`${record.level} ${textOf(record)}`) },
    loggers: [
      { category: ["baton", "engines"], sinks: ["lines"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  try {
    await run();
    return lines;
  } finally {
    resetSync();
  }
}

function textOf(record: LogRecord): string {
  return record.message.map(String).join("");
}
