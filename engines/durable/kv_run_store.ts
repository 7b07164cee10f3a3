import { type Clock, systemClock } from "../../clock.ts";
import { checkOptionNames } from "../option_names.ts";
import { CorruptRunError, RunStoreUnavailableError } from "./run_errors.ts";
import type {
  RunStore,
  RunStoreChange,
  RunStoreEntry,
  RunStoreKey,
  RunStoreListOptions,
} from "./run_store.ts";
import { type CheckedRunStoreChange, checkRunStoreChange } from "./run_store_change.ts";
import { checkRunStoreKey, checkRunStoreList } from "./run_store_key.ts";

/** Options of {@link KvRunStore}. */
export interface KvRunStoreOptions {
  /** The store. It stays open: whoever opened it closes it. */
  readonly kv: Deno.Kv;
  /**
   * Everything is kept below it; nothing else may be. At most 100 bytes.
   *
   * @default ["baton", "runs"]
   */
  readonly prefix?: Deno.KvKey;
  /**
   * Times deadlines and pauses.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Deadline of a call in ms, its repetitions included; 1 to 60,000. A call that the store does not
   * answer in time stays open there, and may still take effect.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const TIMEOUT_MAX_MS = 60_000;
/** Pauses in ms before a call is made again; together they give a locked file 1.3 s. */
const PAUSES_MS: readonly number[] = [2, 5, 10, 20, 40, 80, 160, 320, 640];
/** Longer than any call is repeated, and than clocks are usually apart. */
const RECEIPT_KEPT_MS = 600_000;
/** What a version looks like: no other text ever stands. */
const VERSIONSTAMP = /^[0-9a-f]{20}$/;
/** Below a key, and before everything else below it. */
const FIRST_BELOW = new Uint8Array();
const PREFIX_MAX_BYTES = 100;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Keeps runs in Deno KV, for all processes that share it.
 *
 * Each commit also writes a receipt, under a key that no other commit uses and only if it is not
 * there: so it can be sent again and again and is made once, and one whose answer is lost is known by
 * its receipt, whatever others have written meanwhile. The store removes receipts after ten minutes.
 *
 * Not guaranteed: that a list is of one moment; that a commit which could not be known to be applied
 * has no effect later.
 *
 * @example Survive a restart
 * ```ts
 * import { KvRunStore } from "@baton/orchestration/engines";
 *
 * using kv = await Deno.openKv(":memory:");
 * await new KvRunStore({ kv }).commit({ sets: [{ key: ["run", "r-1"], value: { steps: 3 } }] });
 * const found = await new KvRunStore({ kv }).get(["run", "r-1"]);
 * if (found === null) throw new Error("it was lost");
 * ```
 */
export class KvRunStore implements RunStore {
  readonly #kv: Deno.Kv;
  readonly #clock: Clock;
  readonly #entries: Deno.KvKey;
  readonly #receipts: Deno.KvKey;
  readonly #timeoutMs: number;

