import { StoreUnavailableError } from "../../coordination/errors.ts";
import type { ActionScope } from "../../enums/action_scope.ts";
import type { HealthState } from "../../health/health_state.ts";
import { ActionSlots } from "./action_slots.ts";
import { ChainDesk } from "./chain_desk.ts";
import { ChainRunner } from "./chain_runner.ts";
import { type ChainStart, type ChainStarter, requestedStart } from "./chain_starts.ts";
import { HealthWatch } from "./health_watch.ts";
import type { LaneDraft } from "./lane_draft.ts";
import { LaneMovedError, LaneOverError } from "./lane_errors.ts";
import { LaneInbox } from "./lane_inbox.ts";
import type { ManualRequest } from "./manual_request.ts";
import { policyScope } from "./policy_scope.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { describeChain, type RecoveryChainDict } from "./recovery_chain_dict.ts";
import type { RecoveryEnvironment } from "./recovery_environment.ts";
import type { RecoveryLane } from "./recovery_lane.ts";
import type { PolicyRules } from "./recovery_rules.ts";

/** Options of {@link LaneWorker}. */
export interface LaneWorkerOptions {
  /** The lane. */
  readonly lane: RecoveryLane;
  /** What recovery works with. */
  readonly environment: RecoveryEnvironment;
  /** Whether the worker is there for what runs in a scope. */
  readonly isFor: (scope: ActionScope) => boolean;
  /** How often to look for what other processes left in the storage, in ms; Infinity for never. */
  readonly inboxMs: number;
}

const HOUR_MS = 3_600_000;

/** Works in a lane: looks at health, takes what waits, and runs chains. */
export class LaneWorker implements ChainStarter {
  /** The lane. */
  readonly lane: RecoveryLane;
  readonly #environment: RecoveryEnvironment;
  readonly #inboxMs: number;
  readonly #slots: ActionSlots;
  readonly #desk: ChainDesk;
  readonly #runner: ChainRunner;
  readonly #health: HealthWatch;
  readonly #inbox: LaneInbox;
  readonly #running: Map<string, Promise<void>> = new Map();
  /** Who waits for what becomes of a request, by its id. */
  readonly #awaited: Map<string, (entry: RecoveryActionDict) => void> = new Map();
  #wake: () => void = () => {};
  #isWoken = false;
  #taking: Promise<void> | null = null;
  #looking: Promise<void> | null = null;
  #lookedMs = -Infinity;
  #cleanedMs = -Infinity;

  /** @param options The lane, and whom to ask. */
  constructor({ lane, environment, isFor, inboxMs }: LaneWorkerOptions) {
    this.lane = lane;
    this.#environment = environment;
    this.#inboxMs = inboxMs;
    const slots = this.#slots = new ActionSlots(() => environment.rules().limits.concurrent);
    const recorded = (entry: RecoveryActionDict) => {
      if (entry.request_id !== null) this.#awaited.get(entry.request_id)?.(entry);
    };
    const desk = this.#desk = new ChainDesk({ lane, environment, recorded });
    this.#runner = new ChainRunner({ lane, environment, slots, desk });
    this.#health = new HealthWatch({ lane, environment, desk, starter: this, isFor });
    this.#inbox = new LaneInbox({ lane, environment, desk, starter: this });
  }

  /** The actions that run. */
  get running(): readonly string[] {
    return this.#slots.running;
  }

  /** How many anomalies wait, as far as is known here. */
  get waiting(): number {
    return this.#inbox.waiting;
  }

  /** @returns What is under way, for people. */
  describeChains(): readonly RecoveryChainDict[] {
    return [...this.lane.chains.values()].map(describeChain);
  }

  /** @returns Where a policy's chain runs. */
  scopeOf(policy: PolicyRules): ActionScope {
    return policyScope(policy, this.#desk);
  }

  /** Reads the lane and goes on with what is under way. */
  async open(): Promise<void> {
    await this.lane.load();
    this.#runAll();
  }

  /**
   * Works until the lane's signal aborts. One timer at a time: the next look at health, or into the
   * inbox, whichever comes first.
   *
   * @returns When all of its chains have come to rest.
   */
  async work(): Promise<void> {
    const { clock } = this.#environment;
    const { signal } = this.lane;
    while (!signal.aborted) {
      if (this.#untilLookMs() <= 0) {
        this.#lookedMs = clock.monotonic();
        await this.#guard("lane", () => this.lane.refresh());
        this.#lookBeside();
        await this.#guard("housekeeping", () => this.#clean());
      }
      await this.#guard("inbox", () => this.takeWaiting());
      await this.#untilWoken(Math.min(this.#untilLookMs(), this.#inboxMs));
    }
    await this.#looking;
    await this.settled();
  }

  /** By the rules of now: who wakes the worker may have changed them. */
  #untilLookMs(): number {
    const { clock, rules } = this.#environment;
    return this.#lookedMs + rules().pollMs - clock.monotonic();
  }

