import { type StoreLossOptions, untilStoreLost } from "./store_loss.ts";

/** A watch over a store; disposing of it ends it. */
export interface StoreWatch extends AsyncDisposable {
  /** Aborts when the store is lost for good: its reason is the error. */
  readonly lost: AbortSignal;
}

/**
 * Watches a store that a process works on: who works on a file that was deleted holds a lock that
 * nobody else sees.
 *
 * @param options What to look at.
 * @returns The watch, which also counts as lost a store that it can no longer look at.
 */
export function watchStore(options: Omit<StoreLossOptions, "signal">): StoreWatch {
  const lost = new AbortController();
  const over = new AbortController();
  const end = (error: unknown) => {
    if (error !== null) lost.abort(error);
  };
  const watching = untilStoreLost({ ...options, signal: over.signal }).then(end, end);
  const dispose = async () => {
    over.abort();
    await watching;
  };
  return { lost: lost.signal, [Symbol.asyncDispose]: dispose };
}
