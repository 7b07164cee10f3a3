import { COMMIT_VERSIONSTAMP, encodeKey } from "./kv_key.ts";
import {
  checkReadCount,
  checkReadKey,
  checkWatchCount,
  checkWriteCount,
  checkWriteSize,
} from "./kv_limits.ts";
import { storeValue } from "./kv_value.ts";
import type { KvCell } from "./kv_table.ts";
import { encodeChange, encodeCheck, type KvChangeRequest, type KvWrite } from "./kv_write.ts";
import type { SimFate } from "./sim_fault_fate.ts";
import type { SimFateScope } from "./sim_fault_plan.ts";
import { SimFaultKind, type SimFaults, type SimOperation } from "./sim_faults.ts";
import type { SimCut, SimKv } from "./sim_kv.ts";
import { checkExpireIn, SimKvAtomic } from "./sim_kv_atomic.ts";
import { noQueues } from "./sim_kv_errors.ts";
import type { SimKvLink } from "./sim_kv_link.ts";
import { readCell, SimKvList } from "./sim_kv_list.ts";
import { SimKvReads } from "./sim_kv_reads.ts";
import { SimKvWatch } from "./sim_kv_watch.ts";
import type { SimStoreState } from "./sim_store_state.ts";

/** What a {@link SimKvHandle} is made of. */
export interface SimKvHandleOptions {
  /** Where calls go. */
  readonly link: SimKvLink;
  /** The store's true state. */
  readonly state: SimStoreState;
  /** Whether watches see this handle's writes only. */
  readonly seesOnlyOwn: boolean;
  /** How many entries a list without a limit reads at a time at most. */
  readonly listBatchMax: number;
}

/** The handle behind {@link SimKv}. */
export class SimKvHandle implements SimKv {
  readonly #link: SimKvLink;
  readonly #state: SimStoreState;
  readonly #reads: SimKvReads;
  readonly #seesOnlyOwn: boolean;
  readonly #listBatchMax: number;
  readonly #watches = new Set<SimKvWatch>();

  /** @param options Where calls go. */
  constructor(options: SimKvHandleOptions) {
    this.#link = options.link;
    this.#state = options.state;
    this.#reads = new SimKvReads(options.link, options.state);
    this.#seesOnlyOwn = options.seesOnlyOwn;
    this.#listBatchMax = options.listBatchMax;
  }

