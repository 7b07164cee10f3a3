import type { Clock } from "../../clock.ts";
import { checkOptionNames } from "../option_names.ts";
import type { DurableRuns } from "../durable/durable_runs.ts";
import type { RunFence } from "../durable/run_store.ts";
import type { StepInput } from "../engine/pipeline.ts";
import type { UserExecutionEngine } from "../engine/user_execution_engine.ts";
import type { UserEventSink } from "../events/user_event_sink.ts";
import type { CoordinationValidator } from "./coordination_validator.ts";
import type { WorkflowDefinition } from "./define_workflow.ts";
import type { WorkflowPolicy } from "./ready_steps.ts";

/** Options of `WorkflowOrchestrator`. */
export interface WorkflowOrchestratorOptions {
  /** Runs the agents, for one run of one user. */
  readonly engine: UserExecutionEngine;
  /**
   * Judges each run when it has ended.
   *
   * @default one of its own
   */
  readonly validator?: CoordinationValidator;
  /**
   * The critical fields that steps may write, by step, besides those that their metadata list under
   * `may_change`: so an application says it of the standard workflow too.
   *
   * @default none
   */
  readonly mayChange?: Readonly<Record<string, readonly string[]>>;
  /**
   * Keeps runs so that another process can go on with them.
   *
   * @default runs end with the process
   */
  readonly runs?: DurableRuns;
  /**
   * Is told how the run as a whole goes; what agents do the engine tells.
   *
   * @default nobody
   */
  readonly events?: UserEventSink;
  /**
   * What holds for runs as a whole.
   *
   * @default the steps that always run do so, whatever happened before
   */
  readonly policy?: WorkflowPolicy;
  /**
   * Says when things happened, and how long they took.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

const OPTION_NAMES: Readonly<Record<keyof WorkflowOrchestratorOptions, true>> = {
  engine: true,
  validator: true,
  mayChange: true,
  runs: true,
  events: true,
  policy: true,
  clock: true,
};

/**
 * Refuses options that nobody reads.
 *
 * @param options The options.
 * @returns They.
 * @throws {InvalidRecordError} when there are others, or the policy has others.
 */
export function checkOrchestratorOptions(
  options: WorkflowOrchestratorOptions,
): WorkflowOrchestratorOptions {
  checkOptionNames("WorkflowOrchestrator", options, OPTION_NAMES);
  checkOptionNames("WorkflowPolicy", options.policy ?? {}, { strictStop: true });
  return options;
}

/** How a run is carried out. */
export interface ExecuteWorkflowOptions {
  /** What its agents work on: what JSON can carry. @default null */
  readonly state?: unknown;
  /** Calls it off: what runs is cancelled, and what has not begun is skipped. */
  readonly signal?: AbortSignal | null;
  /** What entitles this process to a durable run; of no meaning to others. @default nothing */
  readonly fence?: RunFence;
}

/** How a run is gone on with. */
export interface ResumeOptions extends Omit<ExecuteWorkflowOptions, "state"> {
  /** Its workflow. @default the standard workflow */
  readonly definition?: WorkflowDefinition;
}

const RUN_OPTION_NAMES = {
  executeWorkflow: { state: true, signal: true, fence: true },
  resume: { definition: true, signal: true, fence: true },
} as const;

/**
 * Refuses options of a run that nobody reads.
 *
 * @param method What is given the options.
 * @param options The options.
 * @returns They.
 * @throws {InvalidRecordError} when there are others.
 */
export function checkRunOptions<T extends object>(
  method: keyof typeof RUN_OPTION_NAMES,
  options: T,
): T {
  checkOptionNames(method, options, RUN_OPTION_NAMES[method]);
  return options;
}

/** What an agent of a workflow is given to work on. */
export interface WorkflowStepInput extends StepInput {
  /** Why steps before it did not complete, by step: only a step that always runs sees some. */
  readonly failures: Readonly<Record<string, string>>;
}
