import type { KvStore } from "../kv_store.ts";
import type { CallOptions } from "../write_batch.ts";
import { keyText } from "./commit_part.ts";
import { keyAfter } from "./work_keys.ts";

interface Seen {
  readonly versionstamp: string;
  readonly sinceMs: number;
}

/** An entry, and for how long this process has seen it stand as it does, in ms. */
export interface SweptEntry {
  /** What stands there. */
  readonly entry: Deno.KvEntry<unknown>;
  /** By this process's monotonic clock, counted from when it first met this version. */
  readonly ageMs: number;
}

const PAGE_SIZE = 500;

/**
 * Goes round all entries below a prefix, page by page, and times by its own clock for how long each
 * has stood unchanged.
 */
export class EntrySweep {
  readonly #store: KvStore;
  readonly #prefix: Deno.KvKey;
  #seen: Map<string, Seen> = new Map();
  #met: Map<string, Seen> = new Map();
  #after: Deno.KvKey | undefined;

  /**
   * @param store Where the entries stand.
   * @param prefix What they are below.
   */
  constructor(store: KvStore, prefix: Deno.KvKey) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** Whether the last page was not the last of its round. */
  get isUnderWay(): boolean {
    return this.#after !== undefined;
  }

  /** Whether there was nothing in the whole last round, nor in what was read since. */
  get isEmpty(): boolean {
    return this.#seen.size === 0 && this.#met.size === 0;
  }

  /**
   * Reads the next page; after the last one it begins anew.
   *
   * @param options The deadline.
   */
  async next(options: CallOptions): Promise<SweptEntry[]> {
    const start = this.#after;
    const page = await this.#store.list(this.#prefix, {
      ...options,
      limit: PAGE_SIZE,
      ...(start && { start }),
    });
    const now = this.#store.clock.monotonic();
    const swept = page.map((entry) => ({ entry, ageMs: now - this.#meet(entry, now).sinceMs }));
    const isLastPage = page.length < PAGE_SIZE;
    this.#after = isLastPage ? undefined : keyAfter(page.at(-1)!.key);
    if (isLastPage) {
      this.#seen = this.#met;
      this.#met = new Map();
    }
    return swept;
  }

  #meet({ key, versionstamp }: Deno.KvEntry<unknown>, now: number): Seen {
    const text = keyText(key);
    const last = this.#seen.get(text);
    const seen = last?.versionstamp === versionstamp ? last : { versionstamp, sinceMs: now };
    this.#met.set(text, seen);
    return seen;
  }
}
