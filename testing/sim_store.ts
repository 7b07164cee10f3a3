import { encodeKey } from "./kv_key.ts";
import type { KvLimits } from "./kv_limits.ts";
import { selectRange } from "./kv_range.ts";
import { seededRandom } from "./seeded_random.ts";
import { checkFaults, checkMs } from "./sim_faults.ts";
import type { SimFaultKind, SimFaultReport, SimFaults } from "./sim_faults.ts";
import type { SimKv } from "./sim_kv.ts";
import { SimKvHandle } from "./sim_kv_handle.ts";
import { SimKvLink } from "./sim_kv_link.ts";
import { readCell } from "./sim_kv_list.ts";
import { type SimCommit, type SimStoreCopy, SimStoreState } from "./sim_store_state.ts";
import { SimTime } from "./sim_time.ts";

/** Options of {@link SimStore}. */
export interface SimStoreOptions {
  /**
   * True time, shared with clocks and with other stores.
   *
   * @default one of its own
   */
  readonly time?: SimTime;
  /**
   * Draws faults and removals; values in [0, 1).
   *
   * @default seeded with 1
   */
  readonly random?: () => number;
  /**
   * Whose limits hold: those of Deno, or also those of the self-hosted `denokv`, which takes ten
   * checks in an atomic operation.
   *
   * @default "deno"
   */
  readonly limits?: KvLimits;
  /**
   * What befalls the calls of every handle that has no faults of its own.
   *
   * @default nothing
   */
  readonly faults?: SimFaults;
  /**
   * How late a value whose `expireIn` has passed is removed at most, in ms.
   *
   * @default 120_000
   */
  readonly expiryLateMaxMs?: number;
  /**
   * How many entries a list without a limit reads at a time at most, so that short ones are torn.
   *
   * @default as many as the list asks for
   */
  readonly listBatchMax?: number;
  /**
   * Whether versionstamps leave out numbers, as those of a real store do.
   *
   * @default false
   */
  readonly versionGaps?: boolean;
  /**
   * How old the answer of a read of `consistency: "eventual"` is at most, in ms: its lag is drawn
   * anew each time. The entries of one call or batch are of one moment.
   *
   * @default 0
   */
  readonly staleMaxMs?: number;
  /** Told of each fault that occurs. */
  readonly onFault?: (report: SimFaultReport) => void;
  /** Told of each commit at the moment when it is applied, whether or not it is answered. */
  readonly onCommit?: (commit: SimCommit) => void;
}

/** Options of {@link SimStore.open}. */
export interface SimOpenOptions {
  /**
   * How the process's client behaves: `local`, as on a file, throws what goes wrong; `connect`, as
   * over a network, sends everything that got no answer again every 200 to 300 ms, for ever, writes
   * included.
   *
   * @default "local"
   */
  readonly client?: "local" | "connect";
  /**
   * Whose writes a watch sees: everybody's, or those of this handle only, as on a local file.
   *
   * @default "all"
   */
  readonly watch?: "all" | "own";
  /**
   * What befalls this handle's calls.
   *
   * @default what befalls those of the whole store
   */
  readonly faults?: SimFaults;
  /**
   * The clock of a process that may be frozen, such as a `FakeClock`: while it is, nothing is done in
   * the process and nothing is delivered to it.
   *
   * @default a process that is never frozen
   */
  readonly clock?: { whenThawed(run: () => void): void };
  /**
   * Draws this handle's faults; values in [0, 1).
   *
   * @default the store's
   */
  readonly random?: () => number;
  /** Told of each fault that befalls this handle, before the store's own is. */
  readonly onFault?: (report: SimFaultReport) => void;
}

/** A backup of a simulated store, taken by `SimStore.snapshot`. */
export interface SimStoreSnapshot {
  /** True time at which it was taken, in ms. */
  readonly atMs: number;
  /** How many values it holds. */
  readonly size: number;
}

const EXPIRY_LATE_MAX_MS = 120_000;
/** What the snapshots hold: of no interest to their owners. */
const copies = new WeakMap<SimStoreSnapshot, SimStoreCopy>();

/**
 * A store that is simulated: `Deno.Kv` in memory, with every fault of a real one at the turn of a
 * seed. Without faults its calls are answered at once; time need not pass for them.
 *
 * Not guaranteed: that a real store never does worse than this one.
 *
 * @example Two processes, one of which loses an answer
 * ```ts
 * import { SimStore } from "@baton/orchestration/testing";
 *
 * const store = new SimStore();
 * const [a, b] = [store.open(), store.open()];
 * a.next({ kind: "lostReply" }, { on: "commit" });
 * await a.set(["leader"], "a").catch(() => {});
 * if ((await b.get(["leader"])).value !== "a") throw new Error("it was not done");
 * ```
 */
