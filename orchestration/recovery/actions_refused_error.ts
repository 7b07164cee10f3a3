import type { RefusedAction } from "./handlers/create_action_handlers.ts";

/** A file declares actions that cannot be done here. Said when it is loaded, not at 3 a.m. */
export class ActionsRefusedError extends Error {
  /** Tells this error from others. */
  override readonly name = "ActionsRefusedError";
  /** A stable code for programs. */
  readonly code = "ACTIONS_REFUSED";
  /** The actions, each with the permission to grant or the part to give. */
  readonly actions: readonly RefusedAction[];

  /**
   * Makes the error.
   *
   * @param actions The actions.
   */
  constructor(actions: readonly RefusedAction[]) {
    const each = actions.map(({ action, reason }) => `${action}: ${reason}`).join("; ");
    super(`Cannot do actions that are declared under handlers: ${each}`);
    this.actions = actions;
  }
}
