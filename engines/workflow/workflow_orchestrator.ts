import { type Clock, systemClock } from "../../clock.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import type { DurableRun } from "../durable/durable_run.ts";
import type { DurableRuns } from "../durable/durable_runs.ts";
import { RunRefusedError } from "../durable/run_errors.ts";
import { plainData } from "../engine/plain_data.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";
import { assertUserExecutionEngine } from "../guard/assert_user_execution_engine.ts";
import { describeEngine, type GenuineEngine } from "../guard/describe_engine.ts";
import { verifyEngineUnchanged } from "../guard/verify_engine_unchanged.ts";
import type { CoordinationResult } from "./coordination_result.ts";
import { CoordinationValidator } from "./coordination_validator.ts";
import {
  assessDataCompleteness,
  type DataCompleteness,
  type DataCompletenessInput,
} from "./data_completeness.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import { OrchestratorEvents } from "./orchestrator_events.ts";
import { OrchestratorLineage } from "./orchestrator_lineage.ts";
import type {
  ExecuteWorkflowOptions,
  ResumeOptions,
  WorkflowOrchestratorOptions,
} from "./orchestrator_options.ts";
import { planAfter, STANDARD_NAME, TRIAGE_PLAN } from "./orchestrator_plan.ts";
import { OrchestratorRun } from "./orchestrator_run.ts";
import type { WorkflowPolicy } from "./ready_steps.ts";
import { selectWorkflow, type WorkflowSelection } from "./select_workflow.ts";
import type { StepResult } from "./step_result.ts";
import { TRIAGE_STEP } from "./triage_plans.ts";
import { getWorkflowDefinition, type WorkflowStepDescription } from "./workflow_description.ts";

/** A run that is about to begin, or to be gone on with. */
interface Begun {
  readonly context: UserExecutionContext;
  readonly state: JsonValue;
  readonly durable: DurableRun | null;
  readonly definition: WorkflowDefinition | null;
  readonly signal: AbortSignal | undefined;
}

/**
 * Carries out workflows for one run of one user, by one genuine engine, which it verifies again before
 * every step: nobody can swap it, patch it, or hand in the context of another user, thread or run.
 *
 * A step begins when what it depends on has completed; what can run at the same time does. A failure
 * is a result like any other: what depends on it is skipped, and the report still runs, unless the
 * policy is the strict stop. An agent is given `{ state, results, step, failures }`, see
 * {@link WorkflowStepInput}; its context's data gains the step's metadata, `step_name` and `attempt`.
 *
 * With `runs` each result is recorded once before anything builds on it, and {@link
 * WorkflowOrchestrator.resume} goes on in another process with the steps that have none.
 *
 * Not guaranteed: that the effects of a step happen once. Its process may die before the result is
 * recorded; the agent is then told an `attempt` above 1.
 *
 * @example Triage decides how it goes on
 * ```ts
 * import {
 *   type Agent,
 *   UserExecutionContext,
 *   UserExecutionEngine,
 *   WorkflowOrchestrator,
 * } from "@baton/orchestration/engines";
 *
 * const agents = new Map<string, Agent>([
 *   ["triage", () => ({ data_sufficiency: "insufficient" })],
 *   ["data_helper", () => ({ ask_for: ["bills"] })],
 *   ["reporting", ({ input }) => input as Record<string, unknown>],
 * ]);
 * const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
 * const engine = new UserExecutionEngine({ context, agents });
 * const results = await new WorkflowOrchestrator({ engine }).executeStandardWorkflow(context);
 * await engine.cleanup();
 * const names = results.map((result) => result.stepName).join();
 * if (names !== "triage,data_helper,reporting") throw new Error("unexpected");
 * ```
 */
export class WorkflowOrchestrator {
  readonly #engine: UserExecutionEngine;
  readonly #seen: GenuineEngine;
  readonly #validator: CoordinationValidator;
  readonly #runs: DurableRuns | null;
  readonly #events: UserEventSink | undefined;
  readonly #policy: WorkflowPolicy;
  readonly #clock: Clock;
  readonly #counts = { runs: 0, eventFaults: 0 };

