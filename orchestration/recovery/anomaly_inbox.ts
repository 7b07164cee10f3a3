import { StoreUnavailableError } from "../../coordination/errors.ts";
import {
  type AnomalyEvent,
  byUrgency,
  coalesce,
  decodePending,
  PENDING_LISTED_MAX,
  type PendingAnomaly,
  pendingOf,
} from "./anomaly_event.ts";
import type { AnyRecoveryDocument } from "./compile_rules.ts";
import { laneKeys } from "./lane_keys.ts";
import type { RecoveryEngine } from "./recovery_engine.ts";
import { policyFor } from "./recovery_rules.ts";
import type { StorageChange } from "./recovery_storage.ts";

/** An anomaly was not put on record: too many more severe ones wait. */
export class AnomalyDroppedError extends Error {
  /** Tells this error from others. */
  override readonly name = "AnomalyDroppedError";
  /** A stable code for programs. */
  readonly code = "ANOMALY_DROPPED";
  /** What kind of anomaly it was. */
  readonly anomalyType: string;

  /**
   * Makes the error.
   *
   * @param anomalyType What kind of anomaly it was.
   * @param max How many may wait.
   */
  constructor(anomalyType: string, max: number) {
    super(
      `Cannot take anomaly ${JSON.stringify(anomalyType)}: ${max} that are no less severe wait ` +
        "already (advanced.pending_max)",
    );
    this.anomalyType = anomalyType;
  }
}

/** Others may write the same anomaly at the same time: for so long it is tried again. */
const TRY_MS = 5_000;
const PAUSE_MIN_MS = 2;
const PAUSE_MAX_MS = 20;
/** After so long, how many wait is looked at anew: other nodes tell of anomalies as well. */
const LOOK_AGAIN_MS = 1_000;

/** How many wait in a lane: as they were counted, and what was added here since. */
interface Count {
  readonly waiting: number;
  /** When they were counted, in monotonic ms. */
  readonly atMs: number;
}

/**
 * Puts anomalies on record, one of each type, up to a bound.
 *
 * Not guaranteed: the bound to the last one. Nodes that tell at the same time may exceed it by what
 * they tell within a second.
 */
export class AnomalyInbox<D extends AnyRecoveryDocument> {
  readonly #engine: RecoveryEngine<D>;
  readonly #counts: Map<string, Count> = new Map();
  /** The last telling of each type that is being told of: those of a type take turns. */
  readonly #turns: Map<string, Promise<void>> = new Map();
  #dropped = 0;

  /** @param engine Where they are acted upon. */
  constructor(engine: RecoveryEngine<D>) {
    this.#engine = engine;
  }

  /** How many were dropped. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Puts an anomaly on record; see `EnhancedRecoveryOrchestrator.handleAnomaly`.
   *
   * @throws {InvalidRecordError} when something is missing or cannot be.
   * @throws {AnomalyDroppedError} when too many more severe ones wait.
   * @throws {StoreUnavailableError} when it cannot be known whether it is stored, or others wrote at
   * the same time for five seconds.
   */
  async put(event: AnomalyEvent): Promise<void> {
    const node = await this.#engine.node();
    const { instanceId, environment, rules } = this.#engine;
    const told = pendingOf(event, { node: instanceId, nowMs: environment.clock.now() });
    const policy = policyFor(rules, told.type);
    const lane = policy === null ? node.lane.name : this.#engine.laneOf(node.scopeOf(policy));
    await this.#inTurn(told.type, () => this.#try(lane, told));
  }

  async #inTurn(type: string, run: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(type) ?? Promise.resolve();
    const turn = before.then(run);
    const settled = turn.catch(() => {});
    this.#turns.set(type, settled);
    try {
      await turn;
    } finally {
      if (this.#turns.get(type) === settled) this.#turns.delete(type);
    }
  }

  async #try(lane: string, told: PendingAnomaly): Promise<void> {
    const { clock, random } = this.#engine.environment;
    const untilMs = clock.monotonic() + TRY_MS;
    while (!await this.#store(lane, told)) {
      if (clock.monotonic() >= untilMs) {
        const why = new Error(`others wrote at the same time for ${TRY_MS / 1_000} s`);
        throw new StoreUnavailableError(`put anomaly ${JSON.stringify(told.type)} on record`, why);
      }
      await clock.sleep(PAUSE_MIN_MS + random() * (PAUSE_MAX_MS - PAUSE_MIN_MS));
    }
  }

  /** @returns Whether it is stored; it is not when somebody else wrote meanwhile. */
  async #store(lane: string, told: PendingAnomaly): Promise<boolean> {
    const { storage } = this.#engine;
    const key = [...laneKeys(lane).pending, told.type];
    const entry = await storage.get(key);
    const waiting = entry && decodePending(entry.value);
    const value = waiting ? coalesce(waiting, told) : told;
    const room = entry === null ? await this.#makeRoom(lane, told) : {};
    const version = await storage.commit({
      sets: [{ key, value }],
      deletes: room.deletes ?? [],
      checks: [{ key, version: entry?.version ?? null }, ...room.checks ?? []],
    });
    if (version === null) return false;
    if (room.deletes?.length) this.#dropped++;
    this.#tell(lane, entry === null && !room.deletes?.length);
    return true;
  }

  #tell(lane: string, isMore: boolean): void {
    const worker = this.#engine.workerOf(lane);
    if (!isMore) return worker?.wake();
    const count = this.#counts.get(lane);
    if (count) this.#counts.set(lane, { ...count, waiting: count.waiting + 1 });
    worker?.noteWaiting();
  }

  /** The least severe one makes room, unless that would be the new one. */
  async #makeRoom(lane: string, told: PendingAnomaly): Promise<StorageChange> {
    const { storage, rules: { limits }, environment: { clock } } = this.#engine;
    const atMs = clock.monotonic();
    const count = this.#counts.get(lane);
    if (count && count.waiting < limits.pending && atMs - count.atMs < LOOK_AGAIN_MS) return {};
    const entries = await storage.list(laneKeys(lane).pending, { limit: PENDING_LISTED_MAX });
    this.#counts.set(lane, { waiting: entries.length, atMs });
    if (entries.length < limits.pending) return {};
    const least = entries.map((entry) => ({ entry, anomaly: decodePending(entry.value) }))
      .filter((each): each is typeof each & { anomaly: PendingAnomaly } => each.anomaly !== null)
      .sort((a, b) => byUrgency(b.anomaly, a.anomaly))[0];
    if (least === undefined || least.anomaly.severity >= told.severity) this.#drop(told.type);
    const { key, version } = least.entry;
    return { deletes: [key], checks: [{ key, version }] };
  }

  #drop(type: string): never {
    this.#dropped++;
    const error = new AnomalyDroppedError(type, this.#engine.rules.limits.pending);
    this.#engine.telemetry.fault("inbox", error);
    throw error;
  }
}
