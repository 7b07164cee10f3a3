import assert from "node:assert/strict";
import { StoreUnavailableError } from "../../../coordination/errors.ts";
import type { ActionScope } from "../../../enums/action_scope.ts";
import type { HealthSource, HealthState } from "../../../health/health_state.ts";
import type {
  ActionContext,
  ActionHandler,
} from "../../../orchestration/recovery/action_handler.ts";
import {
  ActionRegistry,
  type RegisterActionOptions,
} from "../../../orchestration/recovery/action_registry.ts";
import { type AnomalyEvent, pendingOf } from "../../../orchestration/recovery/anomaly_event.ts";
import {
  CLUSTER_LANE,
  type LaneKeys,
  laneKeys,
} from "../../../orchestration/recovery/lane_keys.ts";
import { LaneWorker } from "../../../orchestration/recovery/lane_worker.ts";
import { emptyLedger, type Ledger } from "../../../orchestration/recovery/ledger.ts";
import { decodeLedger } from "../../../orchestration/recovery/ledger_record.ts";
import type { ManualRequest } from "../../../orchestration/recovery/manual_request.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryNotice } from "../../../orchestration/recovery/notifier.ts";
import type { RecoveryActionDict } from "../../../orchestration/recovery/recovery_action_dict.ts";
import type { RecoveryChain } from "../../../orchestration/recovery/recovery_chain.ts";
import type { RecoveryEnvironment } from "../../../orchestration/recovery/recovery_environment.ts";
import { RecoveryLane, type RecoveryTerm } from "../../../orchestration/recovery/recovery_lane.ts";
import type { RecoveryRules } from "../../../orchestration/recovery/recovery_rules.ts";
import type {
  RecoveryStorage,
  StorageChange,
  StorageKey,
  StorageListOptions,
  StoredEntry,
} from "../../../orchestration/recovery/recovery_storage.ts";
import { RecoveryTelemetry } from "../../../orchestration/recovery/recovery_telemetry.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { rulesOf } from "./recovery_fixtures.ts";

/** What may become of a commit besides being answered. */
export const COMMIT_FAULTS = ["refused", "lost before", "lost after", "late"] as const;

/** What may become of a commit besides being answered. */
export type CommitFault = (typeof COMMIT_FAULTS)[number];

/** A storage as one process has it: what goes wrong there is planned by the number of the commit. */
export class FaultyStorage implements RecoveryStorage {
  /** Commits that were asked for. */
  commits = 0;
  /** Everything that was asked for. */
  calls = 0;
  /** Everything that was asked for is told of before it is answered; what it throws is the answer. */
  onCall: () => void = () => {};
  /** Whether each commit is refused, as by a fence of which nobody here knows yet. */
  isFenced = false;
  /** Whether there is no answer to anything. */
  isAway = false;
  /** What becomes of which commit, from 1. */
  readonly plan: Map<number, CommitFault> = new Map();
  /** Told before each commit, by its number, and after it was applied. */
  onCommit: (number: number, moment: "before" | "after") => void = () => {};
  readonly #inner: RecoveryStorage;
  #late: StorageChange | null = null;

  constructor(inner: RecoveryStorage) {
    this.#inner = inner;
  }

  async get(key: StorageKey): Promise<StoredEntry | null> {
    this.#call();
    return await this.#inner.get(key);
  }

  async list(prefix: StorageKey, options: StorageListOptions): Promise<readonly StoredEntry[]> {
    this.#call();
    const entries = await this.#inner.list(prefix, options);
    if (prefix.at(-1) === "chains") await this.applyLate();
    return entries;
  }

  async commit(change: StorageChange): Promise<string | null> {
    this.#call();
    const number = ++this.commits;
    this.onCommit(number, "before");
    this.#checkThere();
    const fault = this.plan.get(number);
    if (fault === "refused" || this.isFenced) return null;
    if (fault === "late") this.#late = change;
    if (fault === "late" || fault === "lost before") throw away();
    const version = await this.#inner.commit(change);
    this.onCommit(number, "after");
    this.#checkThere();
    if (fault === "lost after") throw away();
    return version;
  }

  /** What nobody heard of happens after all. */
  async applyLate(): Promise<void> {
    const late = this.#late;
    this.#late = null;
    if (late !== null) await this.#inner.commit(late);
  }

