import { CircuitState } from "../enums/circuit_state.ts";
import { FallbackMode } from "../enums/fallback_mode.ts";
import { ResourceHealth } from "../enums/resource_health.ts";
import { RetryState } from "../enums/retry_state.ts";
import { SystemStatus } from "../enums/system_status.ts";

/** From where on a measured value is a warning, and from where on critical. */
export interface Bounds {
  readonly warning: number;
  readonly critical: number;
}

/** @returns The status of a value of which more is worse; unknown for none. */
export function classifyResource(value: number | undefined, bounds: Bounds): ResourceHealth {
  if (value === undefined || Number.isNaN(value)) return ResourceHealth.UNKNOWN;
  if (value >= bounds.critical) return ResourceHealth.CRITICAL;
  return value >= bounds.warning ? ResourceHealth.WARNING : ResourceHealth.HEALTHY;
}

const SEVERITY = [ResourceHealth.CRITICAL, ResourceHealth.WARNING, ResourceHealth.HEALTHY] as const;

/** @returns The worst status among those that are known; unknown when none is. */
export function worstResource(statuses: readonly ResourceHealth[]): ResourceHealth {
  return SEVERITY.find((status) => statuses.includes(status)) ?? ResourceHealth.UNKNOWN;
}

const COMPONENT_STATUS: Readonly<Record<ResourceHealth, SystemStatus>> = {
  healthy: SystemStatus.HEALTHY,
  warning: SystemStatus.DEGRADED,
  critical: SystemStatus.FAILED,
  unknown: SystemStatus.UNKNOWN,
};

/** @returns The status of a component that is as well as this resource. */
export function componentStatus(status: ResourceHealth): SystemStatus {
  return COMPONENT_STATUS[status];
}

/** A node's components, counted, and what follows for the node. */
export interface SystemSummary {
  readonly status: SystemStatus;
  readonly healthy_components: number;
  readonly degraded_components: number;
  readonly failed_components: number;
  readonly total_components: number;
}

/** @returns One failed component fails the node; all unknown leave it unknown. */
export function summarizeSystem(components: readonly SystemStatus[]): SystemSummary {
  const count = (wanted: SystemStatus) => components.filter((each) => each === wanted).length;
  const healthy = count(SystemStatus.HEALTHY);
  const degraded = count(SystemStatus.DEGRADED);
  const failed = count(SystemStatus.FAILED);
  return {
    status: failed > 0
      ? SystemStatus.FAILED
      : degraded > 0
      ? SystemStatus.DEGRADED
      : healthy > 0
      ? SystemStatus.HEALTHY
      : SystemStatus.UNKNOWN,
    healthy_components: healthy,
    degraded_components: degraded,
    failed_components: failed,
    total_components: components.length,
  };
}

const ELEVATED_FROM = 5;
const CRITICAL_FROM = 20;

/** @returns The retry state for failures in the last hour: elevated from 5, critical from 20. */
export function classifyRetries(failuresLastHour: number): RetryState {
  if (failuresLastHour >= CRITICAL_FROM) return RetryState.CRITICAL;
  return failuresLastHour >= ELEVATED_FROM ? RetryState.ELEVATED : RetryState.STABLE;
}

/** What {@link chooseFallback} goes by. */
export interface FallbackSignals {
  readonly failedComponents: number;
  readonly failuresLastHour: number;
  readonly circuitState: CircuitState;
  readonly resources: ResourceHealth;
}

/** The mode that a node would choose for itself, and why. */
export interface FallbackChoice {
  readonly mode: FallbackMode;
  /** Reasons joined by "; "; `recovered` for the way back to PRIMARY. */
  readonly reason: string;
}

/** From where on {@link chooseFallback} leaves PRIMARY. */
export interface FallbackLimits {
  /** So many failed components are SAFE. */
  readonly safeFromFailedComponents: number;
  /** More failures than this in an hour are HEURISTIC. */
  readonly heuristicAboveFailures: number;
}

/** The limits unless others are given. */
export const FALLBACK_LIMITS: FallbackLimits = {
  safeFromFailedComponents: 2,
  heuristicAboveFailures: 50,
};

/**
 * @returns SAFE from two failed components or with a critical resource, HEURISTIC with an open
 * circuit or above 50 failures an hour, unless the limits say otherwise; else PRIMARY.
 */
export function chooseFallback(
  signals: FallbackSignals,
  limits: FallbackLimits = FALLBACK_LIMITS,
): FallbackChoice {
  const { failedComponents, failuresLastHour } = signals;
  const safe: string[] = [];
  if (failedComponents >= limits.safeFromFailedComponents) {
    safe.push(`component_failures(${failedComponents})`);
  }
  if (signals.resources === ResourceHealth.CRITICAL) safe.push("resource_exhaustion");
  const heuristic: string[] = [];
  if (signals.circuitState === CircuitState.OPEN) heuristic.push("circuit_open");
  if (failuresLastHour > limits.heuristicAboveFailures) {
    heuristic.push(`high_retry_failures(${failuresLastHour})`);
  }
  const reason = [...heuristic, ...safe].join("; ");
  if (safe.length > 0) return { mode: FallbackMode.SAFE, reason };
  if (heuristic.length > 0) return { mode: FallbackMode.HEURISTIC, reason };
  return { mode: FallbackMode.PRIMARY, reason: "recovered" };
}
