import { SystemStatus } from "../../enums/system_status.ts";
import { classifyResource, componentStatus } from "../classify_health.ts";
import { round } from "../component_record.ts";
import { healthThresholds } from "../health_thresholds.ts";
import { LagSampler } from "../lag_sampler.ts";
import type { HealthCheck, HealthFinding } from "./health_check.ts";

/** Options of {@link eventLoopCheck}. */
export interface EventLoopCheckOptions {
  /**
   * Lag (99th percentile of the last minute) that degrades the component, in ms.
   *
   * @default 100
   */
  readonly warningMs?: number;
  /**
   * Lag (99th percentile of the last minute) that fails the component, in ms.
   *
   * @default 1_000
   */
  readonly criticalMs?: number;
  /**
   * Pause between two samples in ms, from 10 to 60,000: the one timer that a check keeps while the
   * monitor runs.
   *
   * @default 250
   */
  readonly sampleMs?: number;
}

const SAMPLE_MIN_MS = 10;
const SAMPLE_MAX_MS = 60_000;

/**
 * Makes a check of the event loop's lag: how late this process runs its timers. Unknown until the
 * monitor runs.
 *
 * @param options Bounds, and how often to sample.
 * @returns The check; for one component of one monitor.
 * @throws {RangeError} when the bounds are out of order or the pause is out of range.
 */
export function eventLoopCheck(options: EventLoopCheckOptions = {}): HealthCheck {
  const { sampleMs = 250 } = options;
  const { lagWarningMs: warning, lagCriticalMs: critical } = healthThresholds({
    lagWarningMs: options.warningMs ?? healthThresholds().lagWarningMs,
    lagCriticalMs: options.criticalMs ?? healthThresholds().lagCriticalMs,
  });
  if (!(sampleMs >= SAMPLE_MIN_MS && sampleMs <= SAMPLE_MAX_MS)) {
    throw new RangeError(
      `sampleMs must be ${SAMPLE_MIN_MS} to ${SAMPLE_MAX_MS}, got ${sampleMs}`,
    );
  }
  let sampler: LagSampler | null = null;
  return {
    start(clock) {
      sampler ??= new LagSampler({ clock, sampleMs });
      sampler.start();
    },
    async stop() {
      await sampler?.stop();
    },
    look(): HealthFinding {
      const lag = sampler?.summary();
      if (lag === undefined) return { status: SystemStatus.UNKNOWN, message: "no sample yet" };
      return {
        status: componentStatus(classifyResource(lag.p99Ms, { warning, critical })),
        message: `p99 ${round(lag.p99Ms)} ms, warning from ${warning}, critical from ${critical}`,
        metadata: { lag_p99_ms: round(lag.p99Ms), lag_max_ms: round(lag.maxMs) },
      };
    },
  };
}