  #call(): void {
    this.calls++;
    this.onCall();
    this.#checkThere();
  }

  #checkThere(): void {
    if (this.isAway) throw away();
  }
}

/** @returns What a storage throws when nobody knows. */
export function away(): StoreUnavailableError {
  return new StoreUnavailableError("answer", new Error("away"));
}

/** A term of leadership that a test ends. */
export class TestTerm implements RecoveryTerm {
  readonly term: number;
  readonly fence: string;
  readonly check: Deno.AtomicCheck = { key: ["term"], versionstamp: null };
  readonly controller: AbortController = new AbortController();
  isOver = false;

  constructor(term: number) {
    this.term = term;
    this.fence = `fence-${term}`;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  isValid(): boolean {
    return !this.isOver && !this.signal.aborted;
  }
}

/** Options of {@link MachineWorld.start}. */
export interface StartOptions {
  /** @default none: a node's own lane */
  readonly term?: TestTerm;
  /** @default all */
  readonly isFor?: (scope: ActionScope) => boolean;
  /** @default never */
  readonly inboxMs?: number;
}

/** A process at work in the lane. */
export class MachineProcess {
  readonly storage: FaultyStorage;
  readonly worker: LaneWorker;
  readonly term: TestTerm | null;
  /** Resolves once the work has come to rest. */
  readonly ended: Promise<void>;
  readonly #life: AbortController;

  constructor(
    storage: FaultyStorage,
    worker: LaneWorker,
    life: AbortController,
    term: TestTerm | null,
  ) {
    this.storage = storage;
    this.worker = worker;
    this.term = term;
    this.#life = life;
    this.ended = worker.open().then(() => worker.work());
    this.ended.catch(() => {});
  }

  /** Ends the work, as a stop does. */
  stop(): void {
    this.#life.abort(new DOMException("stopped", "AbortError"));
  }

  /** Ends the process: from now on it changes nothing. */
  die(): void {
    this.storage.isAway = true;
    this.stop();
  }
}

/** One run of an action. */
export interface Effect {
  readonly action: string;
  readonly attempt: number;
  readonly executionId: string;
  readonly fence: string | null;
  readonly atMs: number;
}

/** What actions do and storages hold, for processes that work in one lane. */
export class MachineWorld {
  readonly clock: FakeClock = new FakeClock();
  readonly memory: MemoryRecoveryStorage = new MemoryRecoveryStorage();
  readonly registry: ActionRegistry = new ActionRegistry(new Map());
  readonly effects: Effect[] = [];
  readonly notices: RecoveryNotice[] = [];
  /** Entries that were told of. */
  readonly told: RecoveryActionDict[] = [];
  readonly telemetry: RecoveryTelemetry;
  readonly keys: LaneKeys = laneKeys(CLUSTER_LANE);
  rules: RecoveryRules;
  isDryRun = false;
  /** What the monitor says; null for no monitor. */
  health: (() => HealthState) | null = null;
  /** What else the environment has, for one test. */
  parts: Partial<RecoveryEnvironment> = {};

  private constructor(rules: RecoveryRules) {
    this.rules = rules;
    this.telemetry = new RecoveryTelemetry({
      node: () => "n",
      tell: (notice) => void this.notices.push(notice),
      log: (_, entry) => {
        if (entry["event"] === "recovery_action") {
          this.told.push(entry as unknown as RecoveryActionDict);
        }
      },
      metrics: null,
      clock: this.clock,
    });
  }

  /** @param document What a policy file would say. */
  static async open(document: object): Promise<MachineWorld> {
    return new MachineWorld(await rulesOf(document));
  }

  /** Registers an action that notes that it ran, and then does what the test wants. */
  action(name: string, run: ActionHandler = () => {}, options: RegisterActionOptions = {}): void {
    this.registry.register(name, (context: ActionContext) => {
      const { action, attempt, executionId, fence } = context;
      this.effects.push({ action, attempt, executionId, fence, atMs: this.clock.monotonic() });
      return run(context);
    }, options);
  }

