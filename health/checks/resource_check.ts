import { ResourceHealth } from "../../enums/resource_health.ts";
import {
  type Bounds,
  classifyResource,
  componentStatus,
  worstResource,
} from "../classify_health.ts";
import { round } from "../component_record.ts";
import { healthThresholds } from "../health_thresholds.ts";
import { type Reading, type ResourceReader, systemResources } from "../system_resources.ts";
import type { HealthCheck, HealthFinding } from "./health_check.ts";

/** Options of the checks of a machine's resources. */
export interface ResourceCheckOptions {
  /**
   * From where on the value degrades the component.
   *
   * @default that of `HealthThresholds`
   */
  readonly warning?: number;
  /**
   * From where on the value fails the component.
   *
   * @default that of `HealthThresholds`
   */
  readonly critical?: number;
  /**
   * Where it is read.
   *
   * @default systemResources
   */
  readonly resources?: ResourceReader;
}

/**
 * Makes a check of memory: the share of the machine's that is in use, and the share of the heap that
 * this process may grow to, whichever is worse. The machine's needs `--allow-sys=systemMemoryInfo`.
 *
 * @param options Bounds, as shares above 0, up to 1.
 * @returns The check.
 * @throws {RangeError} when the bounds are out of order or range.
 */
export function memoryCheck(options: ResourceCheckOptions = {}): HealthCheck {
  const { resources = systemResources } = options;
  const defaults = healthThresholds();
  const { memoryWarningShare, memoryCriticalShare } = healthThresholds({
    memoryWarningShare: options.warning ?? defaults.memoryWarningShare,
    memoryCriticalShare: options.critical ?? defaults.memoryCriticalShare,
  });
  const bounds = { warning: memoryWarningShare, critical: memoryCriticalShare };
  return {
    resource: "memory",
    look: () =>
      judgeReadings({
        memory_used_share: resources.machineMemoryShare(),
        heap_used_share: resources.heapShare(),
      }, bounds),
  };
}

/**
 * Makes a check of the load average of the last minute per core; needs `--allow-sys=loadavg`.
 *
 * @param options Bounds, per core.
 * @returns The check.
 * @throws {RangeError} when the bounds are out of order or range.
 */
export function cpuCheck(options: ResourceCheckOptions = {}): HealthCheck {
  const { resources = systemResources } = options;
  const defaults = healthThresholds();
  const { loadWarningPerCore, loadCriticalPerCore } = healthThresholds({
    loadWarningPerCore: options.warning ?? defaults.loadWarningPerCore,
    loadCriticalPerCore: options.critical ?? defaults.loadCriticalPerCore,
  });
  const bounds = { warning: loadWarningPerCore, critical: loadCriticalPerCore };
  return {
    resource: "cpu",
    look: () => judgeReadings({ load_per_core: resources.loadPerCore() }, bounds),
  };
}

/** @returns The worst of some readings; unknown where one could not be read and no other is short. */
export function judgeReadings(
  readings: Readonly<Record<string, Reading>>,
  bounds: Bounds,
): HealthFinding {
  const entries = Object.entries(readings);
  const statuses = entries.map(([, reading]) =>
    classifyResource(reading.kind === "measured" ? reading.value : undefined, bounds)
  );
  const parts = entries.map(([name, reading]) =>
    reading.kind === "measured" ? `${name} ${round(reading.value)}` : `${name}: ${reading.reason}`
  );
  const metadata = Object.fromEntries(
    entries.flatMap(([name, reading]) =>
      reading.kind === "measured" ? [[name, round(reading.value)]] : []
    ),
  );
  const limits = `warning from ${bounds.warning}, critical from ${bounds.critical}`;
  return {
    status: componentStatus(judgeAll(statuses)),
    message: `${parts.join(", ")}; ${limits}`,
    metadata,
  };
}

function judgeAll(statuses: readonly ResourceHealth[]): ResourceHealth {
  const worst = worstResource(statuses);
  const isShort = worst === ResourceHealth.WARNING || worst === ResourceHealth.CRITICAL;
  return !isShort && statuses.includes(ResourceHealth.UNKNOWN) ? ResourceHealth.UNKNOWN : worst;
}
