import type { Clock } from "../../clock.ts";
import { StoreUnavailableError } from "../../coordination/errors.ts";
import { draftOf, emptyLedger, type Ledger } from "./ledger.ts";
import { decodeLedger, encodeLedger } from "./ledger_record.ts";
import { type LaneChange, LaneDraft } from "./lane_draft.ts";
import { LaneMovedError, LaneOverError } from "./lane_errors.ts";
import { type LaneKeys, laneKeys } from "./lane_keys.ts";
import { decodeChain, type RecoveryChain } from "./recovery_chain.ts";
import type { RecoveryStorage, StorageFence } from "./recovery_storage.ts";

/** A term, as far as recovery needs it. A `Term` is one. */
export interface RecoveryTerm extends StorageFence {
  /** Its number. */
  readonly term: number;
  /** Fencing token for other stores. */
  readonly fence: string;
  /** Aborts when the term ends. */
  readonly signal: AbortSignal;
}

/** Options of {@link RecoveryLane}. */
export interface RecoveryLaneOptions {
  /** Where the lane is kept. */
  readonly storage: RecoveryStorage;
  /** Its name: `cluster`, or a node's own. */
  readonly name: string;
  /** The node that works in it. */
  readonly node: string;
  /** The term in which it does; null for a node's own lane. */
  readonly term: RecoveryTerm | null;
  /** Aborts when the work ends, at the end of the term at the latest. */
  readonly signal: AbortSignal;
  /** Time. */
  readonly clock: Clock;
  /**
   * Told when the storage is away: once, until it answers again. Must not throw.
   *
   * @default nobody is told
   */
  readonly fault?: (error: StoreUnavailableError) => void;
}

const RELOAD_PAUSE_MS = 1_000;
const REFUSED_PAUSE_MS = 50;
/** More chains than this at once are not begun; see `pending_max`. */
const CHAINS_MAX = 10_000;

/**
 * What one worker does about recovery, and remembers: chains under way, and a ledger of what was done.
 * All changes go through {@link RecoveryLane.transact}, one after the other, and each is in the storage
 * before anything follows from it. In a cluster each is made under the fence of the leader's term.
 *
 * When the storage does not say what became of a change, the lane is read again before anything else:
 * whatever was decided stands there or was never decided.
 */
export class RecoveryLane {
  /** Where things stand. */
  readonly keys: LaneKeys;
  readonly #options: RecoveryLaneOptions;
  #ledger: Ledger = emptyLedger();
  #version: string | null = null;
  #chains: ReadonlyMap<string, RecoveryChain> = new Map();
  #anchor: { readonly wallMs: number; readonly monotonicMs: number };
  #turn: Promise<unknown> = Promise.resolve();
  #unreadable = 0;
  #isAway = false;

  /** @param options Where the lane is kept, and who works in it. */
  constructor(options: RecoveryLaneOptions) {
    this.#options = options;
    this.keys = laneKeys(options.name);
    const { clock } = options;
    this.#anchor = { wallMs: clock.now(), monotonicMs: clock.monotonic() };
  }

  /** Its name. */
  get name(): string {
    return this.#options.name;
  }

  /** The node that works in it. */
  get node(): string {
    return this.#options.node;
  }

  /** The term in which it does; null for a node's own lane. */
  get term(): RecoveryTerm | null {
    return this.#options.term;
  }

  /** Aborts when the work ends. */
  get signal(): AbortSignal {
    return this.#options.signal;
  }

  /** What is remembered. Not to be changed. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  /** What is under way. */
  get chains(): ReadonlyMap<string, RecoveryChain> {
    return this.#chains;
  }

  /** Chains that could not be read, and were left where they stand. */
  get unreadableChains(): number {
    return this.#unreadable;
  }

