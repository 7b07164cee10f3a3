import { RecoveryResult } from "../../enums/recovery_result.ts";
import { historyKey, type LaneKeys } from "./lane_keys.ts";
import type { Ledger } from "./ledger.ts";
import { noteLastRefusal } from "./ledger_notes.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { isOver, type RecoveryChain } from "./recovery_chain.ts";
import type { RecoveryStorage, StorageKey, StorageWrite } from "./recovery_storage.ts";
import { storedValueBytes } from "./storage_change.ts";

/** What a {@link LaneDraft} came to. */
export interface LaneChange {
  /** The ledger. */
  readonly ledger: Ledger;
  /** The chains under way. */
  readonly chains: ReadonlyMap<string, RecoveryChain>;
  /** What is written, besides the ledger. */
  readonly sets: readonly StorageWrite[];
  /** What is removed. */
  readonly deletes: readonly StorageKey[];
  /** What must still stand, besides the ledger. */
  readonly checks: readonly { readonly key: StorageKey; readonly version: string | null }[];
}

/** Options of {@link LaneDraft}. */
export interface LaneDraftOptions {
  /** A copy of the ledger. */
  readonly ledger: Ledger;
  /** The chains under way. */
  readonly chains: ReadonlyMap<string, RecoveryChain>;
  /** Where the lane stands. */
  readonly keys: LaneKeys;
  /** The moment, in ms since 1970. */
  readonly nowMs: number;
  /** Where earlier entries are read. */
  readonly storage: RecoveryStorage;
}

/** How many entries of the history there may be. */
export interface HistoryBound {
  /** At most so many. */
  readonly maxEntries: number;
}

/** How a refusal is put on record. */
export interface RefusalOptions extends HistoryBound {
  /** Whether it is an entry of its own each time, and never only counted. */
  readonly isOnce: boolean;
}

/** Entries that one change removes at most; the rest goes with the next ones. */
const TRIM_MAX = 50;
/** An entry that would take more goes without what its action was given. */
const ENTRY_MAX_BYTES = 50_000;

/** A change of a lane in the making. */
export class LaneDraft {
  /** The ledger, to be changed. */
  readonly ledger: Ledger;
  /** The moment, in ms since 1970, by the ledger's clock. */
  readonly nowMs: number;
  readonly #options: LaneDraftOptions;
  readonly #chains: Map<string, RecoveryChain>;
  readonly #sets: Map<string, StorageWrite> = new Map();
  readonly #deletes: StorageKey[] = [];
  readonly #checks: { readonly key: StorageKey; readonly version: string | null }[] = [];

  /** @param options The lane as it is. */
  constructor(options: LaneDraftOptions) {
    this.#options = options;
    this.ledger = options.ledger;
    this.nowMs = options.nowMs;
    this.#chains = new Map(options.chains);
  }

  /** @returns A chain under way; undefined when there is none of that id. */
  chain(id: string): RecoveryChain | undefined {
    return this.#chains.get(id);
  }

