import { canonical } from "../enums/canonical.ts";
import { CircuitState } from "../enums/circuit_state.ts";
import { ResourceHealth } from "../enums/resource_health.ts";
import { SystemStatus } from "../enums/system_status.ts";
import type { FallbackSignals } from "./classify_health.ts";
import type { HealthState } from "./health_state.ts";

/** What a health document says about the mode. */
export interface FallbackReading {
  /** What could be read; what could not counts as well. */
  readonly signals: FallbackSignals;
  /** What is missing or cannot be read: with any, nobody knows that a node is well again. */
  readonly gaps: readonly string[];
}

/** @returns What the document says. Letter case does not count; sections may be missing or null. */
export function readFallbackSignals(state: HealthState): FallbackReading {
  const gaps: string[] = [];
  const count = (path: string, value: unknown): number => {
    if (typeof value === "number" && value >= 0 && value < Infinity) return value;
    gaps.push(`${path} is no count`);
    return 0;
  };
  const member = <T extends string>(
    path: string,
    set: Readonly<Record<string, T>>,
    text: unknown,
  ): T | undefined => {
    if (text === undefined || text === null) return undefined;
    const found = canonical(set, text);
    if (found === undefined) gaps.push(`${path} is none of ${Object.values(set).join(", ")}`);
    return found;
  };
  const { system, retry, circuit_breaker: circuit, resources } = state;
  const signals: FallbackSignals = {
    failedComponents: count("system.failed_components", system?.failed_components),
    failuresLastHour: count("retry.failures_1h", retry?.failures_1h),
    circuitState: member("circuit_breaker.state", CircuitState, circuit?.state) ??
      CircuitState.UNKNOWN,
    resources: member("resources.status.overall", ResourceHealth, resources?.status?.overall) ??
      ResourceHealth.UNKNOWN,
  };
  const isUnknown = member("system.status", SystemStatus, system?.status) === SystemStatus.UNKNOWN;
  if (isUnknown && system?.total_components !== 0) { // Of no components there is nothing to know.
    gaps.push("system.status is UNKNOWN");
  }
  return { signals, gaps };
}
