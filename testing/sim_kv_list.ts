import { readValue } from "./kv_value.ts";
import type { KvCell } from "./kv_table.ts";
import { checkBatchSize, checkReadKey } from "./kv_limits.ts";
import {
  copySelector,
  encodeCursor,
  type KvSelection,
  resumeRange,
  selectRange,
} from "./kv_range.ts";
import { copyKey } from "./kv_key.ts";
import { SimFaultKind } from "./sim_faults.ts";
import type { SimKvLink } from "./sim_kv_link.ts";
import type { SimKvReads } from "./sim_kv_reads.ts";

/** Options of {@link SimKvList}. */
export interface SimKvListOptions extends Deno.KvListOptions {
  /** How many entries it reads at a time at most, unless it has a limit. */
  readonly batchMax: number;
}

const BATCH_SIZE = 100;
const BATCH_SIZE_MAX = 500;
const TORN_PAUSE = { minMs: 1, maxMs: 100 };

/** A list of a simulated store, read in batches: each of them is consistent, all of them are not. */
export class SimKvList<T> implements AsyncIterableIterator<Deno.KvEntry<T>> {
  readonly #link: SimKvLink;
  readonly #reads: SimKvReads;
  readonly #selector: Deno.KvListSelector;
  readonly #options: SimKvListOptions;
  readonly #askedSize: number;
  readonly #batchSize: number;
  #selection: KvSelection | undefined;
  #cursor: string | (() => string) | undefined;
  #batch: Deno.KvEntry<T>[] = [];
  #at = 0;
  #count = 0;
  #isLastBatch = false;
  #isDone = false;

  /**
   * Makes a list; nothing is read before it is asked for.
   *
   * @param link Where calls go.
   * @param reads What is read there.
   * @param selector What is listed.
   * @param options How.
   * @throws {TypeError} when the selector is none.
   * @throws {Error} when the limit or the batch size is none.
   */
  constructor(
    link: SimKvLink,
    reads: SimKvReads,
    selector: Deno.KvListSelector,
    options: SimKvListOptions,
  ) {
    const { limit, batchSize, cursor, batchMax } = options;
    if (limit !== undefined && !isCount(limit)) {
      throw new Error(`Limit must be a positive integer: received ${limit}`);
    }
    const size = batchSize ?? limit ?? BATCH_SIZE;
    if (!isCount(size)) {
      throw new Error(`batchSize must be a positive integer: received ${size}`);
    }
    this.#link = link;
    this.#reads = reads;
    this.#selector = copySelector(selector);
    this.#options = options;
    this.#askedSize = batchSize ?? Math.min(size, BATCH_SIZE_MAX);
    this.#batchSize = limit === undefined ? Math.min(this.#askedSize, batchMax) : this.#askedSize;
    this.#cursor = cursor || undefined;
  }

  /** Where the list stands: what `cursor` takes to go on after the last entry. */
  get cursor(): string {
    const cursor = this.#cursor;
    if (cursor === undefined) throw new Error("Cannot get cursor before first iteration");
    return typeof cursor === "string" ? cursor : cursor();
  }

  /** Reads the next entry. */
  async next(): Promise<IteratorResult<Deno.KvEntry<T>, undefined>> {
    const { limit } = this.#options;
    if (this.#isDone || (limit !== undefined && this.#count >= limit)) return DONE;
    if (this.#at >= this.#batch.length && !this.#isLastBatch) await this.#readBatch();
    const entry = this.#batch[this.#at++];
    if (entry === undefined) {
      this.#isDone = true;
      this.#cursor = "";
      return DONE;
    }
    const { key } = entry;
    this.#cursor = () => encodeCursor(this.#selection!, key);
    this.#count++;
    return { done: false, value: entry };
  }

  /** The list itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  async #readBatch(): Promise<void> {
    this.#link.checkOpen();
    const { reverse = false } = this.#options;
    const selection = this.#selection ??= this.#select();
    const cursor = this.#cursor === undefined ? undefined : this.cursor;
    const range = resumeRange(selection, cursor, reverse);
    const key = "prefix" in this.#selector ? this.#selector.prefix : this.#selector.start;
    if (this.#count > 0) await this.#pauseBetweenBatches(key);
    this.#batch = await this.#link.call("list", key, () => {
      return this.#reads.range(key, range, this.#batchSize, this.#options).map(readCell<T>);
    });
    this.#at = 0;
    this.#isLastBatch = this.#batch.length < this.#batchSize;
  }

  #select(): KvSelection {
    checkBatchSize(this.#askedSize);
    const selection = selectRange(this.#selector);
    checkReadKey(Math.max(selection.start.length, selection.end.length));
    return selection;
  }

  async #pauseBetweenBatches(key: Deno.KvKey): Promise<void> {
    const { tornList, tornListPause = TORN_PAUSE } = this.#link.faults;
    if (!this.#link.draw(tornList)) return;
    this.#link.report(SimFaultKind.TORN_LIST, "list", key);
    await this.#link.pause(this.#link.drawMs(tornListPause));
  }
}

const DONE = { done: true, value: undefined } as const;

/** @returns A copy of a cell that its reader may change. */
export function readCell<T>({ key, stored, versionstamp }: KvCell): Deno.KvEntry<T> {
  return { key: copyKey(key), value: readValue(stored) as T, versionstamp };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}