  /** @returns Whether a chain of that type is under way. */
  hasChainOf(type: string): boolean {
    return [...this.#chains.values()].some(({ cause }) => cause.type === type);
  }

  /** Puts a chain where it stands now; one whose steps are all over goes. */
  putChain(chain: RecoveryChain): void {
    if (isOver(chain)) return this.dropChain(chain);
    this.#chains.set(chain.id, chain);
    this.#set([...this.#options.keys.chains, chain.id], chain);
  }

  /** Ends a chain whose steps are not all over. */
  dropChain({ id }: RecoveryChain): void {
    this.#chains.delete(id);
    this.#deletes.push([...this.#options.keys.chains, id]);
  }

  /** Removes what was read, unless it was changed since. */
  take(entry: { readonly key: StorageKey; readonly version: string }): void {
    this.#checks.push({ key: entry.key, version: entry.version });
    this.#deletes.push(entry.key);
  }

  /**
   * Adds an entry to the history, and drops the oldest ones beyond the bound.
   *
   * @returns The entry as it is stored.
   */
  record(
    entry: Omit<RecoveryActionDict, "seq">,
    { maxEntries }: HistoryBound,
  ): RecoveryActionDict {
    const { ledger } = this;
    const { keys } = this.#options;
    const stored = fit({ seq: ledger.nextSeq++, ...entry });
    ledger.refusals.delete(placeOf(entry)); // what is refused after this is told anew
    if (maxEntries > 0) this.#set(historyKey(keys, stored.seq), stored);
    const firstSeq = Math.min(ledger.nextSeq - maxEntries, ledger.firstSeq + TRIM_MAX);
    while (ledger.firstSeq < firstSeq) this.#deletes.push(historyKey(keys, ledger.firstSeq++));
    return stored;
  }

  /**
   * Adds a refusal to the history; the same one again only counts, unless it is of a dry run or of
   * another severity: what would have been done is told of each time.
   *
   * @param entry The refusal.
   * @param options How many entries there may be, and whether this is one in any case.
   * @returns The entry as it is stored; null when it was only counted.
   */
  async recordRefusal(
    entry: Omit<RecoveryActionDict, "seq">,
    { maxEntries, isOnce }: RefusalOptions,
  ): Promise<RecoveryActionDict | null> {
    const { ledger } = this;
    const place = placeOf(entry);
    const last = ledger.refusals.get(place);
    const isTold = isOnce || entry.result === RecoveryResult.SKIPPED_DRY_RUN;
    if (!isTold && last?.result === entry.result && await this.#repeat(last.seq, entry)) {
      return null;
    }
    const stored = this.record(entry, { maxEntries });
    noteLastRefusal(ledger, place, { seq: stored.seq, result: entry.result });
    return stored;
  }

  /**
   * Removes entries that are too old, or cannot be read, as far as one change may.
   *
   * @returns Whether there may be more of them.
   */
  async dropEntriesBefore(ms: number): Promise<boolean> {
    const { keys, storage } = this.#options;
    const oldest = await storage.list(keys.history, { limit: TRIM_MAX });
    for (const { key, value } of oldest) {
      if (Date.parse(String((value as RecoveryActionDict | null)?.timestamp)) >= ms) return false;
      this.#deletes.push(key);
      const after = Math.min(Number(key.at(-1)) + 1 || 0, this.ledger.nextSeq);
      this.ledger.firstSeq = Math.max(this.ledger.firstSeq, after);
    }
    return oldest.length === TRIM_MAX;
  }

  /** @returns What is to be stored. */
  change(): LaneChange {
    this.ledger.atMs = Math.max(this.ledger.atMs, this.nowMs);
    return {
      ledger: this.ledger,
      chains: this.#chains,
      sets: [...this.#sets.values()],
      deletes: this.#deletes,
      checks: this.#checks,
    };
  }

  async #repeat(seq: number, entry: Omit<RecoveryActionDict, "seq">): Promise<boolean> {
    if (seq < this.ledger.firstSeq) return false;
    const { keys, storage } = this.#options;
    const stored = await storage.get(historyKey(keys, seq));
    const before = stored?.value as RecoveryActionDict | undefined;
    if (before === undefined || severityOf(before) !== severityOf(entry)) return false;
    const again: RecoveryActionDict = {
      ...before,
      repeats: before.repeats + 1,
      last_repeated_at: entry.timestamp,
    };
    this.#set(historyKey(keys, seq), again);
    return true;
  }

  #set(key: StorageKey, value: unknown): void {
    this.#sets.set(key.join("\0"), { key, value });
  }
}

function placeOf(entry: Pick<RecoveryActionDict, "step" | "action_type" | "anomaly_type">): string {
  return `${entry.step} ${entry.action_type} ${entry.anomaly_type}`;
}

function severityOf({ severity_score }: Pick<RecoveryActionDict, "severity_score">): string {
  return severity_score.toFixed(2);
}

function fit(entry: RecoveryActionDict): RecoveryActionDict {
  return storedValueBytes(entry) <= ENTRY_MAX_BYTES ? entry : shortened(entry);
}

/** @returns An entry without what may take much room. */
export function shortened<E extends Omit<RecoveryActionDict, "seq">>(entry: E): E {
  return { ...entry, params: {}, report: null, error: entry.error?.slice(0, 1_000) ?? null };
}
