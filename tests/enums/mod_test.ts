import assert from "node:assert/strict";
import * as enums from "../../enums/mod.ts";

/** Every closed set with its members in their order, spelled as they go over the wire. */
const sets: Record<string, string> = {
  ActionScope: "cluster node",
  AgentExecutionPhase:
    "created websocket_setup context_validation starting thinking tool_preparation llm_interaction tool_execution result_processing completing completed timeout failed circuit_breaker_open",
  AgentExecutionStrategy: "sequential parallel conditional",
  AlertLevel: "low medium high critical",
  BackgroundTaskStatus: "queued starting running completed failed cancelled timeout",
  BallotReason: "tie no_majority no_quorum",
  BallotRefusal: "id_taken too_many_open no_electors not_decided unknown_ballot",
  BallotStatus: "open sealed decided",
  BusinessImpact: "CRITICAL HIGH MEDIUM LOW",
  CircuitState: "CLOSED HALF_OPEN OPEN UNKNOWN",
  ClaimLoss: "expired superseded closed",
  ConsensusReason: "no_votes no_quorum split store_unavailable",
  DataSufficiency: "sufficient partial insufficient unknown",
  DockerOrchestrationMode:
    "dedicated shared persistent parallel sequential background minimal standard intensive cleanup_only validation_only disabled",
  E2ETestCategory: "cypress e2e performance e2e_critical",
  ExecutionMode: "commit ci nightly weekend development",
  ExecutionState: "pending starting running completing completed failed timeout dead cancelled",
  ExecutionStrategy: "sequential parallel_unlimited parallel_limited hybrid_smart",
  FailFastStrategy: "immediate category layer disabled",
  FallbackMode: "PRIMARY HEURISTIC SAFE",
  IntegrationState: "uninitialized initializing active degraded failed",
  IssueSeverity: "info warning error",
  LayerExecutionMode: "sequential parallel hybrid",
  LayerExecutionStatus:
    "pending starting running background completed failed skipped timeout cancelled",
  LayerSchedule: "sequential waterfall waterfall_with_background parallel",
  LayerType: "fast_feedback core_integration service_integration e2e_background",
  LlmMode: "real mock hybrid",
  LogLevel: "TRACE DEBUG INFO WARNING ERROR CRITICAL",
  LossCause: "expired superseded resigned store-unavailable",
  MemberStatus: "alive suspect dead",
  ModeOwner: "operator recovery consensus cascade",
  OrchestrationMode: "fast_feedback nightly background hybrid legacy custom",
  OrchestrationStatus:
    "initializing starting_services executing_layers background_running completing completed failed cancelled",
  PipelineStep: "initialization validation execution processing completion error cancelled",
  ProgressEventType:
    "layer_started layer_completed layer_failed layer_skipped layer_progress category_started category_completed category_failed category_skipped category_progress test_started test_completed test_failed test_skipped background_task_queued background_task_started background_task_progress background_task_completed background_task_failed orchestration_started orchestration_completed orchestration_failed service_dependency_check resource_allocation error warning info debug",
  ProgressGranularity: "layer category test",
  ProgressLevel: "debug info warning error",
  ProgressOutputMode: "console json websocket log silent",
  RecoveryNoticeKind:
    "ACTION_EXECUTED=recovery_action_executed ACTION_FAILED=recovery_action_failed MULTIPLE_FAILURES=multiple_failures_detected safe_mode_entered escalation_triggered SAFE_MODE_LIMIT=safe_mode_limit_reached ACTION_FROZEN=recovery_action_frozen alert",
  RecoveryResult:
    "success failed skipped_cooldown skipped_dry_run skipped_phase_restriction condition_not_met condition_error skipped_disabled skipped_no_handler skipped_paused skipped_not_leader skipped_storm skipped_frozen skipped_rate_limit skipped_safe_mode_limit no_policy below_threshold skipped_concurrency",
  RecoveryTrigger: "health_check anomaly manual_trigger",
  ReportFormat: "json html junit xml csv",
  ResourceConflictResolution: "priority_based first_come_first_serve round_robin",
  ResourceHealth: "healthy warning critical unknown",
  ResourceStatus: "available allocated exhausted reserved error monitoring cleanup",
  RetryJitter: "full equal decorrelated none",
  RetryRefusal: "max_attempts budget_empty",
  RetryState: "STABLE ELEVATED CRITICAL UNKNOWN",
  ServiceAvailability: "available unavailable degraded unknown",
  ServiceName: "postgres redis clickhouse backend auth frontend websocket",
  ServiceStatus: "healthy unhealthy starting stopping unavailable degraded maintenance unknown",
  SkipReason: "dependency condition condition_failed strict_stop cancelled",
  StepStatus: "completed failed timed_out cancelled skipped",
  SystemStatus: "HEALTHY DEGRADED FAILED UNKNOWN",
  TimeoutTier: "free early mid enterprise platform",
  UserEventType:
    "agent_started agent_thinking tool_executing tool_completed agent_completed agent_error agent_death progress_update custom",
  VoteRefusal: "sealed decided not_an_elector already_voted unknown_choice unknown_ballot",
  WorkflowType: "full_optimization modified_optimization data_collection_focus",
  WorkRefusal: "backlog_full id_taken inbox_full no_member too_large",
  WorkStatus: "waiting ready claimed completed dead",
};

/** Everything else that the room exports at run time. */
const others = [
  "BackgroundTaskConfig",
  "BackgroundTaskResult",
  "CategoryExecutionResult",
  "ENUMS",
  "IllegalTransitionError",
  "InvalidRecordError",
  "LayerDefinition",
  "LayerExecutionResult",
  "MAX_TIMEOUT_MINUTES",
  "ProgressEvent",
  "STANDARD_LAYERS",
  "UnknownEnumValueError",
  "canTransition",
  "canonical",
  "canonicalServiceName",
  "createCustomLayer",
  "enumValues",
  "getAllStandardLayers",
  "getStandardLayer",
  "isEnumValue",
  "isFinalStatus",
  "parseEnumValue",
  "transition",
  "validateLayerDefinition",
];

/** A set from the table: a name is its text in upper case with underscores, unless told otherwise. */
function setOf(texts: string): [name: string, text: string][] {
  return texts.split(" ").map((entry) => {
    const [text = "", name] = entry.split("=").reverse();
    return [name ?? text.toUpperCase().replaceAll("-", "_"), text];
  });
}

Deno.test("enums exports every closed set with the members that go over the wire, in their order", () => {
  for (const [name, texts] of Object.entries(sets)) {
    const exported: unknown = Reflect.get(enums, name);
    assert.ok(typeof exported === "object" && exported !== null, name);
    assert.deepEqual(Object.entries(exported), setOf(texts), name);
  }
});

Deno.test("enums exports nothing that is neither a set nor listed here", () => {
  const expected = [...Object.keys(sets), ...others];
  assert.deepEqual(Object.keys(enums).toSorted(), expected.toSorted());
});

Deno.test("ENUMS holds every closed set that enums exports, and nothing else", () => {
  assert.deepEqual(Object.keys(enums.ENUMS).toSorted(), Object.keys(sets).toSorted());
  for (const [name, set] of Object.entries(enums.ENUMS)) {
    assert.equal(set, Reflect.get(enums, name), name);
  }
});

Deno.test("enums has no two members in a set that differ in letter case only", () => {
  for (const [name, texts] of Object.entries(sets)) {
    const folded = texts.toUpperCase().split(" ");
    assert.equal(new Set(folded).size, folded.length, name);
  }
});
