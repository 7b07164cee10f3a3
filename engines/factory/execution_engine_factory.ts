import { type Clock, systemClock } from "../../clock.ts";
import { runInContext } from "../context/current_context.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import { isDeprecatedEngine } from "../guard/deprecated_engines.ts";
import { engineLogger } from "../guard/engine_logger.ts";
import { differenceOf } from "../guard/verify_engine_unchanged.ts";
import { type ActiveEnginesSummary, summarizeEngines } from "./active_engines_summary.ts";
import { drain } from "./drain.ts";
import {
  type EngineFactoryCounts,
  type EngineFactoryMetrics,
  type EngineFactoryState,
  newEngineFactoryCounts,
} from "./engine_factory_metrics.ts";
import {
  creationFailed,
  ExecutionEngineFactoryError,
  factoryClosed,
  refuseType,
} from "./execution_engine_factory_errors.ts";
import {
  type CheckedFactoryOptions,
  checkedFactoryOptions,
  type ExecutionEngineFactoryOptions,
} from "./execution_engine_factory_options.ts";
import { LiveEngines } from "./live_engines.ts";
import { discardEngine, type EngineMaking, makeCheckedEngine } from "./make_checked_engine.ts";
import { takeSlot } from "./take_slot.ts";
import type { EngineSlot } from "./user_engine_limits.ts";

/** How many engines metrics and summaries list. */
const LISTED_MAX = 100;

/**
 * Makes an engine for each run of a user, and ends it. All engines share the agents and the rest of
 * what the factory was given, and nothing else.
 *
 * Limits: a user has 2 live engines at most in all factories of the process, and a run has one. An
 * engine that was idle for 5 minutes is reclaimed; one that runs agents, or that a scope holds, never
 * is. A timer is planned only while there are engines.
 *
 * @example An engine for as long as a run takes
 * ```ts
 * import { ExecutionEngineFactory, UserExecutionContext } from "@baton/orchestration/engines";
 *
 * await using factory = new ExecutionEngineFactory({
 *   agents: new Map([["greeter", ({ context }) => `hello, ${context.userId}`]]),
 * });
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-7", runId: "r-42" });
 * const result = await factory.userExecutionScope(
 *   context,
 *   (engine) => engine.executeAgent({ agentName: "greeter", context }, {}),
 * );
 * if (!result.success) throw new Error("unexpected");
 * if (factory.getMetrics().total_engines_cleaned !== 1) throw new Error("unexpected");
 * ```
 */
export class ExecutionEngineFactory implements AsyncDisposable {
  readonly #options: CheckedFactoryOptions;
  readonly #clock: Clock;
  readonly #counts: EngineFactoryCounts = newEngineFactoryCounts();
  readonly #live: LiveEngines;
  readonly #making: EngineMaking;
  #state: EngineFactoryState = "running";
  #makingCount = 0;
  #closed: Promise<void> | null = null;

  /**
   * Makes a factory that has no engines.
   *
   * @param options What engines are made of, and what is allowed.
   * @throws {TypeError} when something is missing, unknown or none.
   * @throws {RangeError} when a time or a limit is out of range.
   * @throws {AgentIsolationError} when an agent would run in a worker and workers are not allowed.
   */
  constructor(options: ExecutionEngineFactoryOptions) {
    this.#options = checkedFactoryOptions(options);
    this.#clock = options.clock ?? systemClock;
    const { idleMs, lookEveryMs } = this.#options;
    const shared = { clock: this.#clock, counts: this.#counts };
    this.#live = new LiveEngines({ ...shared, idleMs, lookEveryMs });
    this.#making = {
      ...this.#options,
      ...shared,
      isKnown: (engine) => this.#live.has(engine),
    };
  }

  /** In which part of its life the factory is. */
  get state(): EngineFactoryState {
    return this.#state;
  }

  /**
   * Makes the engine of a run. Whoever asks for it ends it, with
   * {@link ExecutionEngineFactory.cleanupEngine}.
   *
   * @param context Whose run it is, and which.
   * @returns The engine.
   * @throws {TypeError} when the context is none.
   * @throws {ContextIsolationError} when contexts are checked, and another user's is current.
   * @throws {EngineLimitError} when there are as many engines as allowed.
   * @throws {UserIsolationError} when the run has an engine, or what was made is another context's.
   * @throws {SSOTValidationError} when what was made is no genuine engine.
   * @throws {ExecutionEngineFactoryError} when the factory is not running, or the making failed.
   */
  createForUser(context: UserExecutionContext): Promise<UserExecutionEngine> {
    return this.#create(context, false);
  }

  /**
   * Makes an engine of a type that is asked for by name. There is one type.
   *
   * @param context Whose run it is, and which.
   * @param type `"UserExecutionEngine"`.
   * @returns The engine.
   * @throws {SSOTValidationError} when it is another type, and as
   * {@link ExecutionEngineFactory.createForUser} throws.
   */
  async createEngine(context: UserExecutionContext, type: string): Promise<UserExecutionEngine> {
    if (type !== "UserExecutionEngine") {
      if (isDeprecatedEngine(type)) this.#counts.backwards_compatibility_usage++;
      else this.#counts.unknown_type_rejections++;
      throw refuseType(type);
    }
    const engine = await this.#create(context, false);
    const { engineId } = engine;
    engineLogger.info("SSOT compliance validated: {type} {engineId}", { type, engineId });
    return engine;
  }

