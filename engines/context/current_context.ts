import { AsyncLocalStorage } from "node:async_hooks";
import { ContextIsolationError } from "./context_errors.ts";
import type { UserExecutionContext } from "./user_execution_context.ts";
import { validateUserContext } from "./validate_user_context.ts";

const storage = new AsyncLocalStorage<UserExecutionContext>();

let isChecking = false;

/**
 * Does something in a user's context: {@link currentContext} finds it there, after every `await` and
 * in every timer that the work starts. Inside it another context may be run, until that one is done.
 *
 * @param context The context.
 * @param run What to do.
 * @returns What it returns.
 * @throws {TypeError} when the context is none.
 *
 * @example Know whose work it is
 * ```ts
 * import { currentContext, runInContext, UserExecutionContext } from "@baton/orchestration/engines";
 *
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
 * const whose = await runInContext(context, async () => {
 *   await Promise.resolve();
 *   return currentContext()?.userId;
 * });
 * if (whose !== "ada" || currentContext() !== null) throw new Error("unexpected");
 * ```
 */
export function runInContext<T>(context: UserExecutionContext, run: () => T): T {
  return storage.run(validateUserContext(context), run);
}

/**
 * Says in whose context the caller runs.
 *
 * @returns The context; null when it runs in none.
 */
export function currentContext(): UserExecutionContext | null {
  return storage.getStore() ?? null;
}

/**
 * Switches the checks of {@link assertCurrentContext} on or off, for the whole process. They are off
 * until somebody switches them on: they are meant for tests and for development, where an application
 * does so before anything else. No environment variable does.
 *
 * @param isOn Whether to check.
 * @returns Whether they were on before.
 */
export function setContextChecks(isOn: boolean): boolean {
  const wasOn = isChecking;
  isChecking = isOn;
  return wasOn;
}

/**
 * Makes sure that work for a user does not run in another user's context, which happens when a
 * callback, a cache or a queue carries it over. Free while the checks are off. Outside of any context
 * it says nothing, and another run of the same user is no fault.
 *
 * @param context Whose work it is.
 * @throws {ContextIsolationError} when the checks are on and it runs in another user's context.
 */
export function assertCurrentContext(context: UserExecutionContext): void {
  if (!isChecking) return;
  const current = storage.getStore();
  if (current === undefined || current.userId === context.userId) return;
  const message = "Cross-user contamination: this user's work runs in another user's context";
  throw new ContextIsolationError(context.userId, "current context", message);
}
