import { encodeKey } from "./kv_key.ts";
import { checkArrivedWrite, type KvLimits } from "./kv_limits.ts";
import { type KvCell, type KvRange, KvTable } from "./kv_table.ts";
import { computeChange, type KvChange, type KvWrite } from "./kv_write.ts";
import { SimStorePast } from "./sim_store_past.ts";
import type { SimTime } from "./sim_time.ts";

/** A copy of a store's state. */
export interface SimStoreCopy {
  /** What it held. */
  readonly table: KvTable;
  /** Its last commit. */
  readonly version: number;
}

/** Told when something that is watched may have changed; the writer is null when nobody wrote. */
export type SimStoreListener = (writer: object | null) => void;

/** A commit that has been applied. */
export interface SimCommit {
  /** True time. */
  readonly atMs: number;
  /** Its versionstamp. */
  readonly versionstamp: string;
  /** What it changed. */
  readonly keys: readonly Deno.KvKey[];
}

/** What became of an atomic operation. */
export type SimCommitOutcome =
  | { readonly kind: "committed"; readonly versionstamp: string }
  /** A check failed: nothing was applied. */
  | { readonly kind: "refused" }
  /**
   * A sum, min or max met something else than a number of 64 bits. As on the real store, what came
   * before it has been applied, and nothing watching is told.
   */
  | { readonly kind: "half"; readonly error: TypeError };

const REFUSED: SimCommitOutcome = { kind: "refused" };

/** What a {@link SimStoreState} is made of. */
export interface SimStoreStateOptions {
  /** True time. */
  readonly time: SimTime;
  /** Spreads removal; values in [0, 1). */
  readonly random: () => number;
  /** Whose limits hold. */
  readonly limits: KvLimits;
  /** How late an expired value is removed at most, in ms. */
  readonly expiryLateMaxMs: number;
  /** Whether versionstamps leave out numbers. */
  readonly versionGaps: boolean;
  /** How long earlier states are kept for reads that may be stale, in ms. */
  readonly staleMaxMs: number;
  /** Told of each commit. */
  readonly onCommit: ((commit: SimCommit) => void) | undefined;
}

/** Reads what a store holds. */
export type KvReader = Pick<SimStoreState, "read" | "readRange">;

const VERSION_GAP_MAX = 100;
const VERSION_DIGITS = 16;
const VERSION_SUFFIX = "0000";

/** What a simulated store truly holds. Every call is done at once. */
export class SimStoreState {
  /** Whether the store answers. */
  isUp = true;
  readonly #options: SimStoreStateOptions;
  readonly #listeners = new Map<string, Set<SimStoreListener>>();
  readonly #past: SimStorePast;
  #table = new KvTable();
  #version = 0;

  /** @param options Time, chance and limits. */
  constructor(options: SimStoreStateOptions) {
    this.#options = options;
    this.#past = new SimStorePast(options.time, options.staleMaxMs);
  }

  /** How many values were removed because their time had passed. */
  get expiredCount(): number {
    return this.#table.expiredCount;
  }

  /** How many values there are. */
  get size(): number {
    return this.#table.size;
  }

  /** Reads one value. */
  read(encoded: string): KvCell | undefined {
    return this.#table.get(encoded, this.#options.time.nowMs);
  }

  /** Reads values in order. */
  readRange(range: KvRange, limit: number, reverse: boolean): KvCell[] {
    return this.#table.read(range, limit, reverse, this.#options.time.nowMs);
  }

  /** @returns How everything was some time ago, as far as that is kept. */
  before(agoMs: number): KvReader {
    const atMs = this.#options.time.nowMs - agoMs;
    const table = this.#past.at(atMs, this.#table);
    return {
      read: (encoded) => table.get(encoded, atMs),
      readRange: (range, limit, reverse) => table.read(range, limit, reverse, atMs),
    };
  }

  /** How old what a read that may be stale gets may be at most, in ms. */
  get staleMaxMs(): number {
    return this.#options.staleMaxMs;
  }

