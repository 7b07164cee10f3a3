/**
 * An error whose message is meant for the user. Of all others an agent or tool throws, the user is told
 * the kind alone: their text may hold what is nobody's business, and stays in the result.
 *
 * @example Tell the user what to do
 * ```ts
 * import {
 *   type Agent,
 *   UserExecutionContext,
 *   UserExecutionEngine,
 *   UserFacingError,
 * } from "@baton/orchestration/engines";
 *
 * const echo: Agent = ({ input }) => {
 *   if (input === "") throw new UserFacingError("Please enter a text");
 *   return input;
 * };
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
 * await using engine = new UserExecutionEngine({ context, agents: new Map([["echo", echo]]) });
 * const { metadata } = await engine.executeAgent({ agentName: "echo", context }, "");
 * if (metadata["user_message"] !== "Please enter a text") throw new Error("unexpected");
 * ```
 */
export class UserFacingError extends Error {
  /** Tells this error from others. */
  override readonly name = "UserFacingError";
  /** A stable code for programs. */
  readonly code = "USER_FACING";

  /**
   * Makes the error.
   *
   * @param message What the user reads.
   * @param options What caused it, which the user is not told.
   */
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
  }

  /**
   * Finds what is meant for the user in something that was thrown.
   *
   * @param error Anything; of a tool's error that an agent let pass, the cause counts.
   * @returns The message; null when nothing is meant for the user.
   */
  static messageIn(error: unknown): string | null {
    if (error instanceof UserFacingError) return error.message;
    if (!(error instanceof Error)) return null;
    return error.cause instanceof UserFacingError ? error.cause.message : null;
  }
}
