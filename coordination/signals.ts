/** Why a wait was ended that nobody needs any more. Costs a tenth of the default, a `DOMException`. */
export const UNNEEDED = "no longer needed";

/**
 * Waits for a signal.
 *
 * @param signal What to wait for.
 * @param unwanted Ends the interest: the listener is taken away when it aborts, and nothing resolves.
 * @returns A promise that resolves once the signal has aborted.
 */
export function aborted(signal: AbortSignal, unwanted?: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), {
      once: true,
      ...(unwanted && { signal: unwanted }),
    });
  });
}
