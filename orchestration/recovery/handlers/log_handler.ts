import { getLogger, type Logger } from "@logtape/logtape";
import { LogLevel } from "../../../enums/log_level.ts";
import type { ActionContext, ActionHandler } from "../action_handler.ts";

/** Silent until the application configures LogTape for the category `["baton"]`. */
const logger: Logger = getLogger(["baton", "recovery"]);

const METHODS = {
  [LogLevel.TRACE]: "trace",
  [LogLevel.DEBUG]: "debug",
  [LogLevel.INFO]: "info",
  [LogLevel.WARNING]: "warn",
  [LogLevel.ERROR]: "error",
  [LogLevel.CRITICAL]: "fatal",
} as const satisfies Record<LogLevel, keyof Logger>;

/** Makes an action that writes a message to the log. */
export function logHandler(
  level: LogLevel,
  render: (context: ActionContext) => string,
): ActionHandler {
  return (context) => {
    const text = render(context);
    const { action, executionId, attempt, cause } = context;
    // In a message, braces would be placeholders of the logger.
    const message = text.replace(/[{}]/g, "$&$&");
    logger[METHODS[level]](message, { action, executionId, attempt, cause: cause.type });
    return text;
  };
}
