import type { NotifySettings } from "../../../config/schemas/recovery_handler_kinds.ts";
import { RecoveryNoticeKind } from "../../../enums/recovery_notice_kind.ts";
import type { ActionContext, ActionHandler } from "../action_handler.ts";
import type { Notifier } from "../notifier.ts";

/** Who tells, by which way, and with which words. */
export interface NotifyParts {
  /** Tells people. */
  readonly notifier: Notifier;
  /** What this node is called. */
  readonly node: string;
  /** Makes the text. */
  readonly render: (context: ActionContext) => string;
}

/**
 * Makes an action that tells people, and fails when that fails. The step's own `channel` and
 * `priority` hold where the handler names none.
 */
export function notifyHandler(
  { channel, priority }: Pick<NotifySettings, "channel" | "priority">,
  { notifier, node, render }: NotifyParts,
): ActionHandler {
  return async (context) => {
    const { action, cause, clock, executionId, params, signal } = context;
    const text = render(context);
    await notifier.notify({
      kind: RecoveryNoticeKind.ALERT,
      timestamp: new Date(clock.now()).toISOString(),
      text,
      action,
      cause: cause.type,
      node,
      channel: channel ?? textOf(params["channel"]),
      priority: priority ?? textOf(params["priority"]),
      details: { execution_id: executionId, severity: cause.severity },
    }, { signal });
    return text;
  };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
