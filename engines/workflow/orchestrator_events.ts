import type { Clock } from "../../clock.ts";
import type { RunStatus } from "../durable/stored_run.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import { RunEvents } from "../events/run_events.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";
import { StepStatus } from "../../enums/step_status.ts";
import type { StepResult } from "./step_result.ts";
import type { WorkflowStep } from "./workflow_step.ts";

/** Whose run it is, in what the user sees. */
const NAME = "WorkflowOrchestrator";

/** What {@link OrchestratorEvents} are made of. */
export interface OrchestratorEventsParts {
  /** Whose run it is. */
  readonly context: UserExecutionContext;
  /** Who takes the events; null for nobody. */
  readonly sink: UserEventSink | null;
  /** Says when they happened, and how long the run took. */
  readonly clock: Clock;
}

/** Tells the user how a run as a whole goes: that it began, each step's end, and its own, once each. */
export class OrchestratorEvents {
  readonly #events: RunEvents;
  readonly #clock: Clock;
  readonly #startedMs: number;
  #ended = 0;
  #total: number | null = null;

  /**
   * Makes the events of a run; nothing is sent yet.
   *
   * @param parts Whose run, and who takes its events.
   */
  constructor({ context, sink, clock }: OrchestratorEventsParts) {
    const { userId, threadId, runId } = context;
    this.#events = new RunEvents({ userId, threadId, runId, sink, clock });
    this.#clock = clock;
    this.#startedMs = clock.monotonic();
  }

  /** Whether the user was told that the run is over. */
  get isOver(): boolean {
    return this.#events.stage === "ended";
  }

  /** Events that were not handed over, or not in order. */
  get faults(): number {
    return this.#events.faults + this.#events.violations;
  }

  /**
   * Says that the run began.
   *
   * @param workflow Its workflow.
   * @param totalSteps How many steps it has; null while triage has not said it.
   * @param isResumed Whether it goes on with what another process began.
   */
  started(workflow: string, totalSteps: number | null, isResumed: boolean): void {
    this.#total = totalSteps;
    const context = {
      workflow_started: true,
      agent_name: NAME,
      workflow,
      total_steps: totalSteps,
      resumed: isResumed,
    };
    this.#events.started({ context });
  }

  /**
   * Says how many steps the run has, now that it is known.
   *
   * @param totalSteps How many.
   */
  planned(totalSteps: number): void {
    if (this.#total === totalSteps) return;
    this.#total = totalSteps;
    this.#progress("planned");
  }

  /** Counts a step that ended in another process, which has told it. */
  stepRestored(): void {
    this.#ended++;
  }

  /**
   * Says that a step ended, and that it failed where the engine has not said so.
   *
   * @param step The step.
   * @param result How it ended.
   */
  stepEnded({ stepType }: WorkflowStep, result: StepResult): void {
    this.#ended++;
    const { status, stepName, agentName, metadata } = result;
    if (isFailure(result) && !isToldByEngine(result)) {
      this.#events.tell(agentName, "agent_error", {
        errorMessage: String(metadata["user_message"] ?? "Step execution failed"),
        errorType: String(metadata["error_type"] ?? "Error"),
        agentStep: stepName,
        stepType,
        userFacing: true, // the text is; what went wrong is in the result
      });
    }
    this.#progress(status, stepName);
  }

  /**
   * Says that the run ended.
   *
   * @param status How.
   * @param results What came of its steps.
   */
  ended(status: Exclude<RunStatus, "running">, results: readonly StepResult[]): void {
    const executionTimeMs = this.#clock.monotonic() - this.#startedMs;
    const result = {
      workflow_completed: true,
      successful_steps: results.filter(({ success }) => success).length,
      total_steps: results.length,
      total_execution_time_ms: executionTimeMs,
      agent_name: NAME,
    };
    this.#events.ended({ status, result, executionTimeMs });
  }

  /** Says that this process can tell no more of the run; nothing when it has told its end. */
  lost(): void {
    if (this.#events.stage === "started") this.#events.died({ cause: "silent_failure" });
  }

  #progress(status: string, step?: string): void {
    this.#events.tell(null, "progress_update", {
      status,
      progressType: "workflow",
      ...(step !== undefined && { currentStep: step }),
      ...(this.#total !== null && {
        totalSteps: this.#total,
        percentage: Math.min(100, Math.round(100 * this.#ended / this.#total)),
      }),
    });
  }
}

function isFailure({ status }: StepResult): boolean {
  return status === StepStatus.FAILED || status === StepStatus.TIMED_OUT;
}

/** The engine tells why an agent failed that it ran, and that one waited too long for its turn. */
function isToldByEngine({ metadata }: StepResult): boolean {
  return metadata["engine_id"] !== undefined || metadata["error_type"] === "PermitTimeoutError";
}
