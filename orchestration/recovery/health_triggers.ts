import { DEGRADED_SEVERITY } from "../../config/schemas/recovery_rules.ts";
import type { RecoveryThresholds } from "../../config/schemas/recovery_sections.ts";
import { canonical } from "../../enums/canonical.ts";
import { CircuitState } from "../../enums/circuit_state.ts";
import { isObject } from "../../enums/records/field.ts";
import { SystemStatus } from "../../enums/system_status.ts";
import type { HealthState } from "../../health/health_state.ts";
import type { ComponentWatch } from "./recovery_rules.ts";

/** A threshold that a node's health passed. */
export interface HealthTrigger {
  /** The threshold. */
  readonly name: string;
  /** What is done about it. */
  readonly action: string;
  /** What was found, for people. */
  readonly reason: string;
}

/** Failed retries of the last hour are still counted when the reason for them is gone. */
export const RETRY_FAILURES = "retry_failures";

/** What a health document says about one threshold. */
interface ThresholdRule {
  readonly name: string;
  readonly action: string;
  /** @returns What was found when it is passed; null when it is not. */
  readonly find: (state: HealthState, thresholds: RecoveryThresholds) => string | null;
  /** @returns A document that says nothing but one figure, as {@link ThresholdRule.find} found it. */
  readonly stateOf: (figure: number) => HealthState;
}

/** A document whose figures are not what they should be. */
export class HealthFigureError extends TypeError {
  /** Tells this error from others. */
  override readonly name = "HealthFigureError";
}

const RULES: readonly ThresholdRule[] = [
  {
    name: "circuit_open",
    action: "circuit_restart",
    find: ({ circuit_breaker: circuit }, { circuit_open_duration: max }) => {
      if (canonical(CircuitState, circuit?.state) !== CircuitState.OPEN) return null;
      const seconds = figure(
        "circuit_breaker.open_duration_seconds",
        circuit?.open_duration_seconds,
      );
      return seconds > max ? `open_duration=${seconds}s` : null;
    },
    stateOf: (seconds) => ({
      circuit_breaker: { state: CircuitState.OPEN, open_duration_seconds: seconds },
    }),
  },
  {
    name: RETRY_FAILURES,
    action: "cache_purge",
    find: ({ retry }, { retry_failures_1h: max }) => {
      const failures = figure("retry.failures_1h", retry?.failures_1h);
      return failures > max ? `failures_1h=${failures}` : null;
    },
    stateOf: (failures) => ({ retry: { failures_1h: failures } }),
  },
  {
    name: "failed_components",
    action: "safe_mode",
    find: ({ system }, { failed_components: min }) => {
      const failed = figure("system.failed_components", system?.failed_components);
      return failed >= min ? `failed_components=${failed}` : null;
    },
    stateOf: (failed) => ({ system: { failed_components: failed } }),
  },
  {
    name: "anomaly_accuracy",
    action: "safe_mode",
    find: ({ resources }, { min_anomaly_accuracy: min }) => {
      const accuracy = resources?.current_metrics?.["anomaly_accuracy"];
      if (accuracy === undefined || accuracy === null) return null;
      const share = figure("resources.current_metrics.anomaly_accuracy", accuracy);
      return share < min ? `anomaly_accuracy=${share}` : null;
    },
    stateOf: (share) => ({ resources: { current_metrics: { anomaly_accuracy: share } } }),
  },
];

/** The names of the thresholds, with the action that each leads to. */
export const HEALTH_TRIGGERS: readonly Pick<HealthTrigger, "name" | "action">[] = RULES.map((
  { name, action },
) => ({ name, action }));

/**
 * Finds the thresholds that a node's health passed. What the document leaves out passes none.
 *
 * @param state The health document.
 * @param thresholds The thresholds.
 * @param fault Told of a figure that is none, with the name of its threshold; the others are looked
 * at all the same.
 * @returns What was passed, in the order circuit, retries, components, accuracy.
 */
export function findHealthTriggers(
  state: HealthState,
  thresholds: RecoveryThresholds,
  fault: (error: unknown, name: string) => void,
): readonly HealthTrigger[] {
  return RULES.flatMap(({ name, action, find }) => {
    try {
      const reason = find(state, thresholds);
      return reason === null ? [] : [{ name, action, reason }];
    } catch (error) {
      fault(error, name);
      return [];
    }
  });
}

/** @returns The figure that a trigger's reason tells, such as 51 for `failures_1h=51`; NaN for none. */
export function figureIn(reason: string): number {
  return Number(/=(-?[\d.e+-]+?)s?$/.exec(reason)?.[1] ?? NaN);
}

/**
 * Says whether what was found earlier passes a threshold.
 *
 * @param name The threshold.
 * @param reason What was found, as {@link findHealthTriggers} says it.
 * @param thresholds The thresholds.
 * @returns Whether it does; null when there is no such threshold, or no figure.
 */
export function passesThreshold(
  name: string,
  reason: string,
  thresholds: RecoveryThresholds,
): boolean | null {
  const rule = RULES.find((each) => each.name === name);
  const figure = figureIn(reason);
  if (rule === undefined || !Number.isFinite(figure)) return null;
  return rule.find(rule.stateOf(figure), thresholds) !== null;
}

/**
 * Says how unwell a watched component is.
 *
 * @param state The health document.
 * @param watch What is watched.
 * @returns The severity of its anomaly: 1 when it failed, 0.5 when it is degraded and that counts, 0
 * when it is well; null when the document does not tell.
 */
export function componentSeverity(state: HealthState, watch: ComponentWatch): number | null {
  const told = ownValue(ownValue(state, "components"), watch.component);
  switch (canonical(SystemStatus, ownValue(told, "status"))) {
    case SystemStatus.FAILED:
      return 1;
    case SystemStatus.DEGRADED:
      return watch.degraded ? DEGRADED_SEVERITY : 0;
    case SystemStatus.HEALTHY:
      return 0;
    default:
      return null;
  }
}

function figure(name: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const got = typeof value === "number" ? String(value) : `a value of type ${typeof value}`;
  throw new HealthFigureError(`${name} must be a finite number, got ${got}`);
}

/** What others wrote may be anything, and its keys the names of what every object has. */
function ownValue(holder: unknown, key: string): unknown {
  if (!isObject(holder) || !Object.hasOwn(holder, key)) return undefined;
  return Reflect.get(holder, key);
}
