import type { FallbackSettings } from "../../../config/schemas/recovery_handler_kinds.ts";
import { ModeOwner } from "../../../enums/mode_owner.ts";
import type { ActionHandler } from "../action_handler.ts";
import { ActionFailedError } from "./action_failed_error.ts";
import type { ActionHandlerParts } from "./action_handler_parts.ts";

/**
 * Makes an action that asks for a fallback mode, as recovery. It fails when a higher owner holds
 * another; what was asked for stands, and comes into force when that owner lets go.
 */
export function fallbackHandler(
  { mode, hold }: FallbackSettings,
  manager: NonNullable<ActionHandlerParts["fallbackManager"]>,
): ActionHandler {
  return ({ action, reason }) => {
    const outcome = manager.requestMode(mode, {
      owner: ModeOwner.RECOVERY,
      reason: reason || action,
      actor: action,
      ...(hold === null ? {} : { holdMs: hold * 1_000 }),
    });
    if (outcome.kind === "in_force") return `the mode is ${outcome.mode}`;
    throw new ActionFailedError(action, {
      kind: "outranked",
      reason: `${outcome.by} holds the mode at ${outcome.mode}: ${outcome.reason}`,
    });
  };
}
