import type { ClosedSet } from "./closed_set.ts";
import { ActionScope } from "./action_scope.ts";
import { AgentExecutionPhase } from "./agent_execution_phase.ts";
import { AgentExecutionStrategy } from "./agent_execution_strategy.ts";
import { AlertLevel } from "./alert_level.ts";
import { BackgroundTaskStatus } from "./background_task_status.ts";
import { BallotReason } from "./ballot_reason.ts";
import { BallotRefusal } from "./ballot_refusal.ts";
import { BallotStatus } from "./ballot_status.ts";
import { BusinessImpact } from "./business_impact.ts";
import { CircuitState } from "./circuit_state.ts";
import { ClaimLoss } from "./claim_loss.ts";
import { ConsensusReason } from "./consensus_reason.ts";
import { DataSufficiency } from "./data_sufficiency.ts";
import { DockerOrchestrationMode } from "./docker_orchestration_mode.ts";
import { E2ETestCategory } from "./e2e_test_category.ts";
import { ExecutionMode } from "./execution_mode.ts";
import { ExecutionState } from "./execution_state.ts";
import { ExecutionStrategy } from "./execution_strategy.ts";
import { FailFastStrategy } from "./fail_fast_strategy.ts";
import { FallbackMode } from "./fallback_mode.ts";
import { IntegrationState } from "./integration_state.ts";
import { IssueSeverity } from "./issue_severity.ts";
import { LayerExecutionMode } from "./layer_execution_mode.ts";
import { LayerExecutionStatus } from "./layer_execution_status.ts";
import { LayerSchedule } from "./layer_schedule.ts";
import { LayerType } from "./layer_type.ts";
import { LlmMode } from "./llm_mode.ts";
import { LogLevel } from "./log_level.ts";
import { LossCause } from "./loss_cause.ts";
import { MemberStatus } from "./member_status.ts";
import { ModeOwner } from "./mode_owner.ts";
import { OrchestrationMode } from "./orchestration_mode.ts";
import { OrchestrationStatus } from "./orchestration_status.ts";
import { PipelineStep } from "./pipeline_step.ts";
import { ProgressEventType } from "./progress_event_type.ts";
import { ProgressGranularity } from "./progress_granularity.ts";
import { ProgressLevel } from "./progress_level.ts";
import { ProgressOutputMode } from "./progress_output_mode.ts";
import { RecoveryNoticeKind } from "./recovery_notice_kind.ts";
import { RecoveryResult } from "./recovery_result.ts";
import { RecoveryTrigger } from "./recovery_trigger.ts";
import { ReportFormat } from "./report_format.ts";
import { ResourceConflictResolution } from "./resource_conflict_resolution.ts";
import { ResourceHealth } from "./resource_health.ts";
import { ResourceStatus } from "./resource_status.ts";
import { RetryJitter } from "./retry_jitter.ts";
import { RetryRefusal } from "./retry_refusal.ts";
import { RetryState } from "./retry_state.ts";
import { ServiceAvailability } from "./service_availability.ts";
import { ServiceName } from "./service_name.ts";
import { ServiceStatus } from "./service_status.ts";
import { SkipReason } from "./skip_reason.ts";
import { StepStatus } from "./step_status.ts";
import { SystemStatus } from "./system_status.ts";
import { TimeoutTier } from "./timeout_tier.ts";
import { UserEventType } from "./user_event_type.ts";
import { VoteRefusal } from "./vote_refusal.ts";
import { WorkflowType } from "./workflow_type.ts";
import { WorkRefusal } from "./work_refusal.ts";
import { WorkStatus } from "./work_status.ts";

/**
 * Every closed set of the vocabulary by its name. Importing it freezes the sets, so that nobody can
 * add a member.
 *
 * @example Is this name taken?
 * ```ts
 * import { ENUMS } from "@baton/orchestration/enums";
 *
 * if (!Object.hasOwn(ENUMS, "LayerType")) throw new Error("unreachable");
 * ```
 */
export const ENUMS: Readonly<Record<string, ClosedSet>> = Object.freeze({
  ActionScope,
  AgentExecutionPhase,
  AgentExecutionStrategy,
  AlertLevel,
  BackgroundTaskStatus,
  BallotReason,
  BallotRefusal,
  BallotStatus,
  BusinessImpact,
  CircuitState,
  ClaimLoss,
  ConsensusReason,
  DataSufficiency,
  DockerOrchestrationMode,
  E2ETestCategory,
  ExecutionMode,
  ExecutionState,
  ExecutionStrategy,
  FailFastStrategy,
  FallbackMode,
  IntegrationState,
  IssueSeverity,
  LayerExecutionMode,
  LayerExecutionStatus,
  LayerSchedule,
  LayerType,
  LlmMode,
  LogLevel,
  LossCause,
  MemberStatus,
  ModeOwner,
  OrchestrationMode,
  OrchestrationStatus,
  PipelineStep,
  ProgressEventType,
  ProgressGranularity,
  ProgressLevel,
  ProgressOutputMode,
  RecoveryNoticeKind,
  RecoveryResult,
  RecoveryTrigger,
  ReportFormat,
  ResourceConflictResolution,
  ResourceHealth,
  ResourceStatus,
  RetryJitter,
  RetryRefusal,
  RetryState,
  ServiceAvailability,
  ServiceName,
  ServiceStatus,
  SkipReason,
  StepStatus,
  SystemStatus,
  TimeoutTier,
  UserEventType,
  VoteRefusal,
  WorkflowType,
  WorkRefusal,
  WorkStatus,
});

Object.values(ENUMS).forEach(Object.freeze);
