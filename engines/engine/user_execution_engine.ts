import { type Clock, systemClock } from "../../clock.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import { showValue } from "../../enums/show_value.ts";
import { assertCurrentContext } from "../context/current_context.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import { checkOptionNames } from "../option_names.ts";
import type { WorkflowDefinition } from "../workflow/define_workflow.ts";
import type { StepResult } from "../workflow/step_result.ts";
import type { AgentRequest, ExecuteAgentOptions } from "./agent_request.ts";
import { BusyWork } from "./busy_work.ts";
import { checkPipeline, checkSignal } from "./check_pipeline.ts";
import { checkPorts, PART_NAMES } from "./check_ports.ts";
import { checkRequest, type EngineTerms } from "./check_request.ts";
import { InactiveEngineError } from "./engine_errors.ts";
import { checkedLimits } from "./engine_limits.ts";
import { EngineRecord } from "./engine_record.ts";
import { EngineRuns } from "./engine_runs.ts";
import type { EngineSnapshot, EngineStats, EngineSummary } from "./engine_stats.ts";
import { type ExecutePipelineOptions, Pipeline } from "./pipeline.ts";
import { plainData } from "./plain_data.ts";
import { readAgents, readTools } from "./read_parts.ts";
import type { UserExecutionEngineOptions } from "./user_execution_engine_options.ts";
import { sharedUserPermits } from "./user_permits.ts";

const OPTION_NAMES: Readonly<Record<keyof UserExecutionEngineOptions, true>> = {
  context: true,
  ...PART_NAMES,
};

/**
 * Runs agents for one user in one run. Whatever an agent does, a call ends exactly once, as data: what
 * it throws is a failed result, what takes too long is a timed out one.
 *
 * Not guaranteed: that an inline agent which heeds no signal stops. Its result is ignored, its late
 * answer counted, and its permit given to the next. An agent in a worker cannot hold up others, but
 * Deno 2.9.6 does not end its thread while it loops. One that may loop belongs into a process.
 *
 * @example One agent, one call
 * ```ts
 * import {
 *   type Agent,
 *   UserExecutionContext,
 *   UserExecutionEngine,
 * } from "@baton/orchestration/engines";
 *
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
 * const agents = new Map<string, Agent>([
 *   ["double", ({ input }) => Number(input) * 2],
 * ]);
 * const engine = new UserExecutionEngine({ context, agents });
 * const result = await engine.executeAgent({ agentName: "double", context }, 21);
 * if (result.result !== 42 || !result.success) throw new Error("unexpected");
 * await engine.cleanup();
 * ```
 */
export class UserExecutionEngine implements AsyncDisposable {
  /** The engine's own id. */
  readonly engineId: string = `user_engine_${crypto.randomUUID()}`;
  /** Whose engine it is, and for which run. */
  readonly context: UserExecutionContext;
  /** How many agents of the user may run at a time, in all engines that share its permits. */
  readonly maxConcurrent: number;
  readonly #clock: Clock;
  readonly #terms: EngineTerms;
  readonly #record: EngineRecord;
  readonly #runs: EngineRuns;
  readonly #busy = new BusyWork();
  readonly #ended = Promise.withResolvers<EngineSnapshot>();
  #isActive = true;

  static {
    // A genuine engine whose methods somebody replaced would be none.
    Object.freeze(UserExecutionEngine);
    Object.freeze(UserExecutionEngine.prototype);
  }

