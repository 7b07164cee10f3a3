import { describeError } from "../../config/describe_error.ts";
import type { ReloadResult } from "../../config/files/recovery_config.ts";
import { StoreUnavailableError } from "../../coordination/errors.ts";
import { ActionScope } from "../../enums/action_scope.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { InvalidRecordError } from "../../enums/records/invalid_record_error.ts";
import { isObject } from "../../enums/records/field.ts";
import { showValue } from "../../enums/show_value.ts";
import type { HealthState } from "../../health/health_state.ts";
import type { ActionHandler } from "./action_handler.ts";
import type { RegisterActionOptions } from "./action_registry.ts";
import { type AnyRecoveryDocument, unlistedAction } from "./compile_rules.ts";
import { nodeLane } from "./lane_keys.ts";
import { type ManualTrigger, requestOf, triggerOf } from "./manual_request.ts";
import type { Orchestrator, OrchestratorEvent, RunOptions } from "./orchestrator.ts";
import type { RecoveryActionDict } from "./recovery_action_dict.ts";
import { RecoveryEngine, type RecoveryEngineOptions } from "./recovery_engine.ts";
import {
  type CooldownDict,
  cooldownsOf,
  figuresOf,
  type RecoveryMetricsDict,
} from "./recovery_figures.ts";
import { type HistoryOptions, readHistory } from "./recovery_history.ts";
import type { RecoveryTerm } from "./recovery_lane.ts";
import { type RecoveryStatusDict, statusOf } from "./recovery_status_dict.ts";
import {
  addPause,
  type PauseOptions,
  type RecoveryPauseDict,
  removePauses,
} from "./recovery_pause.ts";

/**
 * What both orchestrators do: watch the node's health, act when a threshold is passed, and do what
 * somebody asks for, each action through the same gate.
 */
export abstract class BasicRecovery<D extends AnyRecoveryDocument> implements Orchestrator {
  /**
   * What it is made of.
   *
   * @internal
   */
  protected readonly engine: RecoveryEngine<D>;
  #running: Promise<void> | null = null;
  #stop: AbortController | null = null;
  #isStopping = false;
  #unknownEvents = 0;
  #lastError: string | null = null;

  /**
   * Makes an orchestrator.
   *
   * @param options The parts, and the file.
   *
   * @internal
   */
  constructor(options: RecoveryEngineOptions<D>) {
    this.engine = new RecoveryEngine(options);
  }

  /** Whether it runs. */
  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * Reads the file that recovery goes by, if that has not been done yet: to learn of its faults early.
   *
   * @throws {ConfigError} when it cannot be used.
   * @throws {ActionsRefusedError} when it declares an action that cannot be done here.
   */
  async load(): Promise<void> {
    await this.engine.load();
  }