  /**
   * The moment by the ledger's clock, in ms since 1970: it goes on at the pace of the monotonic clock
   * and is never before what is written in the ledger, so that no cooldown ends early because a clock
   * was set, as long as one process works.
   */
  now(): number {
    const { clock } = this.#options;
    const passedMs = clock.monotonic() - this.#anchor.monotonicMs;
    return Math.round(Math.max(this.#ledger.atMs, this.#anchor.wallMs + passedMs));
  }

  /**
   * Reads the lane; to be called before all else.
   *
   * @throws {StoreUnavailableError} when the storage does not answer.
   * @throws {InvalidRecordError} when the ledger cannot be read.
   */
  async load(): Promise<void> {
    const { storage } = this.#options;
    const entry = await storage.get(this.keys.ledger);
    const chains = await storage.list(this.keys.chains, { limit: CHAINS_MAX });
    this.#ledger = entry === null ? emptyLedger() : decodeLedger(entry.value);
    this.#version = entry?.version ?? null;
    // What was written by a clock that is ahead: time goes on from there, and does not stand still.
    const wallMs = this.now();
    this.#anchor = { wallMs, monotonicMs: this.#options.clock.monotonic() };
    const readable = chains.map(({ value }) => decodeChain(value)).filter((each) => each !== null);
    this.#unreadable = chains.length - readable.length;
    this.#chains = new Map(readable.map((chain) => [chain.id, chain]));
    this.#isAway = false;
  }

  /** Tells that the storage gave no answer, unless that is told already and it has not come back. */
  noteAway(error: StoreUnavailableError): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#options.fault?.(error);
  }

  /**
   * Reads the lane again if it is not as it was left: a change that nobody waited for any more was
   * stored after all, or the store was set back. Otherwise that would be seen at the next change only.
   *
   * @throws {StoreUnavailableError} when the storage does not answer.
   */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const entry = await this.#options.storage.get(this.keys.ledger);
      if ((entry?.version ?? null) !== this.#version) await this.load();
    });
  }

  /**
   * Changes the lane, after all changes that were asked for before.
   *
   * @param work Changes a draft; called once. What it throws ends the change without effect.
   * @returns What the work returned, once the change is stored.
   * @throws {LaneMovedError} when it cannot be known whether the change was stored, or another was:
   * the lane was read again, and what follows must go by what stands in it now.
   * @throws {LaneOverError} when the term is over, or the work was stopped.
   */
  transact<T>(work: (draft: LaneDraft) => T | Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#transact(work));
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #transact<T>(work: (draft: LaneDraft) => T | Promise<T>): Promise<T> {
    this.checkGoesOn();
    const draft = new LaneDraft({
      ledger: draftOf(this.#ledger),
      chains: this.#chains,
      keys: this.keys,
      nowMs: this.now(),
      storage: this.#options.storage,
    });
    const result = await work(draft);
    this.checkGoesOn();
    await this.#store(draft.change());
    return result;
  }

  async #store({ ledger, chains, sets, deletes, checks }: LaneChange): Promise<void> {
    const { storage, term } = this.#options;
    let isKnown = true;
    const version = await storage.commit({
      checks: [{ key: this.keys.ledger, version: this.#version }, ...checks],
      sets: [{ key: this.keys.ledger, value: encodeLedger(ledger) }, ...sets],
      deletes,
      ...term && { fence: term },
    }).catch((error) => {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.noteAway(error);
      isKnown = false;
      return null;
    });
    if (version === null) {
      // A deposed leader that does not know it yet is refused again and again.
      await this.#pause(REFUSED_PAUSE_MS);
      await this.#reload(isKnown);
      throw new LaneMovedError(this.name);
    }
    this.#ledger = ledger;
    this.#version = version;
    this.#chains = chains;
    this.#isAway = false;
  }

  /** What was decided must be known before anything else is: there is no giving up but at the end. */
  async #reload(isKnown: boolean): Promise<void> {
    while (true) {
      this.checkGoesOn();
      try {
        await this.load();
        if (isKnown || await this.#seal()) return;
        await this.#pause(REFUSED_PAUSE_MS);
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.noteAway(error);
        await this.#pause(RELOAD_PAUSE_MS);
      }
    }
  }

  /** Gives the ledger another version: a change that was not answered can no longer come late. */
  async #seal(): Promise<boolean> {
    const { storage, term } = this.#options;
    const { ledger: key } = this.keys;
    const version = await storage.commit({
      checks: [{ key, version: this.#version }],
      sets: [{ key, value: encodeLedger(this.#ledger) }],
      ...term && { fence: term },
    });
    if (version !== null) this.#version = version;
    return version !== null;
  }

  async #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#options;
    await clock.sleep(ms, { signal }).catch(() => {});
  }

  /** Whether the term is over, or the work was stopped: from then on nothing can be changed. */
  get isOver(): boolean {
    const { signal, term } = this.#options;
    return signal.aborted || term?.isValid() === false;
  }

  /**
   * To be called before an effect that follows from what was stored.
   *
   * @throws {LaneOverError} when the term is over, or the work was stopped.
   */
  checkGoesOn(): void {
    if (this.isOver) throw new LaneOverError(this.name);
  }
}
