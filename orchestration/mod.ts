/**
 * Recovery: health and anomalies lead to actions, by thresholds and by policies that escalate, once in
 * a cluster.
 *
 * - `RecoveryOrchestrator` and `EnhancedRecoveryOrchestrator` watch, decide and act. Every action
 *   passes one gate, and every decision is in the history with what it was decided by.
 * - `KvRecoveryStorage` and `MemoryRecoveryStorage` keep what must survive a restart.
 * - `createActionHandlers` makes actions of what a file declares, without code.
 * - `SlackNotifier`, `NoticeBoard` and `RecoveryLog` tell people.
 * - `parseCondition` reads the language of the conditions in `recovery_policies.yaml`.
 *
 * Not guaranteed: that an action has one effect only. It is decided once, and never by two leaders;
 * after a crash it may be run again, with the same `executionId`, a higher `attempt` and the fence of
 * the new leader.
 *
 * @example Restart what crashed, and page somebody when that fails
 * ```ts
 * import { parseConfig, recoveryPoliciesSchema } from "@baton/orchestration/config";
 * import { EnhancedRecoveryOrchestrator } from "@baton/orchestration/orchestration";
 *
 * const { config } = await parseConfig(
 *   `
 * recovery_policies:
 *   crash:
 *     severity_threshold: 0.5
 *     escalation_chain:
 *       - { action: restart }
 *       - { action: page, condition: restart_failed }
 * `,
 *   recoveryPoliciesSchema,
 * );
 * const recovery = new EnhancedRecoveryOrchestrator({ config });
 * const paged: string[] = [];
 * recovery.registerAction("restart", () => Promise.reject(new Error("no such unit")));
 * recovery.registerAction("page", ({ reason }) => void paged.push(reason));
 * await recovery.handleAnomaly({ anomalyType: "crash", severityScore: 0.9 });
 * await recovery.processPending();
 * if (paged[0] !== "crash (severity=0.90, step=2/2)") throw new Error("nobody was paged");
 * ```
 *
 * @module
 */

export type {
  ActionCause,
  ActionContext,
  ActionHandler,
  ActionVerifier,
} from "./recovery/action_handler.ts";
export type { RegisterActionOptions } from "./recovery/action_registry.ts";
export { ActionsRefusedError } from "./recovery/actions_refused_error.ts";
export type { AnomalyEvent } from "./recovery/anomaly_event.ts";
export { AnomalyDroppedError } from "./recovery/anomaly_inbox.ts";
export { checkedPoliciesSchema, checkedRecoverySchema } from "./recovery/checked_schemas.ts";
export type { AnyRecoveryDocument } from "./recovery/compile_rules.ts";
export { BasicRecovery } from "./recovery/basic_recovery.ts";
export { type Condition, parseCondition } from "./recovery/condition.ts";
export type { ConditionContext } from "./recovery/condition_context.ts";
export {
  ConditionError,
  type ConditionErrorFields,
  type ConditionErrorKind,
} from "./recovery/condition_error.ts";
export {
  type EnhancedRecoveryMetricsDict,
  EnhancedRecoveryOrchestrator,
  type EnhancedRecoveryOrchestratorOptions,
  type EnhancedRecoveryStatusDict,
} from "./recovery/enhanced_recovery_orchestrator.ts";
export { findConditionFaults } from "./recovery/find_condition_faults.ts";
export { findLoggingFaults } from "./recovery/find_logging_faults.ts";
export type { GateFacts } from "./recovery/gate_facts.ts";
export { ActionFailedError, type ActionFailure } from "./recovery/handlers/action_failed_error.ts";
export type { ActionHandlerParts, ConnectTcp } from "./recovery/handlers/action_handler_parts.ts";
export {
  createActionHandlers,
  type DeclaredAction,
  type DeclaredActions,
  type RefusedAction,
} from "./recovery/handlers/create_action_handlers.ts";
export { findHandlerFaults } from "./recovery/handlers/find_handler_faults.ts";
export type {
  ProcessEnd,
  ProcessGroup,
  StartOptions,
  StartProcessGroup,
} from "./recovery/handlers/process_group.ts";
export {
  KvRecoveryStorage,
  type KvRecoveryStorageOptions,
  recoveryPrefix,
} from "./recovery/kv_recovery_storage.ts";
export type { LogFile, LogFileLook, LogFileName, LogFiles } from "./recovery/log_files.ts";
export type { ManualTrigger } from "./recovery/manual_request.ts";
export { MemoryRecoveryStorage } from "./recovery/memory_recovery_storage.ts";
export type { MetricsCollector } from "./recovery/metrics_collector.ts";
export {
  NoticeBoard,
  type NoticeBoardMetrics,
  type NoticeBoardOptions,
} from "./recovery/notice_board.ts";
export type { Notifier, RecoveryNotice } from "./recovery/notifier.ts";
export type { Orchestrator, OrchestratorEvent, RunOptions } from "./recovery/orchestrator.ts";
export type { RecoveryActionDict } from "./recovery/recovery_action_dict.ts";
export type { RecoveryChainDict } from "./recovery/recovery_chain_dict.ts";
export type {
  AnomalyAssessment,
  PhaseAwareHandler,
  PhaseStateMachine,
  RecoveryBreaker,
  RecoveryCluster,
  RecoveryFallback,
  RecoveryMember,
} from "./recovery/recovery_environment.ts";
export type { CooldownDict, RecoveryMetricsDict } from "./recovery/recovery_figures.ts";
export type { HistoryOptions } from "./recovery/recovery_history.ts";
export type { RecoveryTerm } from "./recovery/recovery_lane.ts";
export {
  RecoveryLog,
  type RecoveryLogFault,
  type RecoveryLogMetrics,
  type RecoveryLogOptions,
} from "./recovery/recovery_log.ts";
export { RecoveryOrchestrator } from "./recovery/recovery_orchestrator.ts";
export type { RecoveryOrchestratorOptions } from "./recovery/recovery_orchestrator_options.ts";
export type { PauseOptions, RecoveryPauseDict } from "./recovery/recovery_pause.ts";
export type { RecoveryStatusDict } from "./recovery/recovery_status_dict.ts";
export type {
  RecoveryStorage,
  StorageChange,
  StorageFence,
  StorageKey,
  StorageListOptions,
  StorageWrite,
  StoredEntry,
} from "./recovery/recovery_storage.ts";
export { replayHistory, type ReplayOptions } from "./recovery/replay.ts";
export type {
  ReplayChange,
  ReplayedDecisionDict,
  ReplayOutcome,
  ReplayReport,
} from "./recovery/replay_report.ts";
export { SlackError, type SlackErrorKind } from "./recovery/slack_error.ts";
export { SlackNotifier, type SlackNotifierOptions } from "./recovery/slack_notifier.ts";
export type { StepInputs } from "./recovery/step_inputs.ts";