  /**
   * Looks at the node's health once per `poll_interval`, and acts. Ends at once when recovery is
   * switched off.
   *
   * @param options What ends it.
   * @returns When it was stopped and all has come to rest; chains go on with the next run.
   * @throws {ConfigError} when the file cannot be used.
   * @throws {ActionsRefusedError} when it declares an action that cannot be done here.
   * @throws {StoreUnavailableError} when the storage cannot be read at the start.
   */
  run(options: RunOptions = {}): Promise<void> {
    if (this.#running !== null && !this.#isStopping) return this.#running;
    const stop = this.#stop = new AbortController();
    this.#isStopping = false;
    const before = (this.#running ?? Promise.resolve()).catch(() => {});
    const running = before.then(() => this.#run(options, stop.signal)).finally(() => {
      if (this.#running === running) this.#running = null;
    });
    return this.#running = running;
  }

  /**
   * Asks the run to end, and what this node does in its term as leader: by the signal of actions.
   */
  stop(): void {
    this.#isStopping = this.#running !== null;
    this.#stop?.abort();
    this.engine.stop();
  }

  /**
   * Does what the cluster's leader does for as long as a term lasts: a coordinator that was given the
   * orchestrator calls this.
   *
   * @param term The term.
   */
  async lead(term: RecoveryTerm): Promise<void> {
    await this.engine.lead(term);
  }

  /**
   * Registers what does an action, in place of a handler of the file, or of what is built in.
   *
   * @param name The action.
   * @param handler Does it.
   * @param options How to see that it helped, and where it runs.
   * @throws {TypeError} when one of them is none.
   */
  registerAction(name: string, handler: ActionHandler, options: RegisterActionOptions = {}): void {
    this.engine.registry.register(name, handler, options);
  }

  /**
   * Tells it of something: `{ type: "health_check", state }`, and what
   * {@link BasicRecovery.triggerAction} takes as `{ type: "manual_trigger", action_type, reason? }`.
   *
   * @param event What happened. One that cannot be understood is counted and has no effect.
   * @throws {AnomalyDroppedError} when it is an anomaly, and too many more severe ones wait.
   * @throws {StoreUnavailableError} when it could not be put on record.
   */
  async handleEvent(event: OrchestratorEvent): Promise<void> {
    try {
      if (isObject(event) && await this.handleKnownEvent(event)) return;
      this.noteUnknown(`unknown event ${showValue(isObject(event) ? event.type : event)}`);
    } catch (error) {
      if (!(error instanceof InvalidRecordError)) throw error;
      this.noteUnknown(describeError(error));
    }
  }

  /**
   * Runs an action because somebody asks for it, and waits for its end. Cooldowns, freezes, pauses and
   * storms do not hold it back; switches, limits and phases do.
   *
   * @param trigger Which, why, and who asks.
   * @returns The entry of the history: what became of it.
   * @throws {InvalidRecordError} when something is missing or cannot be.
   * @throws {StoreUnavailableError} when it could not be put on record.
   */
  async triggerAction(trigger: ManualTrigger): Promise<RecoveryActionDict> {
    const node = await this.engine.node();
    const nowMs = this.engine.environment.clock.now();
    const request = requestOf(trigger, { node: this.engine.instanceId, nowMs });
    const { registry, rules } = this.engine;
    const listed = rules.actions.get(request.action) ?? unlistedAction(request.action);
    const scope = registry.get(request.action)?.scope ?? listed.scope;
    const worker = this.engine.workerOf(this.engine.laneOf(scope)) ?? node;
    const entry = await worker.perform(request);
    if (entry !== null) return entry;
    throw new StoreUnavailableError("run an action", new Error("recovery was stopped meanwhile"));
  }

  /**
   * Keeps recovery from doing anything by itself, in the whole cluster.
   *
   * @param options Why, who, for how long.
   * @returns The pause.
   * @throws {TypeError} when it has no reason or nobody's name.
   * @throws {StoreUnavailableError} when it cannot be known whether it holds.
   */
  async pause(options: PauseOptions): Promise<RecoveryPauseDict> {
    const { storage, environment: { clock } } = this.engine;
    return await addPause(storage, options, clock.now());
  }

  /**
   * Ends pauses.
   *
   * @param id Which. @default all of them
   * @returns Those that were ended.
   * @throws {StoreUnavailableError} when it cannot be known whether they are.
   */
  async resume(id?: string): Promise<readonly RecoveryPauseDict[]> {
    const ended = await removePauses(this.engine.storage, id);
    for (const worker of this.engine.workers) worker.wake();
    return ended;
  }

  /**
   * Reads the file again. What was in force stays so when it cannot be used; chains under way keep
   * their steps.
   *
   * @returns Whether the file is in force, else what is wrong with it.
   * @throws {ActionsRefusedError} when it declares an action that cannot be done here.
   */
  async reload(): Promise<ReloadResult> {
    return await this.engine.reload();
  }

  /**
   * Reads the history: of this node's own actions, and of the cluster's.
   *
   * @param options How much.
   * @returns The entries, oldest first.
   * @throws {StoreUnavailableError} when there is no answer in time.
   */
  async getActionHistory(options: HistoryOptions = {}): Promise<readonly RecoveryActionDict[]> {
    const { storage, instanceId, historySinceMs } = this.engine;
    const lanes = new Set([nodeLane(instanceId), this.engine.laneOf(ActionScope.CLUSTER)]);
    const sinceMs = Math.max(options.sinceMs ?? -Infinity, historySinceMs);
    return await readHistory(storage, [...lanes], { ...options, sinceMs });
  }

  /**
   * Says how the actions rest.
   *
   * @returns For each action that is known, whether its cooldown lets it run.
   */
  getCooldownStatus(): Readonly<Record<string, CooldownDict>> {
    const { workers, registry: { names }, isLoaded } = this.engine;
    return cooldownsOf(workers, names, isLoaded ? this.engine.rules : null);
  }

  /**
   * Says what was counted, in the lanes that this node works in.
   *
   * @returns The figures.
   */
  getMetrics(): RecoveryMetricsDict {
    const { workers, registry: { names } } = this.engine;
    return figuresOf(workers, { names, running: this.isRunning });
  }

  /**
   * Says how it stands.
   *
   * @returns The status.
   */
  getStatus(): RecoveryStatusDict {
    const standing = { unknownEvents: this.#unknownEvents, lastError: this.#lastError };
    return statusOf(this.engine, { running: this.isRunning, ...standing });
  }

  /**
   * Handles an event that it knows.
   *
   * @returns Whether it does.
   *
   * @internal
   */
  protected async handleKnownEvent(event: OrchestratorEvent): Promise<boolean> {
    switch (event.type) {
      case RecoveryTrigger.HEALTH_CHECK: {
        const { state = {} } = event;
        if (!isObject(state)) return false;
        await this.engine.node();
        const { workers } = this.engine;
        for (const worker of workers) await worker.lookAtHealth(state as HealthState);
        await Promise.all(workers.map((worker) => worker.settled()));
        return true;
      }
      case RecoveryTrigger.MANUAL_TRIGGER:
        await this.triggerAction(triggerOf(event));
        return true;
      default:
        return false;
    }
  }

  /**
   * Counts an event that was not understood.
   *
   * @internal
   */
  protected noteUnknown(why: string): void {
    this.#unknownEvents++;
    this.#lastError = why;
    this.engine.telemetry.fault("event", new TypeError(why));
  }

  async #run({ signal }: RunOptions, stopped: AbortSignal): Promise<void> {
    await this.engine.load();
    if (!this.engine.rules.enabled || signal?.aborted || stopped.aborted) return;
    const end = () => this.stop();
    signal?.addEventListener("abort", end, { once: true });
    try {
      const worker = await this.engine.node();
      if (!stopped.aborted) await worker.work();
      await this.engine.flush();
    } finally {
      signal?.removeEventListener("abort", end);
    }
  }
}
