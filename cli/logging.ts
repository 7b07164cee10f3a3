import {
  configureSync,
  getAnsiColorFormatter,
  getJsonLinesFormatter,
  getTextFormatter,
  type TextFormatter,
  type TextFormatterOptions,
} from "@logtape/logtape";
import { wantsColour } from "./colour.ts";
import type { CliIo } from "./cli_io.ts";
import type { CliLogLevel, LogFormat } from "./shared_settings.ts";

/** Options of {@link configureLogging}. */
export interface LoggingOptions {
  readonly level: CliLogLevel;
  readonly format: LogFormat;
}

/**
 * Sends what the library and the commands log to stderr. Only commands call this: the library
 * itself stays silent until its user configures LogTape.
 *
 * @param options How much, and how it looks.
 * @param io Where to.
 */
export function configureLogging(options: LoggingOptions, io: CliIo): void {
  const colour = wantsColour({ isTerminal: io.stderrIsTerminal, env: io.env });
  const format = logFormatter(options.format, colour);
  configureSync({
    reset: true,
    sinks: { stderr: (record) => io.stderr(format(record)) },
    loggers: [
      { category: ["baton"], sinks: ["stderr"], lowestLevel: options.level },
      // Without this entry LogTape announces itself on the console.
      { category: ["logtape", "meta"], sinks: ["stderr"], lowestLevel: "warning" },
    ],
  });
}

/** @returns What makes lines of log records. Values are escaped: some come from other processes. */
export function logFormatter(format: LogFormat, colour: boolean): TextFormatter {
  if (format === "json") return getJsonLinesFormatter({ properties: "flatten" });
  const options: TextFormatterOptions = {
    timestamp: "rfc3339",
    value: "bare",
    sanitize: { newlines: "escape" },
    format: ({ timestamp, level, message }) => `${timestamp} ${level} ${message}`,
  };
  return colour ? getAnsiColorFormatter(options) : getTextFormatter(options);
}
