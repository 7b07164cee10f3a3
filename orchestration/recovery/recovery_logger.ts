import { getLogger, type Logger } from "@logtape/logtape";
import { LogLevel } from "../../enums/log_level.ts";

/** Silent until the application configures LogTape for the category `["baton"]`. */
export const recoveryLogger: Logger = getLogger(["baton", "recovery"]);

/** What the logger calls each level. */
const METHODS = {
  [LogLevel.TRACE]: "trace",
  [LogLevel.DEBUG]: "debug",
  [LogLevel.INFO]: "info",
  [LogLevel.WARNING]: "warn",
  [LogLevel.ERROR]: "error",
  [LogLevel.CRITICAL]: "fatal",
} as const satisfies Record<LogLevel, keyof Logger>;

/**
 * Logs at a level that is only known when it runs.
 *
 * @param level How important it is.
 * @param message What is logged; braces in it name properties.
 * @param properties What stands in their places.
 */
export function logAt(
  level: LogLevel,
  message: string,
  properties: Readonly<Record<string, unknown>>,
): void {
  recoveryLogger[METHODS[level]](message, { ...properties });
}
