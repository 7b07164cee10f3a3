import { canonical } from "../enums/canonical.ts";
import { CircuitState } from "../enums/circuit_state.ts";
import { RetryState } from "../enums/retry_state.ts";
import { SystemStatus } from "../enums/system_status.ts";
import type { HealthState } from "../health/health_state.ts";

const SYSTEM_WEIGHT = 0.4;
const CIRCUIT_WEIGHT = 0.35;
const RETRY_WEIGHT = 0.25;

const SYSTEM_SCORES: Readonly<Record<SystemStatus, number>> = {
  HEALTHY: 1,
  DEGRADED: 0.6,
  FAILED: 0,
  UNKNOWN: 0.5,
};
const CIRCUIT_SCORES: Readonly<Record<CircuitState, number>> = {
  CLOSED: 1,
  HALF_OPEN: 0.5,
  OPEN: 0,
  UNKNOWN: 0.5,
};
const RETRY_SCORES: Readonly<Record<RetryState, number>> = {
  STABLE: 1,
  ELEVATED: 0.5,
  CRITICAL: 0,
  UNKNOWN: 0.5,
};

/**
 * Sums a health document up in one figure: 0.40 for the system's status, 0.35 for the circuit
 * breaker's, 0.25 for the retry state's. Values count in any letter case; a missing or unknown one
 * scores half.
 *
 * @param state The health document.
 * @returns The score, 0 (all bad) to 1 (all good).
 *
 * @example Degraded, the rest well
 * ```ts
 * import { computeHealthScore } from "@baton/orchestration/coordination";
 *
 * const score = computeHealthScore({
 *   system: { status: "degraded" },
 *   circuit_breaker: { state: "CLOSED" },
 *   retry: { state: "STABLE" },
 * });
 * if (Math.abs(score - 0.84) > 1e-9) throw new Error(`unexpected score ${score}`);
 * ```
 */
export function computeHealthScore(state: HealthState): number {
  const system = canonical(SystemStatus, state.system?.status) ?? SystemStatus.UNKNOWN;
  const circuit = canonical(CircuitState, state.circuit_breaker?.state) ?? CircuitState.UNKNOWN;
  const retry = canonical(RetryState, state.retry?.state) ?? RetryState.UNKNOWN;
  return SYSTEM_WEIGHT * SYSTEM_SCORES[system] +
    CIRCUIT_WEIGHT * CIRCUIT_SCORES[circuit] +
    RETRY_WEIGHT * RETRY_SCORES[retry];
}
