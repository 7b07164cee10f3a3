import type { FallbackMode } from "../enums/fallback_mode.ts";
import { classifyRetries, type SystemSummary } from "./classify_health.ts";
import type { ComponentDict, HealthCheckDict } from "./component_record.ts";
import { round } from "./component_record.ts";
import type { HealthState } from "./health_state.ts";
import type { CircuitReport } from "./read_circuit.ts";
import type { ResourceSummary } from "./summarize_resources.ts";

/** What a health document is made of. */
export interface HealthFacts {
  /** Now, UTC ISO. */
  readonly timestamp: string;
  /** For how long the monitor has been there, in ms. */
  readonly uptimeMs: number;
  readonly system: SystemSummary;
  readonly circuit: CircuitReport;
  readonly failuresLastHour: number;
  readonly attempts: number;
  readonly resources: ResourceSummary;
  readonly mode: FallbackMode;
  /** The last changes of the mode. */
  readonly cascadeLog: readonly unknown[];
  readonly components: readonly {
    readonly dict: ComponentDict;
    readonly latest: HealthCheckDict | null;
  }[];
}

const SECONDS_PER_HOUR = 3_600;

/** @returns The document. */
export function describeHealth(facts: HealthFacts): Required<HealthState> {
  const { components, failuresLastHour } = facts;
  const checks = components.flatMap(({ latest }) => latest === null ? [] : [latest]);
  return {
    timestamp: facts.timestamp,
    system: facts.system,
    circuit_breaker: facts.circuit,
    retry: {
      state: classifyRetries(failuresLastHour),
      failures_1h: failuresLastHour,
      failure_rate: failuresLastHour / SECONDS_PER_HOUR,
      total_attempts: facts.attempts,
    },
    resources: facts.resources,
    fallback: { mode: facts.mode, cascade_log: facts.cascadeLog },
    components: Object.fromEntries(components.map(({ dict }) => [dict.name, dict])),
    health_checks: Object.fromEntries(checks.map((check) => [check.name, check])),
    uptime_seconds: round(facts.uptimeMs / 1_000),
  };
}
