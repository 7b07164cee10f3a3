import type { Clock } from "../../clock.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import { SkipReason } from "../../enums/skip_reason.ts";
import { StepStatus } from "../../enums/step_status.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { DurableRun } from "../durable/durable_run.ts";
import { recordableResult } from "../durable/recordable_result.ts";
import { RunInterruptedError } from "../durable/run_errors.ts";
import type { RunStatus } from "../durable/stored_run.ts";
import type { AgentRequest, ExecuteAgentOptions } from "../engine/agent_request.ts";
import { InactiveEngineError } from "../engine/engine_errors.ts";
import { Pipeline, type StepInput } from "../engine/pipeline.ts";
import { JudgedData } from "../engine/plain_data.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import type { CoordinationValidator } from "./coordination_validator.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import type { OrchestratorEvents } from "./orchestrator_events.ts";
import type { OrchestratorLineage } from "./orchestrator_lineage.ts";
import type { WorkflowPolicy } from "./ready_steps.ts";
import type { StepResult } from "./step_result.ts";
import { planAfter, STANDARD_NAME, TRIAGE_PLAN, TRIAGE_STEP } from "./triage_plans.ts";
import type { StepResults, WorkflowStep } from "./workflow_step.ts";

/** What a run of a workflow is made of. */
export interface OrchestratorRunParts {
  /** Makes sure that the engine and the context are still what they were, and returns the engine. */
  readonly verify: () => UserExecutionEngine;
  /** Whose run it is. */
  readonly context: UserExecutionContext;
  /** What its agents work on. */
  readonly state: JsonValue;
  /** Where its results are recorded; null for nowhere. */
  readonly durable: DurableRun | null;
  /** Told how it goes. */
  readonly events: OrchestratorEvents;
  /** Follows what the steps hand on. */
  readonly lineage: OrchestratorLineage;
  /** Judges it at the end. */
  readonly validator: CoordinationValidator;
  /** What holds for the run as a whole. */
  readonly policy: WorkflowPolicy;
  /** Calls it off; null for nobody. */
  readonly signal: AbortSignal | null;
  /** Aborts when the engine is cleaned up. */
  readonly stopped: AbortSignal;
  /** Says when things happened. */
  readonly clock: Clock;
}

/** One run of a workflow, in one plan or in two, one behind the other. */
export class OrchestratorRun {
  readonly #parts: OrchestratorRunParts;
  /** In the order in which they ended. */
  readonly #results = new Map<string, StepResult>();
  /** What the run cannot go on with, whatever the engine makes of it. */
  #fatal: { readonly error: unknown } | null = null;

  /**
   * Makes a run; nothing begins yet.
   *
   * @param parts What it is made of.
   */
  constructor(parts: OrchestratorRunParts) {
    this.#parts = parts;
  }