  /**
   * Makes an engine; nothing runs yet.
   *
   * @param options What it is made of.
   * @throws {TypeError} when something is missing, unknown or none, or the class is extended.
   * @throws {RangeError} when a limit is out of range.
   * @throws {AgentIsolationError} when an agent would run in a worker and workers are not allowed.
   */
  constructor(options: UserExecutionEngineOptions) {
    if (new.target !== UserExecutionEngine) {
      throw new TypeError("UserExecutionEngine cannot be extended");
    }
    checkOptionNames("UserExecutionEngine", options, OPTION_NAMES);
    checkPorts(options);
    const { permits = sharedUserPermits, clock = systemClock, events = null } = options;
    this.context = validateUserContext(options.context);
    this.maxConcurrent = permits.perUserMax;
    this.#terms = {
      context: this.context,
      agents: readAgents(options.agents, options.allowWorkers === true),
      limits: checkedLimits(options.limits),
    };
    this.#clock = clock;
    this.#record = new EngineRecord({
      engineId: this.engineId,
      context: this.context,
      createdAt: new Date(clock.now()).toISOString(),
      maxConcurrent: this.maxConcurrent,
    }, this.#terms.limits.historyMaxEntries);
    this.#runs = new EngineRuns({
      engineId: this.engineId,
      tools: readTools(options.tools),
      sink: events,
      permits,
      clock,
      record: this.#record,
      cleanupWaitMs: this.#terms.limits.cleanupWaitMs,
    });
    Object.freeze(this);
  }

  /**
   * Recognises a genuine engine by what cannot be imitated.
   *
   * @param value Anything.
   * @returns Whether this class made it. Never throws, and asks the value nothing.
   */
  static is(value: unknown): value is UserExecutionEngine {
    return typeof value === "object" && value !== null && #runs in value;
  }

  /** Whether it takes requests: until its cleanup. */
  get isActive(): boolean {
    return this.#isActive;
  }

  /** Settles when its cleanup is over, as {@link UserExecutionEngine.cleanup} does; never before one. */
  get ended(): Promise<EngineSnapshot> {
    return this.#ended.promise;
  }

  /** How many calls of agents are accepted and have not ended, those included that wait. */
  get activeRuns(): number {
    return this.#runs.activeCount;
  }

  /** What its agents are called. */
  get agentNames(): readonly string[] {
    return [...this.#terms.agents.keys()];
  }

  /** Whether calls of agents have not ended, or a workflow, which may be between two of its steps. */
  get isBusy(): boolean {
    return this.activeRuns > 0 || this.#busy.size > 0 || this.#runs.hasLeftovers;
  }

  /**
   * Does work that belongs to the engine, which is busy until that has ended.
   *
   * @param work The work. Its signal aborts when the engine is cleaned up, or has been.
   * @returns What it returns.
   */
  keepBusy<T>(work: (stopped: AbortSignal) => T | Promise<T>): Promise<T> {
    return this.#busy.run(work);
  }

  /**
   * Runs an agent. The request is judged first; only one that is accepted has any effect, and it ends
   * exactly once.
   *
   * @param request Which agent, and for whom.
   * @param state What it works on: plain data, which is copied.
   * @param options The signal that calls it off.
   * @returns How it ended. What the agent throws is in the result.
   * @throws {InactiveEngineError} when the engine was cleaned up.
   * @throws {TypeError} when the context is none, or something in the request or the options is wrong.
   * @throws {ContextIsolationError} when the context is of another user, run or thread.
   * @throws {UnknownAgentError} when there is no such agent.
   * @throws {AgentIsolationError} when the agent cannot be run where the request wants it.
   * @throws {InvalidRecordError} when state or metadata are no plain data.
   * @throws {InvalidContextError} when the context is nested too deep.
   * @throws {RangeError} when the time is out of range.
   * @throws {PermitQueueFullError} when too many of the user's agents wait already.
   * @throws {AbandonedAgentsError} when too many go on although their run has ended.
   * @throws {PermitTimeoutError} when it waited too long for its turn; the user is told that it failed.
   */
  // deno-lint-ignore require-await -- what is wrong with a request rejects, as all else does
  async executeAgent(
    request: AgentRequest,
    state: unknown,
    options: ExecuteAgentOptions = {},
  ): Promise<StepResult> {
    this.#checkActive();
    checkOptionNames("executeAgent", options, { signal: true });
    const checked = checkRequest(request, this.#terms);
    const signal = checkSignal(options.signal);
    const input: JsonValue = plainData("state", state);
    assertCurrentContext(this.context);
    return this.#runs.execute(checked, input, signal);
  }

  /**
   * Runs the steps of a workflow: each as soon as all that it depends on has completed and its strategy
   * allows, no more at a time than the user has permits. An agent is given `{ state, results, step }`:
   * the results of the steps that its step depends on by name, or all that completed for a step that
   * runs at the end.
   *
   * @param definition The workflow.
   * @param context For whom: a context of the engine's own user, thread and run.
   * @param state What the steps work on: plain data, which is copied.
   * @param options What already happened, who is told, and how it may be called off.
   * @returns The results in the order in which the steps ended, those given as `completed` first.
   * @throws {InactiveEngineError} when the engine was cleaned up.
   * @throws {TypeError} when the definition or the context is none, or something in the options is
   * wrong, such as a result under `completed` that is no genuine one of its step.
   * @throws {ContextIsolationError} when the context is of another user, run or thread.
   * @throws {UnknownAgentError} when a step that is still open needs an agent that there is not.
   * @throws {InvalidRecordError} when the state is no plain data.
   * @throws {InvalidContextError} when the context is nested too deep for the calls of agents.
   * @throws What `options.ended` throws, when everything that ran has ended.
   * @throws The reason of the stop, when `options.ended` does not answer for 5 s after it.
   */
  // deno-lint-ignore require-await -- what is wrong with a request rejects, as all else does
  async executePipeline(
    definition: WorkflowDefinition,
    context: UserExecutionContext,
    state: unknown,
    options: ExecutePipelineOptions = {},
  ): Promise<readonly StepResult[]> {
    this.#checkActive();
    const checked = checkPipeline(definition, context, options, this.#terms);
    assertCurrentContext(this.context);
    const parts = { definition, context, state: plainData("state", state), clock: this.#clock };
    const run = (stopped: AbortSignal) =>
      new Pipeline({ ...parts, options: checked, stopped, engine: this }).run();
    return this.#busy.run(run);
  }

  /** Shows the figures, with wire keys; they stay after the cleanup. */
  getStats(): EngineStats {
    return this.#record.stats({ isActive: this.isActive, ...this.#runs.moment() });
  }

  /**
   * Shows the last results.
   *
   * @param options How many, at most; by default all that are kept.
   * @returns The results, the latest last.
   * @throws {RangeError} when the limit is no whole number of at least 0.
   */
  getHistory(options: { readonly limit?: number } = {}): readonly StepResult[] {
    const { limit = this.#terms.limits.historyMaxEntries } = options;
    if (Number.isSafeInteger(limit) && limit >= 0) return this.#record.history(limit);
    throw new RangeError(`limit must be a whole number of at least 0, got ${showValue(limit)}`);
  }

  /** Sums up what the engine did, with wire keys. */
  getSummary(): EngineSummary {
    return this.#record.summary({ isActive: this.isActive, ...this.#runs.moment() });
  }

  /**
   * Ends the engine: it takes no more requests, what runs or waits is called off, and agents have a
   * while to come to rest. A second call does nothing more.
   *
   * @returns What is left, always the same. It never rejects.
   */
  cleanup(): Promise<EngineSnapshot> {
    if (this.#isActive) {
      this.#isActive = false;
      this.#ended.resolve(Promise.resolve().then(() => this.#end()));
      this.#busy.callOff(new InactiveEngineError(this.engineId));
    }
    return this.#ended.promise;
  }

  /** Ends the engine, as {@link UserExecutionEngine.cleanup} does. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.cleanup();
  }

  async #end(): Promise<EngineSnapshot> {
    await this.#runs.end(new InactiveEngineError(this.engineId), this.#busy.works());
    return Object.freeze({ stats: this.getStats(), history: Object.freeze(this.getHistory()) });
  }

  #checkActive(): void {
    if (!this.isActive) throw new InactiveEngineError(this.engineId);
  }
}
