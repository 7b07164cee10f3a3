import { AVAILABLE, type FeatureProbe, unavailable } from "../feature_probe.ts";
import { settleProbe } from "../settle_probe.ts";

/**
 * Combines probes: available when all of them are. They run side by side, under one deadline.
 *
 * @param probes The probes.
 * @returns The probe; its reason is that of every one that fails, in their order.
 *
 * @example A feature with two conditions
 * ```ts
 * import { allOf, kvProbe, OrchestrationConfig, permissionProbe } from "@baton/orchestration/config";
 *
 * const probe = allOf(kvProbe(), permissionProbe({ name: "net" }));
 * const config = new OrchestrationConfig({ features: [{ name: "sync", about: "sync", probe }] });
 * await config.isAvailable("sync");
 * ```
 */
export function allOf(...probes: readonly FeatureProbe[]): FeatureProbe {
  return async (context) => {
    const results = await Promise.all(probes.map((probe) => settleProbe(probe, context)));
    const reasons = results.flatMap((result) => result.available ? [] : [result.reason]);
    return reasons.length === 0 ? AVAILABLE : unavailable(reasons.join("; "));
  };
}