  /** How the steps ended, in that order. */
  get results(): readonly StepResult[] {
    return [...this.#results.values()];
  }

  /** How the run as a whole stands, by its steps. */
  get status(): Exclude<RunStatus, "running"> {
    const statuses = new Set(this.results.map(({ status }) => status));
    const isCalledOff = this.results.some(({ status, metadata }) =>
      status === StepStatus.SKIPPED && metadata["skip_reason"] === SkipReason.CANCELLED
    );
    if (isCalledOff || statuses.has(StepStatus.CANCELLED)) return "cancelled";
    const isFailed = statuses.has(StepStatus.FAILED) || statuses.has(StepStatus.TIMED_OUT);
    return isFailed ? "failed" : "completed";
  }

  /**
   * Carries out a workflow: tells that the run began, runs the steps, judges how they worked together,
   * records the end and tells it. A durable run that this process cannot go on with is not over, and
   * its end is not told.
   *
   * @param own The workflow; null for triage and the plan that fits what triage found.
   * @returns How the steps ended, marked when their coordination was not as it should be.
   * @throws What {@link OrchestratorRun.drive} throws.
   */
  async carryOut(own: WorkflowDefinition | null): Promise<readonly StepResult[]> {
    const { durable, events, validator, lineage, context } = this.#parts;
    const triage = durable?.results.get(TRIAGE_STEP);
    const known = own ?? (triage === undefined ? null : planAfter(triage));
    const isResumed = durable !== null && durable.term > 1;
    events.started(own?.name ?? STANDARD_NAME, known?.steps.length ?? null, isResumed);
    try {
      if (own === null) await this.drive(TRIAGE_PLAN);
      const definition = own ?? planAfter(this.#results.get(TRIAGE_STEP) ?? null);
      events.planned(definition.steps.length);
      await this.drive(definition);
      const { runId: workflowId, fingerprint: contextFingerprint } = context;
      const { steps } = lineage;
      const judged = validator.validate({ workflowId, definition, contextFingerprint, steps });
      await durable?.end(this.status);
      const results = judged.mark(this.results);
      events.ended(this.status, results);
      return results;
    } finally {
      if (durable === null) events.lost();
    }
  }

  /**
   * Runs the steps of a workflow that have no result yet.
   *
   * @param definition The workflow.
   * @throws {EngineGuardError} when the engine is not what it was.
   * @throws {RunSupersededError} when another worker has the run now.
   * @throws {RunInterruptedError} when the run is durable, and this process gives it up.
   */
  async drive(definition: WorkflowDefinition): Promise<void> {
    const { context, state, clock, signal, stopped, policy, verify } = this.#parts;
    this.#restore(definition);
    const completed = new Map(this.#results);
    const ended = (result: StepResult) => this.#end(definition.step(result.stepName)!, result);
    const options = { signal, strictStop: policy.strictStop === true, completed, ended };
    const engine = {
      maxConcurrent: verify().maxConcurrent,
      executeAgent: (
        request: AgentRequest,
        input: JudgedData<StepInput>,
        options: ExecuteAgentOptions,
      ) => this.#execute(definition, request, input.value, options),
    };
    const parts = { definition, context, state, options, engine, stopped, clock };
    try {
      await new Pipeline(parts).run();
    } catch (error) {
      throw this.#isGivenUp(error) ? new RunInterruptedError(context.runId) : error;
    }
  }

  /** A durable run that did not heed its stop goes on in another process, as far as anybody knows. */
  #isGivenUp(error: unknown): boolean {
    const { durable, signal } = this.#parts;
    if (durable === null || this.#fatal !== null) return false;
    return error instanceof InactiveEngineError ||
      signal?.aborted === true && error === signal.reason;
  }

  /** What another process recorded counts as if it had happened here, in an order that can be. */
  #restore(definition: WorkflowDefinition): void {
    const { durable, lineage, events, context } = this.#parts;
    const recorded: StepResults = durable?.results ?? new Map();
    for (const step of definition.steps) {
      const result = recorded.get(step.name);
      if (result === undefined || this.#results.has(step.name)) continue;
      this.#results.set(step.name, result);
      lineage.begin(step);
      lineage.end(step, result, context.fingerprint);
      events.stepRestored();
    }
  }

  async #execute(
    definition: WorkflowDefinition,
    request: AgentRequest,
    input: StepInput,
    options: ExecuteAgentOptions,
  ): Promise<StepResult> {
    const { verify, durable, lineage, context } = this.#parts;
    const step = definition.step(request.stepName!)!;
    const { attempt, engine } = await this.#orStop(async () => {
      verify(); // before anything has an effect, and again once the store has answered
      const attempt = durable === null ? 1 : await durable.begin(step.name);
      return { attempt, engine: verify() };
    });
    options.signal?.throwIfAborted(); // nobody is told of an agent that will not begin
    lineage.begin(step);
    const metadata = { ...request.metadata, step_name: step.name, attempt };
    const part = context.createChild("workflow_step", { agentContext: metadata });
    const failures = step.always ? this.#failures() : {};
    const own = { ...request, context: part, metadata };
    const whole = new JudgedData(Object.freeze({ ...input, failures: Object.freeze(failures) }));
    const result = await engine.executeAgent(own, whole, options);
    return durable === null ? result : recordableResult(result);
  }

  /** What fails here is no failure of the step: the run as a whole must stop. */
  async #orStop<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      this.#fatal ??= { error };
      throw error;
    }
  }

  async #end(step: WorkflowStep, result: StepResult): Promise<void> {
    const { durable, lineage, events, context } = this.#parts;
    if (this.#fatal !== null) throw this.#fatal.error;
    if (durable !== null) {
      if (this.#isInterrupted(result)) throw new RunInterruptedError(durable.runId);
      await durable.record(result);
    }
    this.#results.set(step.name, result);
    lineage.end(step, result, context.fingerprint);
    events.stepEnded(step, result);
  }

  /**
   * A step that ended because this process gives up is to be done again by the next one: only who
   * called the run off ends its steps.
   */
  #isInterrupted({ success, status }: StepResult): boolean {
    const { signal, verify } = this.#parts;
    if (success) return false;
    if (signal?.aborted) return signal.reason instanceof RunInterruptedError;
    return status === StepStatus.CANCELLED || !verify().isActive;
  }

  #failures(): Record<string, string> {
    return Object.fromEntries(
      this.results.flatMap(({ stepName, error }) => error === null ? [] : [[stepName, error]]),
    );
  }
}