  /** A monitor that takes its time keeps nothing else waiting; it is not asked twice at once. */
  #lookBeside(): void {
    this.#looking ??= this.#guard("health", () => this.lookAtHealth())
      .finally(() => this.#looking = null);
  }

  /** @returns When no chain runs any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Has the worker look for what waits, now. */
  wake(): void {
    this.#isWoken = true;
    this.#wake();
  }

  /** Has the worker look at an anomaly that was just put on record. */
  noteWaiting(): void {
    this.#inbox.noteWaiting();
    this.wake();
  }

  /**
   * Looks at the node's health, and begins what it gives reason for.
   *
   * @param given The health document. @default what the monitor says now
   */
  async lookAtHealth(given?: HealthState): Promise<void> {
    await this.#health.look(given);
  }

  /** Takes what waits: requests of people first, then anomalies, the most severe first. */
  takeWaiting(): Promise<void> {
    this.#runAll();
    return this.#taking ??= this.#inbox.take().finally(() => this.#taking = null);
  }

  /**
   * Begins an action that somebody asked for, and runs it to its end.
   *
   * @param request What was asked for.
   * @returns What became of it; null when the work was stopped before that was known.
   */
  async perform(request: ManualRequest): Promise<RecoveryActionDict | null> {
    const timeoutMs = this.#desk.timeoutMsOf(request.action);
    let ended: RecoveryActionDict | null = null;
    this.#awaited.set(request.id, (entry) => ended = entry);
    const begin = () => this.begin(({ nowMs }) => requestedStart(request, timeoutMs, nowMs));
    try {
      const id = await begin().catch((error) => {
        if (error instanceof LaneMovedError) return begin(); // it did not begin: once more
        throw error;
      });
      if (id !== null) await this.#running.get(id);
      return ended;
    } finally {
      this.#awaited.delete(request.id);
    }
  }

  /** Whether a chain of that type is under way. */
  isUnderWay(type: string): boolean {
    return [...this.lane.chains.values()].some(({ cause }) => cause.type === type);
  }

  /** Begins a chain; see {@link ChainStarter.begin}. */
  async begin(
    make: (draft: LaneDraft) => ChainStart | null | Promise<ChainStart | null>,
  ): Promise<string | null> {
    const id = crypto.randomUUID();
    const hasBegun = await this.lane.transact(async (draft) => {
      const start = await make(draft);
      if (start === null) return false;
      const at = { kind: "deciding", notBeforeMs: draft.nowMs } as const;
      draft.putChain({ id, ...start, outcomes: [], at });
      return true;
    }).catch((error) => {
      if (error instanceof LaneMovedError && this.lane.chains.has(id)) return true;
      throw error;
    });
    if (hasBegun) this.#run(id);
    return hasBegun ? id : null;
  }

  /**
   * A chain may come to light late: one whose beginning was stored after nobody waited for that any
   * more, or that was over in a store that was set back.
   */
  #runAll(): void {
    if (this.lane.isOver) return; // a chain would end at once, and wake who runs it again
    for (const id of this.lane.chains.keys()) this.#run(id);
  }

  #run(id: string): void {
    if (this.#running.has(id)) return;
    const { telemetry } = this.#environment;
    const running = this.#runner.run(id)
      .catch((error) => telemetry.fault("recovery", error))
      .finally(() => {
        this.#running.delete(id);
        this.wake(); // what waited for this kind of anomaly to be over can begin
      });
    this.#running.set(id, running);
  }

  async #clean(): Promise<void> {
    const nowMs = this.lane.now();
    if (nowMs - this.#cleanedMs < HOUR_MS) return;
    const { retentionMs } = this.#environment.rules().history;
    const isMore = await this.lane.transact((draft) =>
      draft.dropEntriesBefore(nowMs - retentionMs)
    );
    if (!isMore) this.#cleanedMs = nowMs;
  }

  async #guard(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof LaneOverError || this.lane.signal.aborted) return;
      if (error instanceof LaneMovedError) return this.wake();
      if (error instanceof StoreUnavailableError) return this.lane.noteAway(error);
      this.#environment.telemetry.fault(what, error);
    }
  }

  async #untilWoken(ms: number): Promise<void> {
    const { signal } = this.lane;
    if (!this.#isWoken && !signal.aborted) {
      const over = new AbortController();
      this.#wake = () => over.abort();
      const ends = AbortSignal.any([signal, over.signal]);
      await this.#environment.clock.sleep(Math.max(1, ms), { signal: ends }).catch(() => {});
      this.#wake = () => {};
    }
    this.#isWoken = false;
  }
}
