import type { ActionContext } from "../action_handler.ts";

/**
 * Calls something with a signal that aborts with the action's, or when it takes too long.
 *
 * @param context The action.
 * @param seconds How long it may take.
 * @param run What is called; it should end soon after its signal aborts.
 * @returns What it returned.
 */
export async function callWithin<T>(
  context: ActionContext,
  seconds: number,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const cancel = context.clock.after(
    seconds * 1_000,
    () => late.abort(new DOMException(`no answer within ${seconds} seconds`, "TimeoutError")),
  );
  try {
    return await run(AbortSignal.any([context.signal, late.signal]));
  } finally {
    cancel();
  }
}
