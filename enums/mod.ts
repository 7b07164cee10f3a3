/**
 * The vocabulary: what Baton and the systems around it write and read, defined once.
 *
 * - Closed sets: const objects, each with a union type of the same name. `enumValues`, `isEnumValue`
 *   and `parseEnumValue` work on all of them, `ENUMS` lists them. A text on the wire never changes.
 * - Records: frozen objects with a wire form in snake_case that `fromDict` reads back.
 * - The life of a background task: `canTransition`, `transition`, `isFinalStatus`.
 * - The standard layers, and how to make and validate others.
 * - `canonical` and `canonicalServiceName`, which read the spellings of others.
 *
 * Not guaranteed: that a record is true. It is checked for form, not against the world. Times are as
 * fine as a millisecond.
 *
 * @example Write a record, and read it back
 * ```ts
 * import { BackgroundTaskConfig, enumValues, LayerType } from "@baton/orchestration/enums";
 *
 * const sent = JSON.stringify(new BackgroundTaskConfig({ category: "e2e", timeoutMinutes: 10 }));
 * const read = BackgroundTaskConfig.fromDict(JSON.parse(sent));
 * if (read.timeoutMinutes !== 10) throw new Error("unexpected");
 * if (enumValues(LayerType)[0] !== LayerType.FAST_FEEDBACK) throw new Error("unexpected");
 * ```
 *
 * @module
 */

export { ActionScope } from "./action_scope.ts";
export { AgentExecutionPhase } from "./agent_execution_phase.ts";
export { AgentExecutionStrategy } from "./agent_execution_strategy.ts";
export { AlertLevel } from "./alert_level.ts";
export {
  BackgroundTaskConfig,
  type BackgroundTaskConfigDict,
  type BackgroundTaskConfigOptions,
  MAX_TIMEOUT_MINUTES,
} from "./records/background_task_config.ts";
export {
  BackgroundTaskResult,
  type BackgroundTaskResultDict,
  type BackgroundTaskResultOptions,
} from "./records/background_task_result.ts";
export { BackgroundTaskStatus } from "./background_task_status.ts";
export { BallotReason } from "./ballot_reason.ts";
export { BallotRefusal } from "./ballot_refusal.ts";
export { BallotStatus } from "./ballot_status.ts";
export { BusinessImpact } from "./business_impact.ts";
export { canonical } from "./canonical.ts";
export { canonicalServiceName } from "./canonical_service_name.ts";
export {
  CategoryExecutionResult,
  type CategoryExecutionResultDict,
  type CategoryExecutionResultOptions,
} from "./records/category_execution_result.ts";
export { CircuitState } from "./circuit_state.ts";
export { ClaimLoss } from "./claim_loss.ts";
export type { ClosedSet, MemberOf } from "./closed_set.ts";
export { ConsensusReason } from "./consensus_reason.ts";
export { createCustomLayer, type CustomLayerOptions } from "./create_custom_layer.ts";
export { DataSufficiency } from "./data_sufficiency.ts";
export { DockerOrchestrationMode } from "./docker_orchestration_mode.ts";
export { E2ETestCategory } from "./e2e_test_category.ts";
export { enumValues, isEnumValue } from "./enum_values.ts";
export { ExecutionMode } from "./execution_mode.ts";
export { ExecutionState } from "./execution_state.ts";
export { ExecutionStrategy } from "./execution_strategy.ts";
export { FailFastStrategy } from "./fail_fast_strategy.ts";
export { FallbackMode } from "./fallback_mode.ts";
export { IntegrationState } from "./integration_state.ts";
export { InvalidRecordError, type RecordFault } from "./records/invalid_record_error.ts";
export { IssueSeverity } from "./issue_severity.ts";
export type { JsonObject, JsonValue } from "./records/json_value.ts";
export {
  LayerDefinition,
  type LayerDefinitionDict,
  type LayerDefinitionOptions,
} from "./records/layer_definition.ts";
export { LayerExecutionMode } from "./layer_execution_mode.ts";
export {
  LayerExecutionResult,
  type LayerExecutionResultDict,
  type LayerExecutionResultOptions,
} from "./records/layer_execution_result.ts";
export { LayerExecutionStatus } from "./layer_execution_status.ts";
export { LayerSchedule } from "./layer_schedule.ts";
export { LayerType } from "./layer_type.ts";
export { LlmMode } from "./llm_mode.ts";
export { LogLevel } from "./log_level.ts";
export { LossCause } from "./loss_cause.ts";
export { MemberStatus } from "./member_status.ts";
export { ModeOwner } from "./mode_owner.ts";
export { OrchestrationMode } from "./orchestration_mode.ts";
export { OrchestrationStatus } from "./orchestration_status.ts";
export { parseEnumValue, UnknownEnumValueError } from "./parse_enum_value.ts";
export { PipelineStep } from "./pipeline_step.ts";
export {
  ProgressEvent,
  type ProgressEventDict,
  type ProgressEventOptions,
} from "./records/progress_event.ts";
export { ProgressEventType } from "./progress_event_type.ts";
export { ProgressGranularity } from "./progress_granularity.ts";
export { ProgressLevel } from "./progress_level.ts";
export { ProgressOutputMode } from "./progress_output_mode.ts";
export { ENUMS } from "./registry.ts";
export { RecoveryNoticeKind } from "./recovery_notice_kind.ts";
export { RecoveryResult } from "./recovery_result.ts";
export { RecoveryTrigger } from "./recovery_trigger.ts";
export { ReportFormat } from "./report_format.ts";
export { ResourceConflictResolution } from "./resource_conflict_resolution.ts";
export { ResourceHealth } from "./resource_health.ts";
export { ResourceStatus } from "./resource_status.ts";
export { RetryJitter } from "./retry_jitter.ts";
export { RetryRefusal } from "./retry_refusal.ts";
export { RetryState } from "./retry_state.ts";
export { ServiceAvailability } from "./service_availability.ts";
export { ServiceName } from "./service_name.ts";
export { ServiceStatus } from "./service_status.ts";
export { SkipReason } from "./skip_reason.ts";
export { getAllStandardLayers, getStandardLayer, STANDARD_LAYERS } from "./standard_layers.ts";
export { StepStatus } from "./step_status.ts";
export { SystemStatus } from "./system_status.ts";
export {
  canTransition,
  IllegalTransitionError,
  isFinalStatus,
  transition,
} from "./task_lifecycle.ts";
export { TimeoutTier } from "./timeout_tier.ts";
export { UserEventType } from "./user_event_type.ts";
export { validateLayerDefinition } from "./validate_layer_definition.ts";
export { VoteRefusal } from "./vote_refusal.ts";
export { WorkflowType } from "./workflow_type.ts";
export { WorkRefusal } from "./work_refusal.ts";
export { WorkStatus } from "./work_status.ts";
