import { CorruptRecordError } from "./errors.ts";
import type { KvStore } from "./kv_store.ts";

/** Options of {@link LenientReader}. */
export interface LenientReaderOptions {
  /** The port. */
  readonly store: KvStore;
  /** Deadline of each read, in ms. */
  readonly timeoutMs: number;
}

/** Reads records for somebody who only looks: what cannot be read is left out and reported. */
export class LenientReader {
  /** What is wrong with the records that could not be read, in the order in which they were met. */
  readonly corrupt: CorruptRecordError[] = [];
  readonly #options: LenientReaderOptions;

  /** @param options The store. */
  constructor(options: LenientReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads the first entries below a prefix.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async list(prefix: Deno.KvKey, limit: number): Promise<Deno.KvEntry<unknown>[]> {
    const { store, timeoutMs } = this.#options;
    return await store.list(prefix, { timeoutMs, limit });
  }

  /**
   * Reads records.
   *
   * @param keys Where they stand.
   * @param parse Reads one.
   * @returns One for each key; null where none can be read.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  async getMany<T>(
    keys: readonly Deno.KvKey[],
    parse: (entry: Deno.KvEntryMaybe<unknown>) => T | null,
  ): Promise<(T | null)[]> {
    const { store, timeoutMs } = this.#options;
    const entries = await store.getMany(keys, { timeoutMs });
    return entries.map((entry) => this.readable(() => parse(entry)));
  }

  /**
   * Reads a record, or reports that it cannot be read.
   *
   * @param parse Reads it.
   * @returns What was read; null when it cannot be.
   */
  readable<T>(parse: () => T): T | null {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      this.corrupt.push(error);
      return null;
    }
  }
}