  /**
   * Makes a store; nothing is read or written before it is asked to.
   *
   * @param options The store and where in it.
   * @throws {TypeError} when the prefix is no list of texts.
   * @throws {RangeError} when the prefix is too long, or the deadline is out of range.
   */
  constructor(options: KvRunStoreOptions) {
    checkOptionNames("KvRunStore", options, {
      kv: true,
      prefix: true,
      clock: true,
      timeoutMs: true,
    });
    const { kv, prefix = ["baton", "runs"], clock = systemClock, timeoutMs = TIMEOUT_MS } = options;
    if (!(timeoutMs >= 1 && timeoutMs <= TIMEOUT_MAX_MS)) {
      throw new RangeError(`timeoutMs must be 1 to ${TIMEOUT_MAX_MS}, got ${timeoutMs}`);
    }
    const checked = checkPrefix(prefix);
    this.#kv = kv;
    this.#clock = clock;
    this.#entries = [...checked, "entry"];
    this.#receipts = [...checked, "receipt"];
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Reads a value.
   *
   * @param key Where it stands.
   * @returns What stands there; null for nothing.
   * @throws {RunStoreUnavailableError} when there is no answer in time.
   * @throws {CorruptRunError} when something else stands there than a store writes.
   * @throws {TypeError} when the key is no proper one.
   */
  async get(key: RunStoreKey): Promise<RunStoreEntry | null> {
    const at = [...this.#entries, ...checkRunStoreKey(key)];
    const entry = await this.#ask("read what is stored of runs", () => this.#kv.get(at));
    return entry.versionstamp === null ? null : this.#read(entry);
  }

  /**
   * Reads what stands below a prefix.
   *
   * @param prefix The first parts of the keys.
   * @param options How much.
   * @returns The entries, in the order of their keys; with the value undefined where something else
   * stands than a store writes.
   * @throws {RunStoreUnavailableError} when there is no answer in time.
   * @throws {CorruptRunError} when a key is none that a store writes.
   * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
   * @throws {RangeError} when the limit is out of range.
   */
  async list(prefix: RunStoreKey, options: RunStoreListOptions): Promise<readonly RunStoreEntry[]> {
    const { prefix: below, limit, after } = checkRunStoreList(prefix, options);
    const selector = {
      prefix: [...this.#entries, ...below],
      ...(after && { start: [...this.#entries, ...after, FIRST_BELOW] }),
    };
    const entries = await this.#ask(
      "list what is stored of runs",
      () => Array.fromAsync(this.#kv.list(selector, { limit })),
    );
    return entries.map((entry) => this.#readAny(entry));
  }

  /**
   * Changes what is stored.
   *
   * @param change What to check, write and remove.
   * @returns The version of all that it wrote; null when a check or the fence did not hold.
   * @throws {RunStoreUnavailableError} when that cannot be known: it may be applied, now or later.
   * @throws {TypeError} when a key or a value is no proper one, or a key is changed twice.
   * @throws {RangeError} when the change is too large.
   */
  async commit(change: RunStoreChange): Promise<string | null> {
    const checked = checkRunStoreChange(change);
    if (change.fence?.isValid() === false) return null;
    if (!checked.checks.every(({ version }) => version === null || VERSIONSTAMP.test(version))) {
      return null;
    }
    const receipt = [...this.#receipts, crypto.randomUUID()];
    return await this.#ask("change what is stored of runs", async () => {
      const answer = await this.#compose(checked, change.fence?.check, receipt).commit();
      if (answer.ok) return answer.versionstamp;
      // An earlier attempt may have been made although it was answered with an error, or not at all.
      return (await this.#kv.get(receipt)).versionstamp;
    });
  }

  #compose(
    { checks, sets, deletes }: CheckedRunStoreChange,
    fence: Deno.AtomicCheck | undefined,
    receipt: Deno.KvKey,
  ): Deno.AtomicOperation {
    const at = (key: RunStoreKey) => [...this.#entries, ...key];
    const batch = this.#kv.atomic()
      .check({ key: receipt, versionstamp: null }, ...(fence ? [fence] : []))
      .check(...checks.map(({ key, version }) => ({ key: at(key), versionstamp: version })))
      .set(receipt, true, { expireIn: RECEIPT_KEPT_MS });
    for (const { key, json } of sets) batch.set(at(key), json);
    for (const key of deletes) batch.delete(at(key));
    return batch;
  }

  /** Each call can be made again: reads change nothing, and a commit is made once. */
  async #ask<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    const timeoutMs = this.#timeoutMs;
    const late = Promise.withResolvers<never>();
    const cancel = this.#clock.after(timeoutMs, () => {
      const error = new DOMException(`no answer within ${timeoutMs} ms`, "TimeoutError");
      over.abort(error);
      late.reject(error);
    });
    try {
      return await Promise.race([this.#repeat(call, over.signal), late.promise]);
    } catch (error) {
      throw new RunStoreUnavailableError(operation, error);
    } finally {
      cancel();
    }
  }

  async #repeat<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (const pauseMs of PAUSES_MS) {
      try {
        return await call();
      } catch {
        await this.#clock.sleep(pauseMs, { signal });
      }
    }
    return await call();
  }

  #read(entry: Deno.KvEntry<unknown>): RunStoreEntry {
    const { key, value, versionstamp } = entry;
    try {
      if (!(value instanceof Uint8Array)) throw new TypeError("expected bytes");
      const read: unknown = JSON.parse(utf8.decode(value));
      return { key: this.#ownKey(key), value: read, version: versionstamp };
    } catch (error) {
      throw new CorruptRunError(key, error);
    }
  }

  /** One value that cannot be read must not hide the others: whoever needs it will refuse it. */
  #readAny(entry: Deno.KvEntry<unknown>): RunStoreEntry {
    try {
      return this.#read(entry);
    } catch {
      const { key, versionstamp: version } = entry;
      return { key: this.#ownKey(key), value: undefined, version };
    }
  }

  #ownKey(key: Deno.KvKey): RunStoreKey {
    try {
      return checkRunStoreKey(key.slice(this.#entries.length) as string[]);
    } catch (error) {
      throw new CorruptRunError(key, error);
    }
  }
}

function checkPrefix(prefix: Deno.KvKey): Deno.KvKey {
  const parts = checkRunStoreKey(prefix as string[]);
  const bytes = new TextEncoder().encode(parts.join("")).length;
  if (bytes <= PREFIX_MAX_BYTES) return parts;
  throw new RangeError(`prefix must have at most ${PREFIX_MAX_BYTES} bytes, got ${bytes}`);
}
