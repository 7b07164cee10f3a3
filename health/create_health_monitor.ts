import type { HealthComponentSettings } from "../config/schemas/health_components.ts";
import type { HealthDocument } from "../config/schemas/health_document.ts";
import { checkOfSettings, type CheckParts } from "./check_of_settings.ts";
import type { ComponentOptions } from "./component_options.ts";
import { HealthMonitor } from "./health_monitor.ts";
import type { HealthMonitorOptions } from "./health_monitor_options.ts";

/** Options of {@link createHealthMonitor}: what a file cannot say. */
export interface CreateHealthMonitorOptions extends HealthMonitorOptions, CheckParts {}

/**
 * Makes a monitor of what `health.yaml` says. Components that are switched off are left out.
 *
 * @param document What the file says.
 * @param options What a file cannot say; components given here come after those of the file, and win
 * over one of the same name.
 * @returns The monitor; nothing runs yet.
 * @throws {RangeError} when a component needs the program's database or a custom check that was not
 * given, or a figure is out of range.
 *
 * @example Watch what a file says
 * ```ts
 * import { healthSchema, parseConfig } from "@baton/orchestration/config";
 * import { createHealthMonitor } from "@baton/orchestration/health";
 *
 * const text = "components: { queue: { type: custom, failure_threshold: 1 } }";
 * const { config } = await parseConfig(text, healthSchema);
 * const monitor = createHealthMonitor(config, {
 *   customChecks: { queue: () => ({ status: "failed", message: "full" }) },
 * });
 * const state = await monitor.getComprehensiveState();
 * if (state.system?.failed_components !== 1) throw new Error("it is full");
 * ```
 */
export function createHealthMonitor(
  document: HealthDocument,
  options: CreateHealthMonitorOptions = {},
): HealthMonitor {
  return new HealthMonitor({
    ...options,
    components: [...componentsOf(document, options), ...options.components ?? []],
  });
}

/**
 * Says how the components of a file are watched.
 *
 * @param document What the file says.
 * @param parts What the program gives.
 * @returns The components that are switched on, as a monitor takes them.
 * @throws {RangeError} when one needs a part that the program does not give.
 */
export function componentsOf(
  document: HealthDocument,
  parts: CheckParts = {},
): readonly ComponentOptions[] {
  return Object.entries(document.components)
    .filter(([, settings]) => settings.enabled)
    .map(([name, settings]) => ({
      ...timesOf(settings, document),
      name,
      check: checkOfSettings(name, settings, parts),
    }));
}

function timesOf(
  settings: HealthComponentSettings,
  document: HealthDocument,
): Omit<ComponentOptions, "name"> {
  return {
    intervalMs: (settings.interval ?? document.interval) * 1_000,
    timeoutMs: (settings.timeout ?? document.timeout) * 1_000,
    slowMs: settings.slow === null ? Infinity : settings.slow * 1_000,
    failureThreshold: settings.failure_threshold ?? document.failure_threshold,
    successThreshold: settings.success_threshold ?? document.success_threshold,
  };
}
