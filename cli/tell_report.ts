import type { LogLevel } from "@logtape/logtape";
import { type ErrorReport, reportLine } from "./cli_error.ts";
import type { CliIo } from "./cli_io.ts";
import { logFormatter } from "./logging.ts";
import type { LogFormat } from "./shared_settings.ts";

/** How {@link tellReport} tells. */
export interface TellOptions {
  /** The command, such as "baton lock". */
  readonly name: string;
  /** How the command's log looks. */
  readonly format: LogFormat;
  /**
   * How bad it is, for a log in JSON.
   *
   * @default "error"
   */
  readonly level?: LogLevel;
  /** Where the error comes from; undefined to leave that out. */
  readonly stack?: string | undefined;
  readonly io: Pick<CliIo, "stderr" | "clock">;
}

/** Tells on stderr what is not a result: a line for people, or a line of a log in JSON. */
export function tellReport(report: ErrorReport, options: TellOptions): void {
  const { name, format, level = "error", stack, io } = options;
  if (format === "pretty") {
    io.stderr(reportLine(name, report));
    if (stack !== undefined) io.stderr(`${stack}\n`);
    return;
  }
  const { message, ...rest } = report;
  io.stderr(
    logFormatter("json", false)({
      category: ["baton", "cli"],
      level,
      message: [message],
      rawMessage: message,
      properties: { command: name, ...rest, ...stack === undefined ? {} : { stack } },
      timestamp: io.clock.now(),
    }),
  );
}