  /** Starts a process, on a storage of its own that reaches what all share. */
  start({ term, isFor = () => true, inboxMs = Infinity }: StartOptions = {}): MachineProcess {
    const storage = new FaultyStorage(this.memory);
    const life = new AbortController();
    const signal = term ? AbortSignal.any([term.signal, life.signal]) : life.signal;
    const { clock } = this;
    const lane = new RecoveryLane({
      storage,
      name: CLUSTER_LANE,
      node: "n",
      term: term ?? null,
      signal,
      clock,
      fault: (error) => this.telemetry.fault("storage", error),
    });
    const environment = this.#environment(storage);
    const worker = new LaneWorker({ lane, environment, isFor, inboxMs });
    return new MachineProcess(storage, worker, life, term ?? null);
  }

  #environment(storage: RecoveryStorage): RecoveryEnvironment {
    const healthMonitor: HealthSource = {
      getComprehensiveState: () => Promise.try(this.health ?? (() => ({}))),
    };
    return {
      rules: () => this.rules,
      isDryRun: () => this.isDryRun,
      registry: this.registry,
      storage,
      healthMonitor: this.health === null ? null : healthMonitor,
      fallbackManager: null,
      stateMachine: null,
      phaseAwareHandler: null,
      cluster: () => null,
      telemetry: this.telemetry,
      clock: this.clock,
      random: () => 0.5,
      ...this.parts,
    };
  }

  /** Puts an anomaly where it waits. */
  async enqueue(anomalyType: string, told: Partial<AnomalyEvent> = {}): Promise<void> {
    const event = { anomalyType, severityScore: 1, ...told };
    const value = pendingOf(event, { node: "n", nowMs: this.clock.now() });
    await this.put([...this.keys.pending, anomalyType], value);
  }

  /** Puts anything anywhere. */
  async put(key: StorageKey, value: unknown): Promise<void> {
    await this.memory.commit({ sets: [{ key, value }] });
  }

  async history(): Promise<readonly RecoveryActionDict[]> {
    const entries = await this.memory.list(this.keys.history, { limit: 10_000 });
    return entries.map(({ value }) => value as RecoveryActionDict);
  }

  /** The history in short: action and result. */
  async results(): Promise<readonly string[]> {
    return (await this.history()).map(({ action_type, result }) => `${action_type} ${result}`);
  }

  async ledger(): Promise<Ledger> {
    const entry = await this.memory.get(this.keys.ledger);
    return entry === null ? emptyLedger() : decodeLedger(entry.value);
  }

  async chains(): Promise<readonly RecoveryChain[]> {
    const entries = await this.memory.list(this.keys.chains, { limit: 100 });
    return entries.map(({ value }) => value as RecoveryChain);
  }

  async pending(): Promise<readonly string[]> {
    const entries = await this.memory.list(this.keys.pending, { limit: 1_000 });
    return entries.map(({ key }) => key.at(-1)!);
  }

  /** Ends processes whose actions do not heed their signals: they have ten seconds to. */
  async endAfterGrace(...processes: readonly MachineProcess[]): Promise<void> {
    for (const process of processes) process.stop();
    await this.clock.advance(10_000);
    await this.end(...processes);
  }

  /** Ends processes, and sees to it that nothing goes on. */
  async end(...processes: readonly MachineProcess[]): Promise<void> {
    for (const process of processes) process.stop();
    let isOver = false;
    const rest = Promise.all(
      processes.map(({ ended, worker }) => ended.catch(() => {}).then(() => worker.settled())),
    ).then(() => isOver = true);
    await this.clock.advance(0);
    assert.ok(isOver, "work goes on after the stop");
    assert.equal(this.clock.sleeperCount, 0, "a timer is left");
    for (const { worker } of processes) assert.deepEqual(worker.running, [], "a turn is held");
    await rest;
  }
}

/** @returns What a person asks for. */
export function aRequest(action: string, change: Partial<ManualRequest> = {}): ManualRequest {
  return {
    id: crypto.randomUUID(),
    action,
    reason: "because",
    actor: "ann",
    params: {},
    force: false,
    atMs: 0,
    node: "n",
    ...change,
  };
}

/** @returns A policy whose steps are these actions. */
export function policyOf(...actions: readonly (string | object)[]): object {
  return {
    severity_threshold: 0.1,
    escalation_chain: actions.map((each) => typeof each === "string" ? { action: each } : each),
  };
}

/** @returns Something that a test opens: until then who waits for it waits. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
