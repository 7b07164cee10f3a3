/**
 * Baton runs a service as more than one instance on Deno: one leader at a time whose writes are
 * fenced, a membership, decisions by quorum that every node can read, ballots that are decided once,
 * and work that is never lost. Embedded on Deno KV.
 *
 * Each room has an entry point of its own (`./coordination`, `./config`, `./enums`, `./health`,
 * `./orchestration`, `./clock`, `./testing`); this one has all that a service needs at run time.
 *
 * @example One node, its leadership and a fenced write
 * ```ts
 * import { DistributedResilienceCoordinator } from "@baton/orchestration";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using node = new DistributedResilienceCoordinator({ kv, storePath: ":memory:" });
 * await node.startup();
 * const written = await node.term?.atomic().set(["jobs", "nightly"], "done").commit();
 * if (!written?.ok) throw new Error("somebody else leads");
 * ```
 *
 * @module
 */

export { type Clock, type SleepOptions, systemClock } from "./clock.ts";
export {
  DuplicateFeatureError,
  NoTierError,
  NotProbedError,
  type TierShortfall,
  UnknownFeatureError,
} from "./config/availability/availability_errors.ts";
export type {
  AvailabilityStatus,
  AvailabilityStatusDict,
} from "./config/availability/availability_status.ts";
export type { Feature } from "./config/availability/feature.ts";
export {
  type FeatureProbe,
  type ProbeContext,
  type ProbeResult,
  unavailable,
} from "./config/availability/feature_probe.ts";
export type { FeatureStatus } from "./config/availability/feature_status.ts";
export type { AvailabilityIssue } from "./config/availability/find_availability_issues.ts";
export { OrchestrationConfig } from "./config/availability/orchestration_config.ts";
export type {
  OrchestrationConfigOptions,
  RefreshOptions,
} from "./config/availability/orchestration_config_options.ts";
export type { Override } from "./config/availability/override.ts";
export { parseEnvFlag } from "./config/availability/parse_env_flag.ts";
export { allOf } from "./config/availability/probes/all_of.ts";
export {
  commandProbe,
  type CommandProbeOptions,
} from "./config/availability/probes/command_probe.ts";
export { httpProbe, type HttpProbeOptions } from "./config/availability/probes/http_probe.ts";
export { importProbe, type ImportProbeOptions } from "./config/availability/probes/import_probe.ts";
export { kvProbe, type KvProbeOptions } from "./config/availability/probes/kv_probe.ts";
export { permissionProbe } from "./config/availability/probes/permission_probe.ts";
export { tcpProbe, type TcpProbeOptions } from "./config/availability/probes/tcp_probe.ts";
export {
  type SelectedTier,
  selectTier,
  type SelectTierOptions,
  type Tier,
} from "./config/availability/select_tier.ts";
export type { ServiceConfig } from "./config/availability/service_config.ts";
export {
  getOrchestrationConfig,
  getOrchestrationStatus,
  isAllOrchestrationAvailable,
  isBackgroundE2eAvailable,
  isDockerAvailable,
  isMasterOrchestrationAvailable,
  isOrchestratorAvailable,
  orchestrationConfig,
  refreshGlobalOrchestrationConfig,
  resetOrchestrationConfigForTests,
  validateGlobalOrchestrationConfig,
} from "./config/availability/shared_orchestration_config.ts";
export { type EnvReader, type EnvReading, fixedEnv, systemEnv } from "./config/env_reader.ts";
export { ConfigError, type ConfigErrorCode } from "./config/files/config_error.ts";
export { type ConfigFault, type ConfigPath, formatFault } from "./config/files/config_fault.ts";
export {
  type ConfigRule,
  type ConfigSchema,
  configSchema,
  type ConfigSchemaOptions,
  type SchemaOutcome,
} from "./config/files/config_schema.ts";
export { loadConfig, type LoadConfigOptions } from "./config/files/load_config.ts";
export {
  type LoadedConfig,
  parseConfig,
  type ParseConfigOptions,
} from "./config/files/parse_config.ts";
export {
  RecoveryConfig,
  type RecoveryConfigOptions,
  type ReloadResult,
} from "./config/files/recovery_config.ts";
export type { SchemaFault, ShapeFault } from "./config/files/schema_fault.ts";
export type {
  StandardIssue,
  StandardResult,
  StandardSchema,
} from "./config/files/standard_schema.ts";
export {
  type ConfigEvent,
  type ConfigWatch,
  watchConfig,
  type WatchConfigOptions,
} from "./config/files/watch_config.ts";
export type { ListenerMetrics } from "./config/isolated_listeners.ts";
export { healthSchema } from "./config/schemas/health.ts";
export type {
  CommandComponent,
  CpuComponent,
  CustomComponent,
  DiskComponent,
  EventLoopComponent,
  HealthComponentCommon,
  HealthComponentSettings,
  HttpComponent,
  KvComponent,
  MemoryComponent,
  TcpComponent,
} from "./config/schemas/health_components.ts";
export type { HealthDocument } from "./config/schemas/health_document.ts";
export type {
  LayerMonitoring,
  LayerReporting,
  ProgressTracking,
} from "./config/schemas/layer_monitoring.ts";
export type { BackgroundSettings, LayerRunSettings } from "./config/schemas/layer_run_settings.ts";
export type { LayerService } from "./config/schemas/layer_services.ts";
export { recoverySchema } from "./config/schemas/recovery.ts";
export type { RecoveryActionSettings, RecoveryCommon } from "./config/schemas/recovery_common.ts";
export type {
  RecoveryDocument,
  RecoveryRedis,
  RecoveryServices,
} from "./config/schemas/recovery_document.ts";
export type {
  BreakerSettings,
  ExecSettings,
  FallbackSettings,
  HttpSettings,
  LogSettings,
  NotifySettings,
} from "./config/schemas/recovery_handler_kinds.ts";
export type {
  HandlerCommon,
  HandlerKind,
  HandlerSettings,
} from "./config/schemas/recovery_handlers.ts";
export { recoveryPoliciesSchema } from "./config/schemas/recovery_policies.ts";
export type {
  EscalationStep,
  PolicyActionSettings,
  RecoveryPoliciesDocument,
  RecoveryPolicy,
} from "./config/schemas/recovery_policies_document.ts";
export type {
  RecoveryAdvanced,
  RecoveryLogging,
  RecoveryThresholds,
} from "./config/schemas/recovery_sections.ts";
export type {
  CommandVerification,
  HttpVerification,
  TcpVerification,
  VerifierSettings,
} from "./config/schemas/recovery_verifiers.ts";
export type {
  CategoryFilters,
  CategoryRequirements,
  TestCategory,
} from "./config/schemas/test_category.ts";
export type {
  LayerLlmRequirements,
  LayerOverrides,
  LayerResourceLimits,
  LayerSuccessCriteria,
  NestedLayerSettings,
  TestLayer,
} from "./config/schemas/test_layer.ts";
export { testLayersSchema } from "./config/schemas/test_layers.ts";
export type {
  LayersEnvironment,
  LayersMetadata,
  TestLayersDocument,
} from "./config/schemas/test_layers_document.ts";
export type {
  BallotOverview,
  BallotOverviewDict,
  PendingBallot,
} from "./coordination/ballot_overview.ts";
export { Ballot, type BallotDict, type BallotFields } from "./coordination/ballots/ballot.ts";
export type { BallotRecount } from "./coordination/ballots/ballot_audit.ts";
export {
  BallotCertificate,
  type BallotCertificateDict,
  type BallotCertificateFields,
} from "./coordination/ballots/ballot_certificate.ts";
export type { BallotMetrics } from "./coordination/ballots/ballot_counters.ts";
export { BallotRefusedError, VoteRefusedError } from "./coordination/ballots/ballot_errors.ts";
export {
  BallotOutcome,
  type BallotOutcomeDict,
  type BallotOutcomeFields,
} from "./coordination/ballots/ballot_outcome.ts";
export type {
  BallotPolicy,
  BallotPolicyDict,
  Electorate,
} from "./coordination/ballots/ballot_policy.ts";
export type { Elector, ProposeOptions } from "./coordination/ballots/ballot_proposal.ts";
export type { BallotTally, BallotTallyDict } from "./coordination/ballots/ballot_tally.ts";
export type {
  BallotWaitOptions,
  ListBallotsOptions,
} from "./coordination/ballots/ballots_options.ts";
export {
  type BallotStanding,
  type BallotVerdict,
  decideBallot,
} from "./coordination/ballots/decide_ballot.ts";
export {
  VoteRecord,
  type VoteRecordDict,
  type VoteRecordFields,
} from "./coordination/ballots/vote_record.ts";
export {
  type ClusterHealth,
  type MemberHealth,
  summarizeClusterHealth,
} from "./coordination/cluster_health.ts";
export {
  type ClusterStatus,
  type ClusterStatusDict,
  type ClusterStatusOptions,
  clusterStatusToDict,
  readClusterStatus,
} from "./coordination/cluster_status.ts";
export {
  type CircuitVerdict,
  ConsensusDecision,
  type ConsensusDecisionDict,
  type ConsensusDecisionFields,
  SPLIT_BRAIN,
} from "./coordination/consensus_decision.ts";
export type { Coordinator, CoordinatorMetrics } from "./coordination/coordinator.ts";
export type {
  CoordinatorTiming,
  CoordinatorTimingOptions,
  DistributedCoordinatorOptions,
  LeaderWork,
} from "./coordination/coordinator_options.ts";
export { DeadlineError } from "./coordination/deadline.ts";
export { DistributedResilienceCoordinator } from "./coordination/distributed_resilience_coordinator.ts";
export {
  CorruptRecordError,
  DuplicateInstanceError,
  type LeadershipLoss,
  LeadershipLostError,
  NotRunningError,
  StoreUnavailableError,
} from "./coordination/errors.ts";
export { computeHealthScore } from "./coordination/health_score.ts";
export { LeaderElection } from "./coordination/leader_election.ts";
export type {
  LeaderElectionOptions,
  LeaderView,
  WaitOptions,
} from "./coordination/leader_election_options.ts";
export { withLeadership } from "./coordination/leadership.ts";
export {
  decideLease,
  type HeldLease,
  type LeaseAction,
  type LeaseCandidate,
  type LeaseObservation,
} from "./coordination/lease.ts";
export type { LeaseTiming, LeaseTimingOptions } from "./coordination/lease_timing.ts";
export {
  LocalCoordinator,
  type LocalCoordinatorOptions,
} from "./coordination/local_coordinator.ts";
export type { MissedHeartbeats } from "./coordination/member_observer.ts";
export { NodeInfo, type NodeInfoDict, type NodeInfoFields } from "./coordination/node_info.ts";
export { openKv, type OpenKvOptions } from "./coordination/open_kv.ts";
export { majorityVote, type QuorumOptions, requiredVotes } from "./coordination/quorum.ts";
export type { FallbackModeKeeper } from "./coordination/self_report.ts";
export { ServiceCoordinator } from "./coordination/service_coordinator.ts";
export type { ServiceMethods } from "./coordination/service_methods.ts";
export type { ServiceOptions } from "./coordination/service_options.ts";
export type { StoreMetrics } from "./coordination/store_metrics.ts";
export {
  type TallyOptions,
  tallyVotes,
  type Vote,
  type VoteTally,
} from "./coordination/tally_votes.ts";
export type { ResignOptions, Term } from "./coordination/term.ts";
export type { Claim, RenewOptions } from "./coordination/work/claim.ts";
export type { WorkMetrics } from "./coordination/work/work_counters.ts";
export {
  ClaimLostError,
  NoProgressError,
  WorkRefusedError,
  WorkUnacknowledgedError,
} from "./coordination/work/work_errors.ts";
export type { WorkFilter } from "./coordination/work/work_filter.ts";
export { WorkInfo, type WorkInfoDict, type WorkInfoFields } from "./coordination/work/work_info.ts";
export type { WorkItem } from "./coordination/work/work_item.ts";
export type { WorkLimitsOptions } from "./coordination/work/work_limits.ts";
export type { AssignOptions, WorkOptions } from "./coordination/work/work_options.ts";
export type {
  DeadLetter,
  ReadyWork,
  WorkOverview,
  WorkOverviewDict,
} from "./coordination/work_overview.ts";
export type { Agent, AgentCall } from "./engines/agent.ts";
export type { CleanupCallback, CleanupReport } from "./engines/context/cleanup_stack.ts";
export {
  ContextDependencies,
  type DependencyKey,
  dependencyKey,
  MissingDependencyError,
} from "./engines/context/context_dependencies.ts";
export type { UserExecutionContextDict } from "./engines/context/context_dict.ts";
export { ContextIsolationError, InvalidContextError } from "./engines/context/context_errors.ts";
export type { ContextIdRules } from "./engines/context/context_id.ts";
export type {
  ChildContextOptions,
  ReadContextOptions,
  UserExecutionContextOptions,
} from "./engines/context/context_options.ts";
export {
  assertCurrentContext,
  currentContext,
  runInContext,
  setContextChecks,
} from "./engines/context/current_context.ts";
export { UserExecutionContext } from "./engines/context/user_execution_context.ts";
export { validateUserContext } from "./engines/context/validate_user_context.ts";
export { DurableRun } from "./engines/durable/durable_run.ts";
export { DurableRuns } from "./engines/durable/durable_runs.ts";
export type {
  ClaimLostOptions,
  DurableRunsOptions,
  LostRuns,
  NewRun,
  RunView,
  UnfinishedRun,
} from "./engines/durable/durable_runs_options.ts";
export { KvRunStore, type KvRunStoreOptions } from "./engines/durable/kv_run_store.ts";
export { MemoryRunStore } from "./engines/durable/memory_run_store.ts";
export {
  CorruptRunError,
  RunInterruptedError,
  type RunRefusal,
  RunRefusedError,
  RunStoreUnavailableError,
  RunSupersededError,
} from "./engines/durable/run_errors.ts";
export type {
  RunFence,
  RunStore,
  RunStoreChange,
  RunStoreEntry,
  RunStoreKey,
  RunStoreListOptions,
} from "./engines/durable/run_store.ts";
export type { RunOwner, RunStatus, StoredRun } from "./engines/durable/stored_run.ts";
export type { AgentModule, AgentSource } from "./engines/engine/agent_module.ts";
export type { AgentProcessOptions } from "./engines/engine/agent_process_options.ts";
export type {
  AgentIsolation,
  AgentRequest,
  ExecuteAgentOptions,
} from "./engines/engine/agent_request.ts";
export {
  AgentIsolationError,
  InactiveEngineError,
  UnknownAgentError,
} from "./engines/engine/engine_errors.ts";
export type { EngineLimits } from "./engines/engine/engine_limits.ts";
export type { EngineSnapshot, EngineStats, EngineSummary } from "./engines/engine/engine_stats.ts";
export {
  AbandonedAgentsError,
  PermitQueueFullError,
  PermitTimeoutError,
} from "./engines/engine/permit_errors.ts";
export type { ExecutePipelineOptions, StepInput } from "./engines/engine/pipeline.ts";
export type { Tool, ToolCall } from "./engines/engine/tool.ts";
export { ToolError, type ToolFault } from "./engines/engine/tool_error.ts";
export { UserExecutionEngine } from "./engines/engine/user_execution_engine.ts";
export type { UserExecutionEngineOptions } from "./engines/engine/user_execution_engine_options.ts";
export {
  type PermitUsage,
  type ReleasePermit,
  sharedUserPermits,
  UserPermits,
  type UserPermitsOptions,
} from "./engines/engine/user_permits.ts";
export {
  handleUserEvents,
  type UserEventsEndpointOptions,
  type UserEventsUser,
} from "./engines/events/handle_user_events.ts";
export {
  type FlushOptions,
  RetryingEventSink,
  type RetryingEventSinkMetrics,
} from "./engines/events/retrying_event_sink.ts";
export type { RetryingEventSinkOptions } from "./engines/events/retrying_event_sink_options.ts";
export { RunEvents, type RunEventsOptions } from "./engines/events/run_events.ts";
export type { ResumePoint } from "./engines/events/user_event_channel.ts";
export { type UserEventData, userEventData } from "./engines/events/user_event_data.ts";
export {
  InvalidUserEventError,
  type SubscriptionRefusal,
  SubscriptionRefusedError,
} from "./engines/events/user_event_errors.ts";
export type { DeathCause, UserEventFields } from "./engines/events/user_event_fields.ts";
export { UserEventHub } from "./engines/events/user_event_hub.ts";
export type { UserEventHubOptions } from "./engines/events/user_event_hub_options.ts";
export type {
  HelloMessage,
  LaggedMessage,
  UserEventMessage,
} from "./engines/events/user_event_message.ts";
export type { UserEventCounter, UserEventMetrics } from "./engines/events/user_event_metrics.ts";
export type {
  UserEvent,
  UserEventAnswer,
  UserEventOutcome,
  UserEventSink,
} from "./engines/events/user_event_sink.ts";
export { USER_EVENTS_CLOSE } from "./engines/events/user_event_socket.ts";
export type {
  SubscriptionListener,
  UserEventDelivery,
  UserEventSubscription,
} from "./engines/events/user_event_subscription.ts";
export { readUserEventsToken, USER_EVENTS_PROTOCOL } from "./engines/events/user_events_request.ts";
export type {
  ActiveEngineDict,
  ActiveEnginesSummary,
} from "./engines/factory/active_engines_summary.ts";
export type {
  EngineFactoryMetrics,
  EngineFactoryState,
} from "./engines/factory/engine_factory_metrics.ts";
export { ExecutionEngineFactory } from "./engines/factory/execution_engine_factory.ts";
export {
  type EngineBound,
  EngineLimitError,
  ExecutionEngineFactoryError,
  type FactoryErrorCode,
  SSOTValidationError,
  UserIsolationError,
} from "./engines/factory/execution_engine_factory_errors.ts";
export type {
  EngineMaker,
  ExecutionEngineFactoryOptions,
} from "./engines/factory/execution_engine_factory_options.ts";
export {
  type EngineSlot,
  sharedUserEngineLimits,
  UserEngineLimits,
  type UserEngineLimitsOptions,
} from "./engines/factory/user_engine_limits.ts";
export { assertUserExecutionEngine } from "./engines/guard/assert_user_execution_engine.ts";
export {
  DEPRECATED_ENGINES,
  type DeprecatedEngineName,
} from "./engines/guard/deprecated_engines.ts";
export {
  describeEngine,
  type GenuineEngine,
  type NoEngine,
} from "./engines/guard/describe_engine.ts";
export { type EngineFault, EngineGuardError } from "./engines/guard/engine_guard_error.ts";
export { verifyEngineUnchanged } from "./engines/guard/verify_engine_unchanged.ts";
export type { CoordinatedStep, CoordinationCheck } from "./engines/workflow/coordination_checks.ts";
export {
  type CoordinationDetails,
  CoordinationResult,
  type CoordinationResultDict,
} from "./engines/workflow/coordination_result.ts";
export {
  type CoordinationSummary,
  CoordinationValidator,
  type CoordinationValidatorOptions,
} from "./engines/workflow/coordination_validator.ts";
export {
  assessDataCompleteness,
  type DataCompleteness,
  type DataCompletenessInput,
} from "./engines/workflow/data_completeness.ts";
export {
  defineWorkflow,
  STEPS_MAX,
  WorkflowDefinition,
  type WorkflowOptions,
} from "./engines/workflow/define_workflow.ts";
export type { CorruptionDetail, Handoff, ValueChange } from "./engines/workflow/handoff.ts";
export { type FailedStep, normaliseError } from "./engines/workflow/normalise_error.ts";
export type {
  ExecuteWorkflowOptions,
  ResumeOptions,
  WorkflowOrchestratorOptions,
  WorkflowStepInput,
} from "./engines/workflow/orchestrator_options.ts";
export {
  readySteps,
  type WorkflowDecision,
  type WorkflowPolicy,
  type WorkflowProgress,
} from "./engines/workflow/ready_steps.ts";
export { selectWorkflow, type WorkflowSelection } from "./engines/workflow/select_workflow.ts";
export { skippedResult, type SkippedStep } from "./engines/workflow/skipped_step.ts";
export {
  CRITICAL_FIELDS,
  type CriticalFields,
  type StateSnapshot,
} from "./engines/workflow/state_snapshot.ts";
export {
  StepResult,
  type StepResultDict,
  type StepResultOptions,
} from "./engines/workflow/step_result.ts";
export { planForTriage, TRIAGE_STEP } from "./engines/workflow/triage_plans.ts";
export {
  getWorkflowDefinition,
  type WorkflowStepDescription,
} from "./engines/workflow/workflow_description.ts";
export { WorkflowOrchestrator } from "./engines/workflow/workflow_orchestrator.ts";
export type {
  StepCondition,
  StepResults,
  WorkflowStep,
  WorkflowStepOptions,
} from "./engines/workflow/workflow_step.ts";
export { UserFacingError } from "./engines/user_facing_error.ts";
export { ActionScope } from "./enums/action_scope.ts";
export { AgentExecutionPhase } from "./enums/agent_execution_phase.ts";
export { AgentExecutionStrategy } from "./enums/agent_execution_strategy.ts";
export { AlertLevel } from "./enums/alert_level.ts";
export { BackgroundTaskStatus } from "./enums/background_task_status.ts";
export { BallotReason } from "./enums/ballot_reason.ts";
export { BallotRefusal } from "./enums/ballot_refusal.ts";
export { BallotStatus } from "./enums/ballot_status.ts";
export { BusinessImpact } from "./enums/business_impact.ts";
export { canonical } from "./enums/canonical.ts";
export { canonicalServiceName } from "./enums/canonical_service_name.ts";
export { CircuitState } from "./enums/circuit_state.ts";
export { ClaimLoss } from "./enums/claim_loss.ts";
export type { ClosedSet, MemberOf } from "./enums/closed_set.ts";
export { ConsensusReason } from "./enums/consensus_reason.ts";
export { createCustomLayer, type CustomLayerOptions } from "./enums/create_custom_layer.ts";
export { DataSufficiency } from "./enums/data_sufficiency.ts";
export { DockerOrchestrationMode } from "./enums/docker_orchestration_mode.ts";
export { E2ETestCategory } from "./enums/e2e_test_category.ts";
export { enumValues, isEnumValue } from "./enums/enum_values.ts";
export { ExecutionMode } from "./enums/execution_mode.ts";
export { ExecutionState } from "./enums/execution_state.ts";
export { ExecutionStrategy } from "./enums/execution_strategy.ts";
export { FailFastStrategy } from "./enums/fail_fast_strategy.ts";
export { FallbackMode } from "./enums/fallback_mode.ts";
export { IntegrationState } from "./enums/integration_state.ts";
export { IssueSeverity } from "./enums/issue_severity.ts";
export { LayerExecutionMode } from "./enums/layer_execution_mode.ts";
export { LayerExecutionStatus } from "./enums/layer_execution_status.ts";
export { LayerSchedule } from "./enums/layer_schedule.ts";
export { LayerType } from "./enums/layer_type.ts";
export { LlmMode } from "./enums/llm_mode.ts";
export { LogLevel } from "./enums/log_level.ts";
export { LossCause } from "./enums/loss_cause.ts";
export { MemberStatus } from "./enums/member_status.ts";
export { ModeOwner } from "./enums/mode_owner.ts";
export { OrchestrationMode } from "./enums/orchestration_mode.ts";
export { OrchestrationStatus } from "./enums/orchestration_status.ts";
export { parseEnumValue, UnknownEnumValueError } from "./enums/parse_enum_value.ts";
export { PipelineStep } from "./enums/pipeline_step.ts";
export { ProgressEventType } from "./enums/progress_event_type.ts";
export { ProgressGranularity } from "./enums/progress_granularity.ts";
export { ProgressLevel } from "./enums/progress_level.ts";
export { ProgressOutputMode } from "./enums/progress_output_mode.ts";
export {
  BackgroundTaskConfig,
  type BackgroundTaskConfigDict,
  type BackgroundTaskConfigOptions,
  MAX_TIMEOUT_MINUTES,
} from "./enums/records/background_task_config.ts";
export {
  BackgroundTaskResult,
  type BackgroundTaskResultDict,
  type BackgroundTaskResultOptions,
} from "./enums/records/background_task_result.ts";
export {
  CategoryExecutionResult,
  type CategoryExecutionResultDict,
  type CategoryExecutionResultOptions,
} from "./enums/records/category_execution_result.ts";
export { InvalidRecordError, type RecordFault } from "./enums/records/invalid_record_error.ts";
export type { JsonObject, JsonValue } from "./enums/records/json_value.ts";
export {
  LayerDefinition,
  type LayerDefinitionDict,
  type LayerDefinitionOptions,
} from "./enums/records/layer_definition.ts";
export {
  LayerExecutionResult,
  type LayerExecutionResultDict,
  type LayerExecutionResultOptions,
} from "./enums/records/layer_execution_result.ts";
export {
  ProgressEvent,
  type ProgressEventDict,
  type ProgressEventOptions,
} from "./enums/records/progress_event.ts";
export { RecoveryNoticeKind } from "./enums/recovery_notice_kind.ts";
export { RecoveryResult } from "./enums/recovery_result.ts";
export { RecoveryTrigger } from "./enums/recovery_trigger.ts";
export { ENUMS } from "./enums/registry.ts";
export { ReportFormat } from "./enums/report_format.ts";
export { ResourceConflictResolution } from "./enums/resource_conflict_resolution.ts";
export { ResourceHealth } from "./enums/resource_health.ts";
export { ResourceStatus } from "./enums/resource_status.ts";
export { RetryJitter } from "./enums/retry_jitter.ts";
export { RetryRefusal } from "./enums/retry_refusal.ts";
export { RetryState } from "./enums/retry_state.ts";
export { ServiceAvailability } from "./enums/service_availability.ts";
export { ServiceName } from "./enums/service_name.ts";
export { ServiceStatus } from "./enums/service_status.ts";
export { SkipReason } from "./enums/skip_reason.ts";
export {
  getAllStandardLayers,
  getStandardLayer,
  STANDARD_LAYERS,
} from "./enums/standard_layers.ts";
export { StepStatus } from "./enums/step_status.ts";
export { SystemStatus } from "./enums/system_status.ts";
export {
  canTransition,
  IllegalTransitionError,
  isFinalStatus,
  transition,
} from "./enums/task_lifecycle.ts";
export { TimeoutTier } from "./enums/timeout_tier.ts";
export { UserEventType } from "./enums/user_event_type.ts";
export { validateLayerDefinition } from "./enums/validate_layer_definition.ts";
export { VoteRefusal } from "./enums/vote_refusal.ts";
export { WorkRefusal } from "./enums/work_refusal.ts";
export { WorkStatus } from "./enums/work_status.ts";
export { WorkflowType } from "./enums/workflow_type.ts";
export type { CascadeEntry } from "./health/cascade_log.ts";
export type { CheckParts } from "./health/check_of_settings.ts";
export { commandCheck } from "./health/checks/command_check.ts";
export { customCheck, type CustomLook } from "./health/checks/custom_check.ts";
export { diskCheck, type DiskCheckOptions } from "./health/checks/disk_check.ts";
export { eventLoopCheck, type EventLoopCheckOptions } from "./health/checks/event_loop_check.ts";
export type {
  HealthCheck,
  HealthCheckContext,
  HealthFinding,
  ResourceKind,
} from "./health/checks/health_check.ts";
export { httpCheck } from "./health/checks/http_check.ts";
export { kvCheck, type KvCheckOptions } from "./health/checks/kv_check.ts";
export { probeCheck } from "./health/checks/probe_check.ts";
export {
  cpuCheck,
  memoryCheck,
  type ResourceCheckOptions,
} from "./health/checks/resource_check.ts";
export { tcpCheck } from "./health/checks/tcp_check.ts";
export { CircuitBreaker } from "./health/circuit_breaker.ts";
export {
  CircuitOpenError,
  CircuitProbeTimeoutError,
  type CircuitRefusal,
} from "./health/circuit_breaker_errors.ts";
export type { CircuitBreakerLimits, FailureRateLimit } from "./health/circuit_breaker_limits.ts";
export type { CircuitBreakerMetrics } from "./health/circuit_breaker_metrics.ts";
export type {
  CircuitBreakerEvent,
  CircuitBreakerOptions,
  CircuitCallOptions,
  ManualOpenOptions,
} from "./health/circuit_breaker_options.ts";
export type {
  CircuitBreakerSnapshot,
  CircuitBreakerTotals,
} from "./health/circuit_breaker_snapshot.ts";
export type { CircuitBreakerState, ManualOpening } from "./health/circuit_breaker_state.ts";
export type { FallbackLimits } from "./health/classify_health.ts";
export type { ComponentOptions } from "./health/component_options.ts";
export type { HealthCheckDict } from "./health/component_record.ts";
export {
  componentsOf,
  createHealthMonitor,
  type CreateHealthMonitorOptions,
} from "./health/create_health_monitor.ts";
export { FallbackManager } from "./health/fallback_manager.ts";
export type {
  FallbackClaimDict,
  FallbackManagerOptions,
  FallbackMetrics,
  ModeOutcome,
  SetModeOptions,
} from "./health/fallback_manager_options.ts";
export type { Fallback, FallbackActivity } from "./health/fallback_registry.ts";
export type { FallbackTransition } from "./health/fallback_transitions.ts";
export type { HealthEvent, HealthSink } from "./health/health_event.ts";
export { HealthMonitor, type RunMonitorOptions } from "./health/health_monitor.ts";
export type {
  FallbackModeSource,
  HealthMonitorMetrics,
  HealthMonitorOptions,
} from "./health/health_monitor_options.ts";
export type { HealthSource, HealthState } from "./health/health_state.ts";
export type { HealthThresholds } from "./health/health_thresholds.ts";
export { isTransientError } from "./health/is_transient_error.ts";
export type { Probe } from "./health/probe.ts";
export {
  ProcessHealthMonitor,
  type ProcessHealthMonitorOptions,
} from "./health/process_health_monitor.ts";
export type { CircuitBreakerSource, CircuitReport } from "./health/read_circuit.ts";
export {
  Retry,
  type RetryAttempt,
  type RetryCallOptions,
  type RetryEvent,
  type RetryMetrics,
  type RetryOptions,
} from "./health/retry.ts";
export { RetryBudget, type RetryBudgetOptions } from "./health/retry_budget.ts";
export type { RetryBackoff } from "./health/retry_delay.ts";
export { RetryExhaustedError } from "./health/retry_exhausted_error.ts";
export { type Reading, type ResourceReader, systemResources } from "./health/system_resources.ts";
export type {
  ActionCause,
  ActionContext,
  ActionHandler,
  ActionVerifier,
} from "./orchestration/recovery/action_handler.ts";
export type { RegisterActionOptions } from "./orchestration/recovery/action_registry.ts";
export { ActionsRefusedError } from "./orchestration/recovery/actions_refused_error.ts";
export type { AnomalyEvent } from "./orchestration/recovery/anomaly_event.ts";
export { AnomalyDroppedError } from "./orchestration/recovery/anomaly_inbox.ts";
export { BasicRecovery } from "./orchestration/recovery/basic_recovery.ts";
export {
  checkedPoliciesSchema,
  checkedRecoverySchema,
} from "./orchestration/recovery/checked_schemas.ts";
export type { AnyRecoveryDocument } from "./orchestration/recovery/compile_rules.ts";
export { type Condition, parseCondition } from "./orchestration/recovery/condition.ts";
export type { ConditionContext } from "./orchestration/recovery/condition_context.ts";
export {
  ConditionError,
  type ConditionErrorFields,
  type ConditionErrorKind,
} from "./orchestration/recovery/condition_error.ts";
export {
  type EnhancedRecoveryMetricsDict,
  EnhancedRecoveryOrchestrator,
  type EnhancedRecoveryOrchestratorOptions,
  type EnhancedRecoveryStatusDict,
} from "./orchestration/recovery/enhanced_recovery_orchestrator.ts";
export { findConditionFaults } from "./orchestration/recovery/find_condition_faults.ts";
export type { GateFacts } from "./orchestration/recovery/gate_facts.ts";
export {
  ActionFailedError,
  type ActionFailure,
} from "./orchestration/recovery/handlers/action_failed_error.ts";
export type {
  ActionHandlerParts,
  ConnectTcp,
} from "./orchestration/recovery/handlers/action_handler_parts.ts";
export {
  createActionHandlers,
  type DeclaredAction,
  type DeclaredActions,
  type RefusedAction,
} from "./orchestration/recovery/handlers/create_action_handlers.ts";
export { findHandlerFaults } from "./orchestration/recovery/handlers/find_handler_faults.ts";
export type {
  ProcessEnd,
  ProcessGroup,
  StartOptions,
  StartProcessGroup,
} from "./orchestration/recovery/handlers/process_group.ts";
export {
  KvRecoveryStorage,
  type KvRecoveryStorageOptions,
  recoveryPrefix,
} from "./orchestration/recovery/kv_recovery_storage.ts";
export type {
  LogFile,
  LogFileLook,
  LogFileName,
  LogFiles,
} from "./orchestration/recovery/log_files.ts";
export type { ManualTrigger } from "./orchestration/recovery/manual_request.ts";
export { MemoryRecoveryStorage } from "./orchestration/recovery/memory_recovery_storage.ts";
export type { MetricsCollector } from "./orchestration/recovery/metrics_collector.ts";
export {
  NoticeBoard,
  type NoticeBoardMetrics,
  type NoticeBoardOptions,
} from "./orchestration/recovery/notice_board.ts";
export type { Notifier, RecoveryNotice } from "./orchestration/recovery/notifier.ts";
export type {
  Orchestrator,
  OrchestratorEvent,
  RunOptions,
} from "./orchestration/recovery/orchestrator.ts";
export type { RecoveryActionDict } from "./orchestration/recovery/recovery_action_dict.ts";
export type { RecoveryChainDict } from "./orchestration/recovery/recovery_chain_dict.ts";
export type {
  AnomalyAssessment,
  PhaseAwareHandler,
  PhaseStateMachine,
  RecoveryBreaker,
  RecoveryCluster,
  RecoveryFallback,
  RecoveryMember,
} from "./orchestration/recovery/recovery_environment.ts";
export type {
  CooldownDict,
  RecoveryMetricsDict,
} from "./orchestration/recovery/recovery_figures.ts";
export type { HistoryOptions } from "./orchestration/recovery/recovery_history.ts";
export type { RecoveryTerm } from "./orchestration/recovery/recovery_lane.ts";
export {
  RecoveryLog,
  type RecoveryLogFault,
  type RecoveryLogMetrics,
  type RecoveryLogOptions,
} from "./orchestration/recovery/recovery_log.ts";
export { RecoveryOrchestrator } from "./orchestration/recovery/recovery_orchestrator.ts";
export type { RecoveryOrchestratorOptions } from "./orchestration/recovery/recovery_orchestrator_options.ts";
export type { PauseOptions, RecoveryPauseDict } from "./orchestration/recovery/recovery_pause.ts";
export type { RecoveryStatusDict } from "./orchestration/recovery/recovery_status_dict.ts";
export type {
  RecoveryStorage,
  StorageChange,
  StorageFence,
  StorageKey,
  StorageListOptions,
  StorageWrite,
  StoredEntry,
} from "./orchestration/recovery/recovery_storage.ts";
export { replayHistory, type ReplayOptions } from "./orchestration/recovery/replay.ts";
export type {
  ReplayChange,
  ReplayedDecisionDict,
  ReplayOutcome,
  ReplayReport,
} from "./orchestration/recovery/replay_report.ts";
export { SlackError, type SlackErrorKind } from "./orchestration/recovery/slack_error.ts";
export {
  SlackNotifier,
  type SlackNotifierOptions,
} from "./orchestration/recovery/slack_notifier.ts";
export type { StepInputs } from "./orchestration/recovery/step_inputs.ts";
