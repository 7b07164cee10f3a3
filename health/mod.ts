/**
 * How well a node is: the health document that heartbeats carry, and a monitor that fills it from
 * this process and its machine.
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

export type { HealthMonitor, HealthState } from "./health_state.ts";
export type { HealthThresholds } from "./health_thresholds.ts";
export type { Probe } from "./probe.ts";
export {
  ProcessHealthMonitor,
  type ProcessHealthMonitorOptions,
} from "./process_health_monitor.ts";
export { type Reading, type ResourceReader, systemResources } from "./system_resources.ts";
