import { type Clock, systemClock } from "../../clock.ts";
import { breaksLimit } from "../../coordination/breaks_limit.ts";
import { encodeRecord } from "../../coordination/election_records.ts";
import { CorruptRecordError, StoreUnavailableError } from "../../coordination/errors.ts";
import { checkClusterName, checkPrefix } from "../../coordination/identifiers.ts";
import type { KvStore } from "../../coordination/kv_store.ts";
import { checkRange } from "../../coordination/lease_timing.ts";
import { RecordFields } from "../../coordination/record_fields.ts";
import { sharedStore } from "../../coordination/shared_store.ts";
import type { CommitOutcome, WriteBatch } from "../../coordination/write_batch.ts";
import type {
  RecoveryStorage,
  StorageChange,
  StorageKey,
  StorageListOptions,
  StoredEntry,
} from "./recovery_storage.ts";
import { type CheckedChange, checkStorageChange } from "./storage_change.ts";
import { checkStorageKey } from "./storage_key.ts";
import { checkStorageSelection } from "./storage_selection.ts";

/** Options of {@link KvRecoveryStorage}. */
export interface KvRecoveryStorageOptions {
  /** The store. It stays open: whoever opened it closes it. */
  readonly kv: Deno.Kv;
  /** Everything is kept below it; nothing else may be. See {@link recoveryPrefix}. */
  readonly prefix: Deno.KvKey;
  /**
   * Times deadlines and pauses.
   *
   * @default the clock of this machine
   */
  readonly clock?: Clock;
  /**
   * Spreads retries; values in [0, 1).
   *
   * @default Math.random
   */
  readonly random?: () => number;
  /**
   * Deadline of a call in ms, retries and read-back included; 1 to 60,000.
   *
   * @default 5_000
   */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const TIMEOUT_MAX_MS = 60_000;
/** Longer than any call is repeated, and than clocks are usually apart. */
const RECEIPT_KEPT_MS = 600_000;
/** What a version looks like: no other text ever stands. */
const VERSIONSTAMP = /^[0-9a-f]{20}$/;
/** Below a key, and before everything else below it. */
const FIRST_BELOW = new Uint8Array();

/**
 * Says where a cluster's recovery keeps what it needs: beside the cluster's other records.
 *
 * @param cluster The cluster's name.
 * @returns The prefix for {@link KvRecoveryStorageOptions.prefix}.
 * @throws {TypeError} when it is no proper name.
 * @throws {RangeError} when it is too long.
 */
export function recoveryPrefix(cluster: string): Deno.KvKey {
  return ["baton", "recovery", checkClusterName(cluster)];
}

/**
 * Keeps what recovery needs in Deno KV, for all processes of a cluster.
 *
 * Each commit also writes a receipt, under a key that no other commit uses and only if it is not
 * there: so a client that sends the commit again cannot do it twice, and a commit whose answer is
 * lost is known by its receipt, whatever others have written meanwhile. The store removes receipts
 * after ten minutes.
 *
 * Not guaranteed: that a list of more than 500 entries is of one moment; that a commit which could
 * not be known to be applied has no effect later; that a change near the limits of the port goes
 * below a prefix of more than 60 bytes (a cluster's name of more than 30): it may be refused as too
 * large.
 *
 * @example Survive a restart
 * ```ts
 * import { KvRecoveryStorage, recoveryPrefix } from "@baton/orchestration/orchestration";
 *
 * using kv = await Deno.openKv(":memory:");
 * const before = new KvRecoveryStorage({ kv, prefix: recoveryPrefix("shop") });
 * await before.commit({ sets: [{ key: ["counter", "restarts"], value: 3 }] });
 * const after = new KvRecoveryStorage({ kv, prefix: recoveryPrefix("shop") });
 * if ((await after.get(["counter", "restarts"]))?.value !== 3) throw new Error("it was lost");
 * ```
 */
export class KvRecoveryStorage implements RecoveryStorage {
  readonly #store: KvStore;
  readonly #entries: Deno.KvKey;
  readonly #receipts: Deno.KvKey;
  readonly #timeoutMs: number;

  /**
   * Makes a storage; nothing is read or written before it is asked to.
   *
   * @param options The store and where in it.
   * @throws {TypeError} when the prefix is no proper one.
   * @throws {RangeError} when the prefix is too long, or the deadline is out of range.
   */
  constructor(options: KvRecoveryStorageOptions) {
    const { kv, clock = systemClock, random = Math.random, timeoutMs = TIMEOUT_MS } = options;
    checkRange("timeoutMs", timeoutMs, 1, TIMEOUT_MAX_MS);
    const prefix = checkPrefix(options.prefix);
    this.#entries = [...prefix, "entry"];
    this.#receipts = [...prefix, "receipt"];
    this.#timeoutMs = timeoutMs;
    this.#store = sharedStore(kv, { clock, random, attemptTimeoutMs: timeoutMs }).store;
  }