export class SimStore {
  /** True time. */
  readonly time: SimTime;
  readonly #options: SimStoreOptions;
  readonly #random: () => number;
  readonly #state: SimStoreState;
  readonly #faultCounts = new Map<SimFaultKind, number>();
  #faults: SimFaults = {};

  /**
   * Makes an empty store.
   *
   * @param options Time, chance and faults.
   * @throws {RangeError} when the faults, a time or a size are out of range.
   */
  constructor(options: SimStoreOptions = {}) {
    const { limits = "deno", expiryLateMaxMs = EXPIRY_LATE_MAX_MS, onCommit } = options;
    const { versionGaps = false, staleMaxMs = 0, listBatchMax = Infinity } = options;
    checkMs("expiryLateMaxMs", expiryLateMaxMs);
    checkMs("staleMaxMs", staleMaxMs);
    if (!(listBatchMax >= 1)) {
      throw new RangeError(`listBatchMax must be 1 up, got ${listBatchMax}`);
    }
    this.#options = options;
    this.time = options.time ?? new SimTime();
    this.#random = options.random ?? seededRandom(1, "store");
    this.faults = options.faults ?? {};
    this.#state = new SimStoreState({
      time: this.time,
      random: this.#random,
      limits,
      expiryLateMaxMs,
      versionGaps,
      staleMaxMs,
      onCommit,
    });
  }

  /** What befalls the calls of handles that have no faults of their own. */
  get faults(): SimFaults {
    return this.#faults;
  }

  set faults(faults: SimFaults) {
    checkFaults(faults);
    this.#faults = faults;
  }

  /** How often each kind of fault has occurred. */
  get faultCounts(): ReadonlyMap<SimFaultKind, number> {
    return this.#faultCounts;
  }

  /** Whether the store answers. */
  get isUp(): boolean {
    return this.#state.isUp;
  }

  /** How many values were removed because their `expireIn` had passed. */
  get expiredCount(): number {
    return this.#state.expiredCount;
  }

  /** How many values it holds. */
  get size(): number {
    return this.#state.size;
  }

  /**
   * Opens a handle for one more process.
   *
   * @param options How its client behaves, and what befalls it.
   * @returns The handle.
   * @throws {RangeError} when the faults are out of range.
   */
  open(options: SimOpenOptions = {}): SimKv {
    const { clock } = options;
    const link = new SimKvLink({
      state: this.#state,
      time: this.time,
      random: options.random ?? this.#random,
      client: options.client ?? "local",
      defaultFaults: () => this.#faults,
      whenThawed: clock ? (run) => clock.whenThawed(run) : (run) => run(),
      onFault: (report) => {
        options.onFault?.(report);
        this.#countFault(report);
      },
    });
    if (options.faults) link.faults = options.faults;
    return new SimKvHandle({
      link,
      state: this.#state,
      seesOnlyOwn: options.watch === "own",
      listBatchMax: this.#options.listBatchMax ?? Infinity,
    });
  }

  /** Stops answering: an outage. Calls of local clients throw; the others wait. */
  stop(): void {
    this.#state.isUp = false;
  }

  /** Answers again. */
  start(): void {
    this.#state.isUp = true;
    this.#state.notifyAll();
  }

  /** Copies everything, versionstamps included: a backup. */
  snapshot(): SimStoreSnapshot {
    const snapshot = { atMs: this.time.nowMs, size: this.size };
    copies.set(snapshot, this.#state.copy());
    return snapshot;
  }

  /**
   * Goes back to a backup: acknowledged writes are gone, and versionstamps come a second time.
   *
   * @param snapshot The backup, of this store or of another.
   * @throws {TypeError} when it is none that a store took.
   */
  restore(snapshot: SimStoreSnapshot): void {
    const copy = copies.get(snapshot);
    if (!copy) throw new TypeError("Cannot restore a snapshot that no SimStore took");
    this.#state.replace(copy);
  }

  /** Becomes an empty store, whose versionstamps begin anew: the file was deleted. */
  wipe(): void {
    this.#state.wipe();
  }

  /**
   * Looks at the truth, unhindered by faults.
   *
   * @param key What is looked at.
   * @returns What stands there now.
   */
  peek<T = unknown>(key: Deno.KvKey): Deno.KvEntryMaybe<T> {
    const cell = this.#state.read(encodeKey(key));
    return cell ? readCell<T>(cell) : { key, value: null, versionstamp: null };
  }

  /**
   * Looks at the truth below a prefix, unhindered by faults.
   *
   * @param prefix What is looked at.
   * @returns What stands there now, in order.
   */
  peekAll<T = unknown>(prefix: Deno.KvKey = []): Deno.KvEntry<T>[] {
    return this.#state.readRange(selectRange({ prefix }), Infinity, false).map(readCell<T>);
  }

  #countFault(report: SimFaultReport): void {
    this.#faultCounts.set(report.kind, (this.#faultCounts.get(report.kind) ?? 0) + 1);
    this.#options.onFault?.(report);
  }
}
