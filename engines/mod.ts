/**
 * One isolated execution engine for each user, and workflows that run on it.
 *
 * - `UserExecutionContext`: whose work it is, frozen, with children and cleanup.
 * - `UserExecutionEngine` runs the agents and tools of one user; `ExecutionEngineFactory` makes and ends
 *   engines, and keeps to the limits of each user. Only a genuine engine is ever accepted.
 * - `WorkflowOrchestrator` runs workflows: plans by triage, or those of `defineWorkflow`. With
 *   `DurableRuns` a run that died goes on at the step where it stopped.
 * - `UserEventHub` and `handleUserEvents` tell each user of their own runs, in order, also across a
 *   reconnect.
 *
 * Not guaranteed: that an agent which heeds no signal ends. Its outcome counts no more, but its code
 * goes on, in a worker as well; only in a process of its own it is ended. Limits and events are those
 * of one process; durable runs are not.
 *
 * @example A workflow of two agents
 * ```ts
 * import {
 *   type Agent,
 *   defineWorkflow,
 *   UserExecutionContext,
 *   UserExecutionEngine,
 *   WorkflowOrchestrator,
 * } from "@baton/orchestration/engines";
 *
 * const context = new UserExecutionContext({ userId: "ada", threadId: "thread-1", runId: "run-1" });
 * await using engine = new UserExecutionEngine({
 *   context,
 *   agents: new Map<string, Agent>([["count", () => ({ words: 3 })], ["report", () => ({ done: true })]]),
 * });
 * const workflow = defineWorkflow({
 *   name: "two-steps",
 *   steps: [
 *     { name: "count", agent: "count", stepType: "insights" },
 *     { name: "report", agent: "report", stepType: "full_report", dependsOn: ["count"] },
 *   ],
 * });
 * const orchestrator = new WorkflowOrchestrator({ engine });
 * const results = await orchestrator.executeWorkflow(workflow, context);
 * if (!results.every(({ success }) => success)) throw new Error("one of them failed");
 * ```
 *
 * @module
 */