  /** Reads one value. */
  async get<T = unknown>(
    key: Deno.KvKey,
    options: { consistency?: Deno.KvConsistencyLevel } = {},
  ): Promise<Deno.KvEntryMaybe<T>> {
    this.#link.checkOpen();
    const encoded = encodeReadKey(key);
    return await this.#link.call("get", key, () => {
      const [cell] = this.#reads.keys("get", [key], [encoded], options.consistency);
      return entryOf<T>(key, cell);
    });
  }

  /** Reads up to ten values, all of one moment. */
  async getMany<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
    options: { consistency?: Deno.KvConsistencyLevel } = {},
  ): Promise<{ [K in keyof T]: Deno.KvEntryMaybe<T[K]> }> {
    this.#link.checkOpen();
    const wanted: readonly Deno.KvKey[] = keys.slice();
    checkReadCount(wanted.length);
    const encoded = wanted.map(encodeReadKey);
    const entries = await this.#link.call("getMany", wanted[0] ?? [], () => {
      const cells = this.#reads.keys("getMany", wanted, encoded, options.consistency);
      return wanted.map((key, at) => entryOf(key, cells[at]));
    });
    return entries as { [K in keyof T]: Deno.KvEntryMaybe<T[K]> };
  }

  /** Sets a value. */
  async set(
    key: Deno.KvKey,
    value: unknown,
    options?: { expireIn?: number },
  ): Promise<Deno.KvCommitResult> {
    checkExpireIn(options?.expireIn);
    const operand = storeValue(value);
    const change = { type: "set", key, operand, expireInMs: options?.expireIn } as const;
    const result = await this.#commit("set", [], [change]);
    if (!result.ok) throw new TypeError("Failed to set value");
    return result;
  }

  /** Removes a value. */
  async delete(key: Deno.KvKey): Promise<void> {
    const change = { type: "delete", key, operand: null, expireInMs: undefined } as const;
    await this.#commit("delete", [], [change]);
  }

  /** Reads values in the order of their keys. */
  list<T = unknown>(
    selector: Deno.KvListSelector,
    options: Deno.KvListOptions = {},
  ): Deno.KvListIterator<T> {
    return new SimKvList<T>(this.#link, this.#reads, selector, {
      ...options,
      batchMax: this.#listBatchMax,
    });
  }

  /** Begins an atomic operation. */
  atomic(): Deno.AtomicOperation {
    return new SimKvAtomic((checks, changes) => this.#commit("commit", checks, changes));
  }

  /** Tells the state of up to ten keys, and again when it has changed. */
  watch<T extends readonly unknown[]>(
    keys: readonly [...{ [K in keyof T]: Deno.KvKey }],
    options: { raw?: boolean } = {},
  ): ReadableStream<{ [K in keyof T]: Deno.KvEntryMaybe<T[K]> }> {
    this.#link.checkOpen();
    const wanted: readonly Deno.KvKey[] = keys.slice();
    checkWatchCount(wanted.length);
    const watch = new SimKvWatch({
      link: this.#link,
      state: this.#state,
      keys: wanted,
      encodedKeys: wanted.map(encodeWatchedKey),
      isRaw: options.raw ?? false,
      onlyWriter: this.#seesOnlyOwn ? this : null,
      onEnd: (ended) => this.#watches.delete(ended),
    });
    this.#watches.add(watch);
    return watch.stream as unknown as ReadableStream<
      { [K in keyof T]: Deno.KvEntryMaybe<T[K]> }
    >;
  }

  /**
   * Not there: simulated stores have no queues, as KV Connect has none.
   *
   * @throws {TypeError} always.
   */
  enqueue(): Promise<Deno.KvCommitResult> {
    return Promise.reject(noQueues());
  }

  /**
   * Not there: simulated stores have no queues, as KV Connect has none.
   *
   * @throws {TypeError} always.
   */
  listenQueue(): Promise<void> {
    return Promise.reject(noQueues());
  }

  /** Stands for the versionstamp of the commit, as last part of a key. */
  commitVersionstamp(): symbol {
    return COMMIT_VERSIONSTAMP;
  }

  /** Closes the handle. What is under way is still answered; watches end. */
  close(): void {
    this.#link.checkOpen();
    this[Symbol.dispose]();
  }

  /** Closes the handle, unless it is closed. */
  [Symbol.dispose](): void {
    if (this.#link.ended !== null) return;
    this.#link.ended = "closed";
    for (const watch of [...this.#watches]) watch.close();
  }

  /** What befalls this handle's calls. */
  get faults(): SimFaults {
    return this.#link.faults;
  }

  set faults(faults: SimFaults) {
    this.#link.faults = faults;
  }

  /** What between this process and the store does not arrive. */
  get cut(): SimCut {
    return this.#link.cut;
  }

  set cut(cut: SimCut) {
    this.#link.cut = cut;
    if (cut === "none") { for (const watch of this.#watches) watch.lookAgain(); }
  }

  /**
   * Plans what becomes of the next attempts, after those that were planned before. Every attempt of a
   * `connect` client counts.
   *
   * @param fate What becomes of them.
   * @param scope Which ones.
   */
  next(fate: SimFate, scope: SimFateScope = {}): void {
    this.#link.plan(fate, scope);
  }

  /** Takes away whatever hinders this handle: faults, planned fates and cuts. */
  heal(): void {
    this.#link.clearPlan();
    this.#link.faults = {};
    this.cut = "none";
  }

  /** Lets the handle die, as after a panic of its worker: every call throws `BadResource`. */
  kill(): void {
    if (this.#link.ended === "crashed") return;
    this.#link.ended = "dead";
    for (const watch of [...this.#watches]) watch.fail();
  }

  /** Lets the process die: it never hears of anything again, while its requests may still arrive. */
  crash(): void {
    this.#link.ended = "crashed";
    for (const watch of [...this.#watches]) watch.abandon();
  }

  async #commit(
    operation: SimOperation,
    checks: readonly Deno.AtomicCheck[],
    changes: readonly KvChangeRequest[],
  ): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    this.#link.checkOpen();
    const write = encodeWrite(checks, changes);
    const key = changes[0]?.key ?? checks[0]?.key ?? [];
    let commits = 0;
    return await this.#link.call(operation, key, () => {
      const outcome = this.#state.commit(write, this);
      switch (outcome.kind) {
        case "committed":
          if (commits++ > 0) this.#link.report(SimFaultKind.REPEATED_WRITE, operation, key);
          return { ok: true, versionstamp: outcome.versionstamp };
        case "refused":
          if (commits > 0) this.#link.report(SimFaultKind.FALSE_REFUSAL, operation, key);
          return { ok: false };
        case "half":
          this.#link.report(SimFaultKind.HALF_COMMIT, operation, key);
          throw outcome.error;
        default: {
          const impossible: never = outcome;
          throw new Error(`Cannot answer ${JSON.stringify(impossible)}`);
        }
      }
    });
  }
}

function entryOf<T>(key: Deno.KvKey, cell: KvCell | undefined): Deno.KvEntryMaybe<T> {
  return cell ? readCell<T>(cell) : { key, value: null, versionstamp: null };
}

function encodeWrite(
  checks: readonly Deno.AtomicCheck[],
  changes: readonly KvChangeRequest[],
): KvWrite {
  checkWriteCount(checks.length, changes.length);
  const write = { checks: checks.map(encodeCheck), changes: changes.map(encodeChange) };
  checkWriteSize(write);
  return write;
}

function encodeWatchedKey(key: Deno.KvKey): string {
  const encoded = encodeKey(key);
  checkReadKey(encoded.length);
  return encoded;
}

/** A key is read as the range that ends one byte after it. */
function encodeReadKey(key: Deno.KvKey): string {
  const encoded = encodeKey(key);
  checkReadKey(encoded.length + 1);
  return encoded;
}