  /**
   * Reads a value.
   *
   * @param key Where it stands.
   * @returns What stands there; null for nothing.
   * @throws {StoreUnavailableError} when there is no answer in time.
   * @throws {CorruptRecordError} when something else stands there than a storage writes.
   * @throws {TypeError} when the key is no proper one.
   */
  async get(key: StorageKey): Promise<StoredEntry | null> {
    const at = [...this.#entries, ...checkStorageKey(key)];
    const entry = await this.#store.get(at, { timeoutMs: this.#timeoutMs });
    return entry.versionstamp === null ? null : this.#read(entry);
  }

  /**
   * Reads what stands below a prefix.
   *
   * @param prefix The first parts of the keys; none for all keys.
   * @param options How much.
   * @returns The entries, in the order of their keys.
   * @throws {StoreUnavailableError} when not all of them were answered in time.
   * @throws {CorruptRecordError} when something else stands there than a storage writes.
   * @throws {TypeError} when a key is no proper one, or `after` is not below the prefix.
   * @throws {RangeError} when the limit is out of range.
   */
  async list(prefix: StorageKey, options: StorageListOptions): Promise<readonly StoredEntry[]> {
    const { limit, after, reverse, ...selection } = checkStorageSelection(prefix, options);
    const entries = await this.#store.list([...this.#entries, ...selection.prefix], {
      timeoutMs: this.#timeoutMs,
      limit,
      reverse,
      ...(after && this.#rangeAfter(after, reverse)),
    });
    return entries.map((entry) => this.#read(entry));
  }

  /**
   * Changes what is stored.
   *
   * @param change What to check, write and remove.
   * @returns The version of all that it wrote; null when a check or the fence did not hold.
   * @throws {StoreUnavailableError} when that cannot be known: it may be applied, now or later.
   * @throws {TypeError} when a key, a version or a value is no proper one.
   * @throws {RangeError} when the change is too large.
   */
  async commit(change: StorageChange): Promise<string | null> {
    const checked = checkStorageChange(change);
    const { fence } = change;
    if (fence && !fence.isValid()) return null;
    if (!checked.checks.every(({ version }) => isVersion(version))) return null;
    const outcome = await this.#send(this.#compose(checked, fence?.check));
    switch (outcome.kind) {
      case "committed":
        return outcome.versionstamp;
      case "refused":
        return null;
      case "unknown":
        throw new StoreUnavailableError("change what recovery stores", outcome.error);
      default:
        return outcome satisfies never;
    }
  }

  #compose(change: CheckedChange, fence: Deno.AtomicCheck | undefined): WriteBatch {
    const nonce = crypto.randomUUID();
    const receipt = [...this.#receipts, nonce];
    const at = (key: StorageKey) => [...this.#entries, ...key];
    const value = encodeRecord({ nonce });
    return {
      checks: [
        ...(fence ? [fence] : []),
        ...change.checks.map(({ key, version }) => ({ key: at(key), versionstamp: version })),
        { key: receipt, versionstamp: null },
      ],
      sets: [
        ...change.sets.map(({ key, json }) => ({ key: at(key), value: encodeRecord({ json }) })),
        { key: receipt, value, expireInMs: RECEIPT_KEPT_MS },
      ],
      deletes: change.deletes.map(at),
      witness: { key: receipt, nonce },
    };
  }

  async #send(batch: WriteBatch): Promise<CommitOutcome> {
    try {
      return await this.#store.commit(batch, { timeoutMs: this.#timeoutMs });
    } catch (error) {
      if (!breaksLimit(error)) throw error;
      throw new RangeError("Cannot change so much at once below a prefix so long", {
        cause: error,
      });
    }
  }

  #rangeAfter(after: StorageKey, reverse: boolean): { start: Deno.KvKey } | { end: Deno.KvKey } {
    const at = [...this.#entries, ...after];
    return reverse ? { end: at } : { start: [...at, FIRST_BELOW] };
  }

  #read({ key, value, versionstamp }: Deno.KvEntry<unknown>): StoredEntry {
    const own = key.slice(this.#entries.length);
    if (!own.every((part) => typeof part === "string")) {
      throw new CorruptRecordError(key, "expected a key of texts");
    }
    const fields = new RecordFields(key, value);
    return { key: own, value: parseJson(fields), version: versionstamp };
  }
}

function isVersion(version: string | null): boolean {
  return version === null || VERSIONSTAMP.test(version);
}

function parseJson(fields: RecordFields): unknown {
  try {
    return JSON.parse(fields.text("json"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw fields.fault(`expected "json" to be JSON, found ${error.message}`);
  }
}