export type { Agent, AgentCall } from "./agent.ts";
export type { CleanupCallback, CleanupReport } from "./context/cleanup_stack.ts";
export {
  ContextDependencies,
  type DependencyKey,
  dependencyKey,
  MissingDependencyError,
} from "./context/context_dependencies.ts";
export type { UserExecutionContextDict } from "./context/context_dict.ts";
export { ContextIsolationError, InvalidContextError } from "./context/context_errors.ts";
export type { ContextIdRules } from "./context/context_id.ts";
export type {
  ChildContextOptions,
  ReadContextOptions,
  UserExecutionContextOptions,
} from "./context/context_options.ts";
export {
  assertCurrentContext,
  currentContext,
  runInContext,
  setContextChecks,
} from "./context/current_context.ts";
export { UserExecutionContext } from "./context/user_execution_context.ts";
export { validateUserContext } from "./context/validate_user_context.ts";
export { DurableRun } from "./durable/durable_run.ts";
export { DurableRuns } from "./durable/durable_runs.ts";
export type {
  ClaimLostOptions,
  DurableRunsOptions,
  LostRuns,
  NewRun,
  RunView,
  UnfinishedRun,
} from "./durable/durable_runs_options.ts";
export { KvRunStore, type KvRunStoreOptions } from "./durable/kv_run_store.ts";
export { MemoryRunStore } from "./durable/memory_run_store.ts";
export {
  CorruptRunError,
  RunInterruptedError,
  type RunRefusal,
  RunRefusedError,
  RunStoreUnavailableError,
  RunSupersededError,
} from "./durable/run_errors.ts";
export type {
  RunFence,
  RunStore,
  RunStoreChange,
  RunStoreEntry,
  RunStoreKey,
  RunStoreListOptions,
} from "./durable/run_store.ts";
export type { RunOwner, RunStatus, StoredRun } from "./durable/stored_run.ts";
export type { AgentModule, AgentSource } from "./engine/agent_module.ts";
export type { AgentProcessOptions } from "./engine/agent_process_options.ts";
export type { AgentIsolation, AgentRequest, ExecuteAgentOptions } from "./engine/agent_request.ts";
export {
  AgentIsolationError,
  InactiveEngineError,
  UnknownAgentError,
} from "./engine/engine_errors.ts";
export type { EngineLimits } from "./engine/engine_limits.ts";
export type { EngineSnapshot, EngineStats, EngineSummary } from "./engine/engine_stats.ts";
export {
  AbandonedAgentsError,
  PermitQueueFullError,
  PermitTimeoutError,
} from "./engine/permit_errors.ts";
export type { ExecutePipelineOptions, StepInput } from "./engine/pipeline.ts";
export type { Tool, ToolCall } from "./engine/tool.ts";
export { ToolError, type ToolFault } from "./engine/tool_error.ts";
export { UserExecutionEngine } from "./engine/user_execution_engine.ts";
export type { UserExecutionEngineOptions } from "./engine/user_execution_engine_options.ts";
export {
  type PermitUsage,
  type ReleasePermit,
  sharedUserPermits,
  UserPermits,
  type UserPermitsOptions,
} from "./engine/user_permits.ts";
export {
  handleUserEvents,
  type UserEventsEndpointOptions,
  type UserEventsUser,
} from "./events/handle_user_events.ts";
export {
  type FlushOptions,
  RetryingEventSink,
  type RetryingEventSinkMetrics,
} from "./events/retrying_event_sink.ts";
export type { RetryingEventSinkOptions } from "./events/retrying_event_sink_options.ts";
export { RunEvents, type RunEventsOptions } from "./events/run_events.ts";
export type { ResumePoint } from "./events/user_event_channel.ts";
export { type UserEventData, userEventData } from "./events/user_event_data.ts";
export {
  InvalidUserEventError,
  type SubscriptionRefusal,
  SubscriptionRefusedError,
} from "./events/user_event_errors.ts";
export type { DeathCause, UserEventFields } from "./events/user_event_fields.ts";
export { UserEventHub } from "./events/user_event_hub.ts";
export type { UserEventHubOptions } from "./events/user_event_hub_options.ts";
export type { HelloMessage, LaggedMessage, UserEventMessage } from "./events/user_event_message.ts";
export type { UserEventCounter, UserEventMetrics } from "./events/user_event_metrics.ts";
export type {
  UserEvent,
  UserEventAnswer,
  UserEventOutcome,
  UserEventSink,
} from "./events/user_event_sink.ts";
export { USER_EVENTS_CLOSE } from "./events/user_event_socket.ts";
export type {
  SubscriptionListener,
  UserEventDelivery,
  UserEventSubscription,
} from "./events/user_event_subscription.ts";
export { readUserEventsToken, USER_EVENTS_PROTOCOL } from "./events/user_events_request.ts";
export type { ActiveEngineDict, ActiveEnginesSummary } from "./factory/active_engines_summary.ts";
export type { EngineFactoryMetrics, EngineFactoryState } from "./factory/engine_factory_metrics.ts";
export { ExecutionEngineFactory } from "./factory/execution_engine_factory.ts";
export {
  type EngineBound,
  EngineLimitError,
  ExecutionEngineFactoryError,
  type FactoryErrorCode,
  SSOTValidationError,
  UserIsolationError,
} from "./factory/execution_engine_factory_errors.ts";
export type {
  EngineMaker,
  ExecutionEngineFactoryOptions,
} from "./factory/execution_engine_factory_options.ts";
export {
  type EngineSlot,
  sharedUserEngineLimits,
  UserEngineLimits,
  type UserEngineLimitsOptions,
} from "./factory/user_engine_limits.ts";
export { assertUserExecutionEngine } from "./guard/assert_user_execution_engine.ts";
export { DEPRECATED_ENGINES, type DeprecatedEngineName } from "./guard/deprecated_engines.ts";
export { describeEngine, type GenuineEngine, type NoEngine } from "./guard/describe_engine.ts";
export { type EngineFault, EngineGuardError } from "./guard/engine_guard_error.ts";
export { verifyEngineUnchanged } from "./guard/verify_engine_unchanged.ts";
export type { CoordinatedStep, CoordinationCheck } from "./workflow/coordination_checks.ts";
export {
  type CoordinationDetails,
  CoordinationResult,
  type CoordinationResultDict,
} from "./workflow/coordination_result.ts";
export {
  type CoordinationSummary,
  CoordinationValidator,
  type CoordinationValidatorOptions,
} from "./workflow/coordination_validator.ts";
export {
  assessDataCompleteness,
  type DataCompleteness,
  type DataCompletenessInput,
} from "./workflow/data_completeness.ts";
export {
  defineWorkflow,
  STEPS_MAX,
  WorkflowDefinition,
  type WorkflowOptions,
} from "./workflow/define_workflow.ts";
export type { CorruptionDetail, Handoff, ValueChange } from "./workflow/handoff.ts";
export { type FailedStep, normaliseError } from "./workflow/normalise_error.ts";
export type {
  ExecuteWorkflowOptions,
  ResumeOptions,
  WorkflowOrchestratorOptions,
  WorkflowStepInput,
} from "./workflow/orchestrator_options.ts";
export {
  readySteps,
  type WorkflowDecision,
  type WorkflowPolicy,
  type WorkflowProgress,
} from "./workflow/ready_steps.ts";
export { selectWorkflow, type WorkflowSelection } from "./workflow/select_workflow.ts";
export { skippedResult, type SkippedStep } from "./workflow/skipped_step.ts";
export {
  CRITICAL_FIELDS,
  type CriticalFields,
  type StateSnapshot,
} from "./workflow/state_snapshot.ts";
export { StepResult, type StepResultDict, type StepResultOptions } from "./workflow/step_result.ts";
export { planForTriage, TRIAGE_STEP } from "./workflow/triage_plans.ts";
export {
  getWorkflowDefinition,
  type WorkflowStepDescription,
} from "./workflow/workflow_description.ts";
export { WorkflowOrchestrator } from "./workflow/workflow_orchestrator.ts";
export type {
  StepCondition,
  StepResults,
  WorkflowStep,
  WorkflowStepOptions,
} from "./workflow/workflow_step.ts";
export { UserFacingError } from "./user_facing_error.ts";
