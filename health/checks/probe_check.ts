import {
  type FeatureProbe,
  type ProbeContext,
  unavailable,
} from "../../config/availability/feature_probe.ts";
import { missingPermission } from "../../config/availability/probes/missing_permission.ts";
import { settleProbe } from "../../config/availability/settle_probe.ts";
import { fixedEnv } from "../../config/env_reader.ts";
import { SystemStatus } from "../../enums/system_status.ts";
import type { HealthCheck, HealthCheckContext, HealthFinding } from "./health_check.ts";

/**
 * Makes a check of a feature probe, as `@baton/orchestration/config` has them: what is not available
 * has failed.
 *
 * @param probe The probe. It gets no environment, and cannot ask for other features.
 * @param permissions What it needs; while one is missing, the component is unknown.
 * @returns The check.
 *
 * @example A module that must load
 * ```ts
 * import { importProbe } from "@baton/orchestration/config";
 * import { HealthMonitor, probeCheck } from "@baton/orchestration/health";
 *
 * const monitor = new HealthMonitor();
 * monitor.register({ name: "paths", check: probeCheck(importProbe("node:path")) });
 * const state = await monitor.getComprehensiveState();
 * if (state.system?.status !== "HEALTHY") throw new Error("it is built in");
 * ```
 */
export function probeCheck(
  probe: FeatureProbe,
  permissions: readonly Deno.PermissionDescriptor[] = [],
): HealthCheck {
  return {
    look: async (context) => await missingAny(permissions) ?? await lookByProbe(probe, context),
  };
}

/**
 * Looks for the first permission that was not granted.
 *
 * @param permissions What is needed.
 * @returns Null when all were granted, else what a check answers then.
 */
export async function missingAny(
  permissions: readonly Deno.PermissionDescriptor[],
): Promise<HealthFinding | null> {
  for (const permission of permissions) {
    const missing = await missingPermission(permission);
    if (missing !== null) return { status: SystemStatus.UNKNOWN, message: missing };
  }
  return null;
}

async function lookByProbe(
  probe: FeatureProbe,
  { signal, clock }: HealthCheckContext,
): Promise<HealthFinding> {
  const context: ProbeContext = { feature: "health", signal, clock, env: fixedEnv({}), ask };
  const result = await settleProbe(probe, context);
  return result.available
    ? { status: SystemStatus.HEALTHY }
    : { status: SystemStatus.FAILED, message: result.reason };
}

const ask: ProbeContext["ask"] = (feature) =>
  Promise.resolve(unavailable(`a health check cannot ask for "${feature}"`));