  /**
   * Applies an atomic operation.
   *
   * @param write The operation.
   * @param writer Who sent it.
   * @returns What became of it.
   * @throws {TypeError} when it breaks a limit: nothing was applied.
   */
  commit(write: KvWrite, writer: object): SimCommitOutcome {
    checkArrivedWrite(write, this.#options.limits);
    for (const { encoded, versionstamp } of write.checks) {
      if ((this.read(encoded)?.versionstamp ?? null) !== versionstamp) return REFUSED;
    }
    const versionstamp = this.#nextVersionstamp();
    const { changes } = write;
    for (let at = 0; at < changes.length; at++) {
      const error = this.#apply(changes[at]!, versionstamp);
      if (error === null) continue;
      this.#report(changes.slice(0, at), versionstamp);
      return { kind: "half", error };
    }
    for (const change of changes) this.#notify(keyOf(change, versionstamp), writer);
    this.#report(changes, versionstamp);
    return { kind: "committed", versionstamp };
  }

  /**
   * Listens to changes.
   *
   * @param keys The encoded keys.
   * @param listener Told of them.
   * @returns Ends it.
   */
  listen(keys: readonly string[], listener: SimStoreListener): () => void {
    for (const encoded of keys) {
      const listeners = this.#listeners.get(encoded) ?? new Set();
      this.#listeners.set(encoded, listeners.add(listener));
    }
    return () => {
      for (const encoded of keys) {
        const listeners = this.#listeners.get(encoded);
        listeners?.delete(listener);
        if (listeners?.size === 0) this.#listeners.delete(encoded);
      }
    };
  }

  /** Copies the state. */
  copy(): SimStoreCopy {
    return { table: new KvTable(this.#table), version: this.#version };
  }

  /** Goes back to a state, versionstamps included. */
  replace({ table, version }: SimStoreCopy): void {
    this.#table = new KvTable(table);
    this.#version = version;
    this.#past.forget();
    this.notifyAll();
  }

  /** Becomes empty, and counts versionstamps anew. */
  wipe(): void {
    this.replace({ table: new KvTable(), version: 0 });
  }

  /** Tells every listener to look again. */
  notifyAll(): void {
    const all = new Set([...this.#listeners.values()].flatMap((listeners) => [...listeners]));
    for (const listener of all) listener(null);
  }

  #nextVersionstamp(): string {
    const { versionGaps, random } = this.#options;
    this.#version += versionGaps ? 1 + Math.floor(random() * VERSION_GAP_MAX) : 1;
    return this.#version.toString(16).padStart(VERSION_DIGITS, "0") + VERSION_SUFFIX;
  }

  /** @returns Why it cannot be done, or null. */
  #apply(change: KvChange, versionstamp: string): TypeError | null {
    const encoded = keyOf(change, versionstamp);
    this.#past.keep(encoded, this.#table);
    if (change.type === "delete") {
      this.#table.delete(encoded);
      return null;
    }
    const current = change.type === "set" ? undefined : this.read(encoded)?.stored;
    const stored = computeChange(change, current);
    if (stored instanceof TypeError) return stored;
    const key = change.isStamped ? [...change.key, versionstamp] : change.key;
    const removeAtMs = this.#removalTime(change.expireInMs);
    this.#table.set(encoded, { key, stored, versionstamp, removeAtMs });
    if (removeAtMs < Infinity) this.#sweepAt(removeAtMs, encoded);
    return null;
  }

  /** Nobody is told of it, as on a real store. */
  #sweepAt(removeAtMs: number, encoded: string): void {
    const { time } = this.#options;
    time.after(removeAtMs - time.nowMs, () => void this.read(encoded));
  }

  #report(changes: readonly KvChange[], versionstamp: string): void {
    const { onCommit, time } = this.#options;
    onCommit?.({ atMs: time.nowMs, versionstamp, keys: changes.map(({ key }) => key) });
  }

  #removalTime(expireInMs: number | undefined): number {
    if (expireInMs === undefined) return Infinity;
    const { time, random, expiryLateMaxMs } = this.#options;
    return time.nowMs + expireInMs + random() * expiryLateMaxMs;
  }

  #notify(encoded: string, writer: object): void {
    const listeners = this.#listeners.get(encoded);
    if (listeners) { for (const listener of listeners) listener(writer); }
  }
}

function keyOf({ encoded, isStamped }: KvChange, versionstamp: string): string {
  return isStamped ? encoded + encodeKey([versionstamp]) : encoded;
}
