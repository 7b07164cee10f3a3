import type { Notifier, RecoveryNotice } from "./notifier.ts";

/**
 * Tells several notifiers at once, and waits for all of them: one that fails keeps none of the others
 * from being told.
 *
 * @param notifiers Who is told.
 * @param notice What happened.
 * @param options The signal that ends the attempt.
 * @throws What the first of those that failed threw.
 */
export async function tellNotifiers(
  notifiers: readonly Notifier[],
  notice: RecoveryNotice,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  const told = await Promise.allSettled(
    notifiers.map((notifier) => Promise.try(() => notifier.notify(notice, options))),
  );
  const failed = told.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}
