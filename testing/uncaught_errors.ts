/**
 * Hears of errors that nobody caught: rejected promises without a handler, and what a callback threw
 * on its own. Meanwhile they do not end the process. Several listeners each hear of all of them.
 *
 * @param hear Told of each error.
 * @returns Ends it.
 */
export function hearUncaughtErrors(hear: (error: unknown) => void): () => void {
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    hear(event.reason);
  };
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    hear(event.error);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  return () => {
    globalThis.removeEventListener("unhandledrejection", onRejection);
    globalThis.removeEventListener("error", onError);
  };
}