  /**
   * Makes the engine of a run, does something with it, and ends it, also when that fails. The work
   * runs in the context, and the engine is never reclaimed meanwhile. A cleanup that fails is counted
   * and does not hide what the work did.
   *
   * @param context Whose run it is, and which.
   * @param run What to do with the engine.
   * @returns What that returns.
   * @throws As {@link ExecutionEngineFactory.createForUser} does, and what the work throws.
   */
  async userExecutionScope<T>(
    context: UserExecutionContext,
    run: (engine: UserExecutionEngine) => T | Promise<T>,
  ): Promise<T> {
    if (typeof run !== "function") throw new TypeError("What a scope runs must be a function");
    const engine = await this.#create(context, true);
    try {
      const result = await runInContext(context, () => run(engine));
      this.#counts.golden_path_executions++;
      return result;
    } finally {
      await this.#live.end(engine);
    }
  }

  /**
   * Ends an engine, aborting what it does. A second call, or one while the engine is being ended,
   * waits for the same end.
   *
   * @param engine The engine.
   * @returns Whether it was a live engine of this factory. Never rejects: what fails is counted.
   */
  cleanupEngine(engine: UserExecutionEngine): Promise<boolean> {
    return this.#live.end(engine);
  }

  /**
   * Ends the engine of a run, and then cleans up the context itself.
   *
   * @param context Whose run it is, and which.
   * @returns Whether the run had a live engine in this factory.
   * @throws {TypeError} when the context is none.
   */
  async cleanupUserContext(context: UserExecutionContext): Promise<boolean> {
    validateUserContext(context);
    const engines = this.#live.list().map(({ engine }) => engine)
      .filter((engine) => differenceOf(engine.context, context) === null);
    await Promise.all(engines.map((engine) => this.#live.end(engine)));
    const { failureCount } = await context.cleanup();
    if (failureCount > 0) this.#counts.context_cleanup_errors++;
    return engines.length > 0;
  }

  /**
   * Ends all engines, busy ones too. The factory goes on.
   *
   * @returns How many there were.
   */
  async cleanupAll(): Promise<number> {
    const live = this.#live.list();
    await Promise.all(live.map(({ engine }) => this.#live.end(engine)));
    return live.length;
  }

  /**
   * Shows the live engines.
   *
   * @param options How many to list, the oldest first; 100 when it is not said.
   * @returns Them, with wire keys.
   * @throws {RangeError} when the limit is no whole number from 0.
   */
  getActiveEnginesSummary(options: { readonly limit?: number } = {}): ActiveEnginesSummary {
    return summarizeEngines(
      this.#live.list(),
      this.#clock.monotonic(),
      options.limit ?? LISTED_MAX,
    );
  }

  /**
   * Shows what was counted.
   *
   * @returns It, with wire keys.
   */
  getMetrics(): EngineFactoryMetrics {
    const { userLimits, idleMs, lookEveryMs } = this.#options;
    return {
      ...this.#counts,
      active_engines_count: this.#live.size,
      max_engines_per_user: userLimits.perUserMax,
      engine_timeout_seconds: idleMs / 1000,
      cleanup_interval: lookEveryMs / 1000,
      active_engine_keys: this.#live.list().slice(0, LISTED_MAX)
        .map(({ engine }) => engine.engineId),
      cleanup_task_running: this.#live.isLooking,
      state: this.#state,
      timestamp: new Date(this.#clock.now()).toISOString(),
    };
  }

  /**
   * Makes no more engines, waits up to 10 s for scopes and agents to end, and then ends all engines,
   * aborting what still runs. A second call waits for the same end.
   */
  shutdown(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Shuts down. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #create(context: UserExecutionContext, isHeld: boolean): Promise<UserExecutionEngine> {
    const { userLimits, parts } = this.#options;
    const slot = takeSlot(context, { userLimits, state: this.#state, counts: this.#counts });
    this.#makingCount++;
    try {
      const engine = await makeCheckedEngine(context, this.#making);
      await this.#register(engine, slot, isHeld);
      if (parts.events !== undefined) this.#counts.websocket_integrations++;
      return engine;
    } catch (error) {
      this.#counts.creation_errors++;
      slot.release();
      throw error;
    } finally {
      this.#makingCount--;
    }
  }

  /** Registers an engine, as the last thing that may fail, or ends it. */
  async #register(engine: UserExecutionEngine, slot: EngineSlot, isHeld: boolean): Promise<void> {
    try {
      if (this.#state !== "running") throw factoryClosed(this.#state);
      this.#live.add(engine, slot, isHeld);
    } catch (error) {
      await discardEngine(engine, engine.context, this.#making);
      throw error instanceof ExecutionEngineFactoryError ? error : creationFailed(error);
    }
  }

  get #isBusy(): boolean {
    return this.#makingCount > 0 || this.#live.hasBusy;
  }

  async #close(): Promise<void> {
    this.#state = "draining";
    await drain(() => this.#isBusy, this.#clock, this.#options.drainMs);
    await this.cleanupAll();
    this.#state = "closed";
  }
}