  static {
    // Genuine parts would be of no use behind methods that somebody replaced.
    Object.freeze(WorkflowOrchestrator.prototype);
  }

  /**
   * Makes an orchestrator; nothing runs before it is asked to.
   *
   * @param options The engine, and what else there is.
   * @throws {EngineGuardError} when the engine is not a genuine one.
   */
  constructor(options: WorkflowOrchestratorOptions) {
    const { engine, clock = systemClock } = options;
    assertUserExecutionEngine(engine);
    this.#engine = engine;
    this.#seen = describeEngine(engine) as GenuineEngine;
    this.#validator = options.validator ?? new CoordinationValidator({ clock });
    this.#runs = options.runs ?? null;
    this.#events = options.events;
    this.#policy = { ...options.policy };
    this.#clock = clock;
    Object.freeze(this);
  }

  /** The engine. It cannot be replaced: setting another one throws. */
  get executionEngine(): UserExecutionEngine {
    return this.#engine;
  }

  /** @throws {EngineGuardError} when it is another one, or none. */
  set executionEngine(engine: UserExecutionEngine) {
    verifyEngineUnchanged(engine, this.#seen);
  }

  /** Judges the runs, and keeps what it found out. */
  get validator(): CoordinationValidator {
    return this.#validator;
  }

  /** What was not told as it should have been, since this was made. */
  get stats(): { readonly runs: number; readonly eventFaults: number } {
    return { ...this.#counts };
  }

  /**
   * Runs triage, and then the plan that fits what triage found: see `planForTriage`.
   *
   * @param context Whose run it is: the engine's.
   * @param options What its agents work on, and how.
   * @returns How the steps ended, in that order; when their coordination was not as it should be, their
   * metadata say so under `coordination_validation`.
   * @throws {EngineGuardError} when the engine was tampered with, or the context is not of its run.
   * @throws {RunRefusedError} when the run is durable, and there is one of its id.
   * @throws {RunSupersededError} when another worker has taken the run over.
   * @throws {RunInterruptedError} when the run is durable, and this process gave it up.
   */
  executeStandardWorkflow(
    context: UserExecutionContext,
    options: ExecuteWorkflowOptions = {},
  ): Promise<readonly StepResult[]> {
    return this.#execute(null, context, options);
  }

  /**
   * Runs a workflow of the application's own.
   *
   * @param definition The workflow, as `defineWorkflow` made it.
   * @param context Whose run it is: the engine's.
   * @param options What its agents work on, and how.
   * @returns As {@link WorkflowOrchestrator.executeStandardWorkflow} does.
   * @throws What {@link WorkflowOrchestrator.executeStandardWorkflow} throws.
   */
  executeWorkflow(
    definition: WorkflowDefinition,
    context: UserExecutionContext,
    options: ExecuteWorkflowOptions = {},
  ): Promise<readonly StepResult[]> {
    return this.#execute(definition, context, options);
  }

  /**
   * Takes over a durable run, and goes on with the steps that have no result. Whoever worked on it can
   * record nothing any more; whether that one is dead is for the caller to know.
   *
   * @param runId The run: the one of the engine's context.
   * @param options Its workflow, and what entitles this process to it.
   * @returns How all its steps ended, those from before included.
   * @throws {RunRefusedError} when there is no such run, it has ended, it is of another user, thread or
   * workflow, or the fence does not hold.
   * @throws What {@link WorkflowOrchestrator.executeStandardWorkflow} throws.
   */
  async resume(runId: string, options: ResumeOptions = {}): Promise<readonly StepResult[]> {
    const { definition = null, fence, signal } = options;
    const context = this.#seen.context;
    this.#verify(context);
    const found = await this.#runs?.read(runId) ?? null;
    if (this.#runs === null || found === null) {
      throw new RunRefusedError(runId, "not_found", "there is no such run here");
    }
    const isSame = runId === context.runId && found.userId === context.userId &&
      found.threadId === context.threadId && found.workflow === (definition?.name ?? STANDARD_NAME);
    if (!isSame) {
      const message = "it is of another user, thread, run or workflow than is here";
      throw new RunRefusedError(runId, "mismatch", message);
    }
    const durable = await this.#runs.takeOver(runId, fence);
    return await this.#carryOut({ context, state: durable.state, durable, definition, signal });
  }

  /**
   * Describes the steps of a workflow.
   *
   * @param definition The workflow. @default the standard one
   * @returns Its steps in their order.
   */
  getWorkflowDefinition(definition?: WorkflowDefinition): readonly WorkflowStepDescription[] {
    return getWorkflowDefinition(definition);
  }

  /**
   * Says how complete the data of a request are: see `assessDataCompleteness`.
   *
   * @param input What is known of them.
   * @returns How complete they are.
   * @throws {InvalidRecordError} when the completeness is no number of 0 to 1, or a list is none.
   */
  assessDataCompleteness(input: DataCompletenessInput): DataCompleteness {
    return assessDataCompleteness(input);
  }

  /**
   * Says what a workflow can do for a request: see `selectWorkflow`.
   *
   * @param input What is known of its data.
   * @returns The kind of workflow.
   * @throws {InvalidRecordError} when the completeness is no number of 0 to 1, or a list is none.
   */
  selectWorkflow(input: DataCompletenessInput): WorkflowSelection {
    return selectWorkflow(input);
  }

  async #execute(
    definition: WorkflowDefinition | null,
    context: UserExecutionContext,
    { state: given, signal, fence }: ExecuteWorkflowOptions,
  ): Promise<readonly StepResult[]> {
    this.#verify(context);
    const state = plainData("state", given);
    const workflow = definition?.name ?? STANDARD_NAME;
    const run = { context, workflow, state, ...(fence && { fence }) };
    const durable = await this.#runs?.startRun(run) ?? null;
    return await this.#carryOut({ context, state, durable, definition, signal });
  }

  async #carryOut(begun: Begun): Promise<readonly StepResult[]> {
    const { context, state, durable, definition } = begun;
    const signal = begun.signal ?? new AbortController().signal;
    const clock = this.#clock;
    const events = new OrchestratorEvents({ context, sink: this.#events, clock });
    const lineage = new OrchestratorLineage(this.#validator, state);
    const verify = () => this.#verify(context);
    const parts = { verify, context, state, durable, events, lineage, signal, clock };
    const run = new OrchestratorRun({ ...parts, policy: this.#policy });
    this.#counts.runs++;
    try {
      const triage = durable?.results.get(TRIAGE_STEP);
      const known = definition ?? (triage === undefined ? null : planAfter(triage));
      const isResumed = durable !== null && durable.term > 1;
      events.started(definition?.name ?? STANDARD_NAME, known?.steps.length ?? null, isResumed);
      const driven = await this.#drive(run, definition, events);
      const judged = this.#judge(driven, context, lineage);
      await durable?.end(run.status);
      const results = judged.mark(run.results);
      events.ended(run.status, results);
      return results;
    } finally {
      events.lost();
      this.#counts.eventFaults += events.faults;
    }
  }

  async #drive(
    run: OrchestratorRun,
    definition: WorkflowDefinition | null,
    events: OrchestratorEvents,
  ): Promise<WorkflowDefinition> {
    if (definition === null) await run.drive(TRIAGE_PLAN);
    const plan = definition ?? planAfter(run.results[0] ?? null);
    events.planned(plan.steps.length);
    await run.drive(plan);
    return plan;
  }

  #judge(
    definition: WorkflowDefinition,
    context: UserExecutionContext,
    { steps }: OrchestratorLineage,
  ): CoordinationResult {
    const { runId: workflowId, fingerprint: contextFingerprint } = context;
    return this.#validator.validate({ workflowId, definition, contextFingerprint, steps });
  }

  #verify(context: UserExecutionContext): UserExecutionEngine {
    verifyEngineUnchanged(this.#engine, this.#seen, validateUserContext(context));
    return this.#engine;
  }
}
