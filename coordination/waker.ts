import type { KvStore } from "./kv_store.ts";

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
  /** Hints of the file system that come closer together than this are taken as one, in ms. */
  readonly debounceMs: number;
}

/**
 * Wakes a follower when something may have changed. A hint only ever causes a read; nothing is
 * decided by one, and none is relied on: every wait ends by itself.
 *
 * Sources of hints: `kv.watch`, which sees this process's writes on a local store and everybody's on
 * a remote one; and `Deno.watchFs` on the folder of a local file, which sees other processes' commits
 * within milliseconds but not which keys they wrote.
 */
export class Waker implements AsyncDisposable {
  readonly #options: WakerOptions;
  readonly #ended = new AbortController();
  readonly #sources: Promise<void>[] = [];
  #longestWaitMs: number;
  #hinted = false;
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
    const file = localFile(storePath);
    if (file === null) {
      this.#longestWaitMs = safetyPollMs;
    } else if (await mayRead(file.folder)) {
      this.#sources.push(this.#watchFolder(file));
      this.#longestWaitMs = safetyPollMs;
    }
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
    const woken = new AbortController();
    const hint = new Promise<void>((resolve) => this.#wake = resolve);
    const stop = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal;
    const sleep = this.#options.store.clock.sleep(Math.min(ms, this.#longestWaitMs), {
      signal: stop,
    });
    try {
      await Promise.race([hint, sleep]);
    } finally {
      sleep.catch(() => {});
      woken.abort();
      this.#wake = undefined;
      this.#hinted = false;
    }
  }

  /** Stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
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
        } finally {
          signal.removeEventListener("abort", cancel);
        }
      } catch {
        store.countBrokenWatch();
      }
      await clock.sleep(safetyPollMs, { signal }).catch(() => {});
    }
  }

  async #watchFolder(file: LocalFile): Promise<void> {
    const { store: { clock }, debounceMs } = this.#options;
    const { signal } = this.#ended;
    const watcher = Deno.watchFs(file.folder, { recursive: false });
    const close = () => watcher.close();
    signal.addEventListener("abort", close, { once: true });
    let quietUntil = -Infinity;
    let delayed = false;
    const hintAfter = async (ms: number) => {
      delayed = true;
      await clock.sleep(ms, { signal }).catch(() => {});
      delayed = false;
      quietUntil = clock.monotonic() + debounceMs;
      this.#hint();
    };
    for await (const event of watcher) {
      if (event.kind === "access" || delayed || !event.paths.some(file.concerns)) continue;
      const early = quietUntil - clock.monotonic();
      if (early > 0) void hintAfter(early);
      else {
        quietUntil = clock.monotonic() + debounceMs;
        this.#hint();
      }
    }
  }
}

interface LocalFile {
  readonly folder: string;
  readonly concerns: (path: string) => boolean;
}

/** @returns The file behind a path, or null for a store that `kv.watch` sees whole. */
function localFile(storePath: string): LocalFile | null {
  if (storePath === ":memory:" || /^https?:\/\//.test(storePath)) return null;
  const parts = storePath.split(/[\\/]/);
  const base = parts.pop()!;
  const folder = parts.length === 0 ? "." : parts.join("/") || "/";
  return { folder, concerns: (path) => path.split(/[\\/]/).pop()!.startsWith(base) };
}

async function mayRead(folder: string): Promise<boolean> {
  return (await Deno.permissions.query({ name: "read", path: folder })).state === "granted";
}
