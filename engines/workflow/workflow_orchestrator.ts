import { type Clock, systemClock } from "../../clock.ts";
import type { JsonValue } from "../../enums/records/json_value.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { validateUserContext } from "../context/validate_user_context.ts";
import type { DurableRun } from "../durable/durable_run.ts";
import type { DurableRuns } from "../durable/durable_runs.ts";
import { RunRefusedError } from "../durable/run_errors.ts";
import { checkDefinition } from "../engine/check_pipeline.ts";
import { plainData } from "../engine/plain_data.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";
import { assertUserExecutionEngine } from "../guard/assert_user_execution_engine.ts";
import { describeEngine, type GenuineEngine } from "../guard/describe_engine.ts";
import { verifyEngineUnchanged } from "../guard/verify_engine_unchanged.ts";
import { type Asked, type Asking, checkAsked } from "./check_asked.ts";
import { checkResumable } from "./check_durable.ts";
import { CoordinationValidator } from "./coordination_validator.ts";
import {
  assessDataCompleteness,
  type DataCompleteness,
  type DataCompletenessInput,
} from "./data_completeness.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import { takeEngineTurn } from "./engine_turn.ts";
import { type MayChange, OrchestratorLineage, readMayChange } from "./orchestrator_lineage.ts";
import {
  checkOrchestratorOptions,
  checkRunOptions,
  type ExecuteWorkflowOptions,
  type ResumeOptions,
  type WorkflowOrchestratorOptions,
} from "./orchestrator_options.ts";
import { OrchestratorRun } from "./orchestrator_run.ts";
import type { WorkflowPolicy } from "./ready_steps.ts";
import { selectWorkflow, type WorkflowSelection } from "./select_workflow.ts";
import type { StepResult } from "./step_result.ts";
import { STANDARD_NAME } from "./triage_plans.ts";
import { getWorkflowDefinition, type WorkflowStepDescription } from "./workflow_description.ts";

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
 * recorded; the agent is then told an `attempt` above 1. How the steps worked together is judged at the
 * end, and stands in what is returned, not in what is recorded. An engine carries out one workflow: its
 * run starts and ends once.
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
 * await using engine = new UserExecutionEngine({ context, agents });
 * const results = await new WorkflowOrchestrator({ engine }).executeStandardWorkflow(context);
 * const names = results.map((result) => result.stepName).join();
 * if (names !== "triage,data_helper,reporting") throw new Error("unexpected");
 * ```
 */
export class WorkflowOrchestrator {
  readonly #engine: UserExecutionEngine;
  readonly #seen: GenuineEngine;
  readonly #validator: CoordinationValidator;
  readonly #runs: DurableRuns | null;
  readonly #events: UserEventSink | null;
  readonly #mayChange: MayChange;
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
   * @throws {InvalidRecordError} when `mayChange` does not hold lists of texts.
   */
  constructor(options: WorkflowOrchestratorOptions) {
    const { engine, clock = systemClock } = checkOrchestratorOptions(options);
    assertUserExecutionEngine(engine);
    this.#engine = engine;
    this.#seen = describeEngine(engine) as GenuineEngine;
    this.#validator = options.validator ?? new CoordinationValidator({ clock });
    this.#runs = options.runs ?? null;
    this.#events = options.events ?? null;
    this.#mayChange = readMayChange(options.mayChange);
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
   * @throws {InactiveEngineError} when the engine was cleaned up.
   * @throws {UnknownAgentError} when a step of the workflow needs an agent that there is not.
   * @throws {TypeError} when the definition, the context or the signal is none.
   * @throws {InvalidContextError} when the context is nested deeper than 8 levels.
   * @throws {InvalidRecordError} when the state is nothing that JSON can carry.
   * @throws {InvalidUserEventError} when an id of the context stands for none in events.
   * @throws {RunRefusedError} when a workflow of the engine runs already or is over, or the run is
   * durable and there is one of its id.
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
  async executeWorkflow(
    definition: WorkflowDefinition,
    context: UserExecutionContext,
    options: ExecuteWorkflowOptions = {},
  ): Promise<readonly StepResult[]> {
    return await this.#execute(checkDefinition(definition), context, options);
  }

  /**
   * Takes over a durable run, and goes on with the steps that have no result. Whoever worked on it can
   * record nothing any more; whether that one is dead is for the caller to know. The user is told one
   * start more, and the end from whoever came to it.
   *
   * @param runId The run: the one of the engine's context.
   * @param options Its workflow, and what entitles this process to it.
   * @returns How all its steps ended, those from before included.
   * @throws {RunRefusedError} when there is no such run, it has ended, it is of another user, thread or
   * workflow, its workflow was defined otherwise when it was started, a workflow of the engine runs, or
   * the fence does not hold.
   * @throws What {@link WorkflowOrchestrator.executeStandardWorkflow} throws.
   */
  async resume(runId: string, options: ResumeOptions = {}): Promise<readonly StepResult[]> {
    const { fence, signal } = checkRunOptions("resume", options);
    const definition = options.definition === undefined
      ? null
      : checkDefinition(options.definition);
    const asked = this.#check({ kind: "resume", definition, context: this.#seen.context, signal });
    return await this.#carryOut(asked, async () => {
      const found = await this.#runs?.read(runId) ?? null;
      if (this.#runs === null || found === null) {
        throw new RunRefusedError(runId, "not_found", "there is no such run here");
      }
      checkResumable(found, asked.context, definition);
      const durable = await this.#runs.takeOver(runId, fence);
      return { state: durable.state, durable };
    });
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
    options: ExecuteWorkflowOptions,
  ): Promise<readonly StepResult[]> {
    const { state: given, signal, fence } = checkRunOptions("executeWorkflow", options);
    const asked = this.#check({ kind: "start", definition, context, signal });
    const state = plainData("state", given);
    const workflow = definition?.name ?? STANDARD_NAME;
    const fingerprint = definition === null ? {} : { fingerprint: definition.fingerprint };
    const run = { context, workflow, ...fingerprint, state, ...(fence && { fence }) };
    return await this.#carryOut(asked, async () => ({
      state,
      durable: await this.#runs?.startRun(run) ?? null,
    }));
  }

  /** Judges what is asked for, and has no effect. */
  #check(asking: Asking): Asked {
    this.#verify(asking.context);
    const terms = { engine: this.#engine, isDurable: this.#runs !== null };
    return checkAsked(asking, { ...terms, sink: this.#events, clock: this.#clock });
  }

  async #carryOut(
    { kind, context, definition, signal, events }: Asked,
    begin: () => Promise<{ readonly state: JsonValue; readonly durable: DurableRun | null }>,
  ): Promise<readonly StepResult[]> {
    const turn = takeEngineTurn(this.#engine, kind);
    const own = { validator: this.#validator, policy: this.#policy, clock: this.#clock };
    const verify = () => this.#verify(context);
    try {
      return await this.#engine.keepBusy(async (stopped) => {
        const { state, durable } = await begin();
        const lineage = new OrchestratorLineage(own.validator, state, this.#mayChange);
        const parts = { ...own, verify, context, state, durable, events, lineage, signal, stopped };
        this.#counts.runs++;
        return await new OrchestratorRun(parts).carryOut(definition);
      });
    } finally {
      turn.end(events.isOver);
      this.#counts.eventFaults += events.faults;
    }
  }

  #verify(context: UserExecutionContext): UserExecutionEngine {
    verifyEngineUnchanged(this.#engine, this.#seen, validateUserContext(context));
    return this.#engine;
  }
}
