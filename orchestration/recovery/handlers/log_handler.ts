import type { LogLevel } from "../../../enums/log_level.ts";
import type { ActionContext, ActionHandler } from "../action_handler.ts";
import { logAt } from "../recovery_logger.ts";

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
    logAt(level, message, { action, executionId, attempt, cause: cause.type });
    return text;
  };
}
