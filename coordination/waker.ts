import type { KvStore } from "./kv_store.ts";
import { UNNEEDED } from "./signals.ts";

/** Options of {@link Waker}. */
export interface WakerOptions {
  /** The store whose keys are watched; it counts the watches that broke. */
  readonly store: KvStore;
  /** What to watch, at most ten keys. */
  readonly keys: readonly Deno.KvKey[];
  /** Path or URL that the handle was opened with; undefined when the caller did not say. */
  readonly storePath: string | undefined;
  /** Longest wait where hints can be expected, in ms. */
  readonly safetyPollMs: number;
  /** Longest wait where a change by another process gives no hint, in ms. */
  readonly blindPollMs: number;
  /** Shortest time between two hints of a file that keeps changing, in ms. */
  readonly debounceMs: number;
}

/**
 * Wakes a follower when something may have changed. A hint only ever causes a read; nothing is
 * decided by one, and none is relied on: every wait ends by itself.
 *
 * Sources of hints: `kv.watch`, which sees this process's writes on a local store and everybody's on
 * a remote one; and `Deno.watchFs` on the write-ahead log of a local file, which sees other
 * processes' commits within milliseconds but not which keys they wrote.
 */
export class Waker implements AsyncDisposable {
  readonly #options: WakerOptions;
  readonly #ended = new AbortController();
  readonly #sources: Promise<void>[] = [];
  #longestWaitMs: number;
  #hinted = false;
  #hasChanged = false;
  #isSettling = false;
  #wake: (() => void) | undefined;

  /** @param options What to watch, and how patiently. */
  constructor(options: WakerOptions) {
    this.#options = options;
    this.#longestWaitMs = options.blindPollMs;
  }

  /** Begins to listen. */
  async start(): Promise<void> {
    this.#sources.push(this.#watchKeys());
    const { storePath, safetyPollMs } = this.#options;
    if (storePath === undefined) return;
    if (isSeenWhole(storePath)) {
      this.#longestWaitMs = safetyPollMs;
      return;
    }
    const watcher = await watchLog(storePath, () => this.#options.store.countBrokenWatch());
    if (watcher !== null) this.#sources.push(this.#followLog(watcher));
  }

  /**
   * Waits for a hint, or for the time to pass.
   *
   * @param ms The longest wait, in ms; cut short by the safety poll.
   * @param signal Ends the wait early.
   * @throws The signal's reason.
   */
  async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#hinted || ms <= 0) {
      this.#hinted = false;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const stop = () => reject(signal!.reason);
    signal?.addEventListener("abort", stop);
    const { clock } = this.#options.store;
    const cancel = clock.after(Math.min(ms, this.#longestWaitMs), resolve);
    try {
      await promise;
    } finally {
      cancel();
      signal?.removeEventListener("abort", stop);
      this.#wake = undefined;
      this.#hinted = false;
    }
  }

  /** Stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort(UNNEEDED);
    await Promise.allSettled(this.#sources);
  }

  #hint(): void {
    this.#hinted = true;
    this.#wake?.();
  }

  /** Follows the keys. A stream that breaks is opened again later; the safety poll reads meanwhile. */
  async #watchKeys(): Promise<void> {
    const { store, keys, safetyPollMs } = this.#options;
    const { clock, kv } = store;
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        const reader = kv.watch([...keys]).getReader();
        const cancel = () => void reader.cancel().catch(() => {});
        signal.addEventListener("abort", cancel, { once: true });
        try {
          while (!(await reader.read()).done) this.#hint();
          if (!signal.aborted) store.countBrokenWatch();
        } finally {
          signal.removeEventListener("abort", cancel);
        }
      } catch {
        store.countBrokenWatch();
      }
      await clock.sleep(safetyPollMs, { signal }).catch(() => {});
    }
  }

  /** Follows the log; when that fails, the store is read as often as if there were no log. */
  async #followLog(watcher: Deno.FsWatcher): Promise<void> {
    const { store, safetyPollMs, blindPollMs } = this.#options;
    const { signal } = this.#ended;
    const close = () => watcher.close();
    if (signal.aborted) close();
    signal.addEventListener("abort", close, { once: true });
    this.#longestWaitMs = safetyPollMs;
    try {
      for await (const { kind } of watcher) {
        if (kind !== "modify") continue;
        this.#hasChanged = true;
        if (!this.#isSettling) void this.#settle();
      }
    } catch {
      // Counted below, like a watcher that ends by itself.
    }
    if (signal.aborted) return;
    store.countBrokenWatch();
    this.#longestWaitMs = blindPollMs;
  }

  /**
   * Hints twice at what was written: the log changes before a commit is synced and can be read, so
   * first after as long as commits take here, and for those that take longer once more after the
   * debounce time; then once each debounce time while changes go on.
   */
  async #settle(): Promise<void> {
    const { store, debounceMs } = this.#options;
    const { signal } = this.#ended;
    this.#isSettling = true;
    await store.clock.sleep(Math.min(store.commitMs, debounceMs), { signal }).catch(() => {});
    this.#hint();
    do {
      this.#hasChanged = false;
      await store.clock.sleep(debounceMs, { signal }).catch(() => {});
      this.#hint();
    } while (this.#hasChanged && !signal.aborted);
    this.#isSettling = false;
  }
}

/** @returns Whether `kv.watch` on this store sees the writes of all processes. */
function isSeenWhole(storePath: string): boolean {
  return storePath === ":memory:" || /^https?:\/\//.test(storePath);
}

/**
 * Watches the write-ahead log of a local file, and that file alone. `Deno.watchFs` opens and closes
 * every file it reports. Closing any descriptor of a file drops all POSIX locks that the process has
 * on it, and SQLite keeps its locks on the database and on its `-shm` file: watching the folder would
 * take them away and corrupt the database. It keeps none on the log.
 *
 * @param storePath The database.
 * @param onFailure Told when the system has no watcher to give.
 * @returns The watcher; null where there is none, and the store must be read instead.
 */
async function watchLog(
  storePath: string,
  onFailure: () => void,
): Promise<Deno.FsWatcher | null> {
  const path = `${storePath}-wal`;
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return null;
  try {
    return Deno.watchFs(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) onFailure();
    return null;
  }
}
