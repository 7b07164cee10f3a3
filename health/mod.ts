/**
 * How well a node is, and what to do about it at once: the health document that heartbeats carry;
 * `ProcessHealthMonitor`, which fills it from this process and its machine, and `HealthMonitor`, which
 * watches whatever it is told to; `FallbackManager`, which owns the node's mode; `CircuitBreaker` and
 * `Retry`.
 *
 * Not guaranteed: figures for what the runtime does not report or was not permitted to read; those
 * are `unknown`, with the reason.
 *
 * @example The health of this process
 * ```ts
 * import { ProcessHealthMonitor } from "@baton/orchestration/health";
 *
 * const monitor = new ProcessHealthMonitor();
 * const state = await monitor.getComprehensiveState();
 * if (state.circuit_breaker?.state !== "UNKNOWN") throw new Error("it has no circuit breaker");
 * ```
 *
 * @module
 */

export type { CascadeEntry } from "./cascade_log.ts";
export type { CheckParts } from "./check_of_settings.ts";
export { commandCheck } from "./checks/command_check.ts";
export { customCheck, type CustomLook } from "./checks/custom_check.ts";
export { diskCheck, type DiskCheckOptions } from "./checks/disk_check.ts";
export { eventLoopCheck, type EventLoopCheckOptions } from "./checks/event_loop_check.ts";
export type {
  HealthCheck,
  HealthCheckContext,
  HealthFinding,
  ResourceKind,
} from "./checks/health_check.ts";
export { httpCheck } from "./checks/http_check.ts";
export { kvCheck, type KvCheckOptions } from "./checks/kv_check.ts";
export { probeCheck } from "./checks/probe_check.ts";
export { cpuCheck, memoryCheck, type ResourceCheckOptions } from "./checks/resource_check.ts";
export { tcpCheck } from "./checks/tcp_check.ts";
export { CircuitBreaker } from "./circuit_breaker.ts";
export {
  CircuitOpenError,
  CircuitProbeTimeoutError,
  type CircuitRefusal,
} from "./circuit_breaker_errors.ts";
export type { CircuitBreakerLimits, FailureRateLimit } from "./circuit_breaker_limits.ts";
export type { CircuitBreakerMetrics } from "./circuit_breaker_metrics.ts";
export type {
  CircuitBreakerEvent,
  CircuitBreakerOptions,
  CircuitCallOptions,
  ManualOpenOptions,
} from "./circuit_breaker_options.ts";
export type { CircuitBreakerSnapshot, CircuitBreakerTotals } from "./circuit_breaker_snapshot.ts";
export type { CircuitBreakerState, ManualOpening } from "./circuit_breaker_state.ts";
export type { FallbackLimits } from "./classify_health.ts";
export type { ComponentOptions } from "./component_options.ts";
export type { HealthCheckDict } from "./component_record.ts";
export {
  componentsOf,
  createHealthMonitor,
  type CreateHealthMonitorOptions,
} from "./create_health_monitor.ts";
export { FallbackManager } from "./fallback_manager.ts";
export type {
  FallbackClaimDict,
  FallbackManagerOptions,
  FallbackMetrics,
  ModeOutcome,
  SetModeOptions,
} from "./fallback_manager_options.ts";
export type { Fallback, FallbackActivity } from "./fallback_registry.ts";
export type { FallbackTransition } from "./fallback_transitions.ts";
export type { HealthEvent, HealthSink } from "./health_event.ts";
export { HealthMonitor, type RunMonitorOptions } from "./health_monitor.ts";
export type {
  FallbackModeSource,
  HealthMonitorMetrics,
  HealthMonitorOptions,
} from "./health_monitor_options.ts";
export type { HealthSource, HealthState } from "./health_state.ts";
export type { HealthThresholds } from "./health_thresholds.ts";
export { isTransientError } from "./is_transient_error.ts";
export type { ListenerMetrics } from "../config/isolated_listeners.ts";
export type { Probe } from "./probe.ts";
export {
  ProcessHealthMonitor,
  type ProcessHealthMonitorOptions,
} from "./process_health_monitor.ts";
export type { CircuitBreakerSource, CircuitReport } from "./read_circuit.ts";
export {
  Retry,
  type RetryAttempt,
  type RetryCallOptions,
  type RetryEvent,
  type RetryMetrics,
  type RetryOptions,
} from "./retry.ts";
export { RetryBudget, type RetryBudgetOptions } from "./retry_budget.ts";
export type { RetryBackoff } from "./retry_delay.ts";
export { RetryExhaustedError } from "./retry_exhausted_error.ts";
export { type Reading, type ResourceReader, systemResources } from "./system_resources.ts";
