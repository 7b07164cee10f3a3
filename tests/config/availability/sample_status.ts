import { AvailabilityStatus } from "../../../config/availability/availability_status.ts";
import type { RegisteredFeature } from "../../../config/availability/feature.ts";
import { type FeatureStatus, judgeFeature } from "../../../config/availability/feature_status.ts";
import type { Override } from "../../../config/availability/override.ts";
import { AVAILABLE, unavailable } from "../../../config/availability/feature_probe.ts";

/** @returns A registered feature. */
export function sampleFeature(name: string, needs: readonly string[] = []): RegisteredFeature {
  return {
    name,
    about: `about ${name}`,
    needs,
    probe: () => AVAILABLE,
    probeTimeoutMs: 2_500,
    variable: `ORCHESTRATION_${name.toUpperCase()}_AVAILABLE`,
  };
}

/** What a sample feature is like: why its probe failed, null for available, and its override. */
export type Sample = readonly [name: string, fault: string | null, override?: Override];

/** @returns The status of a feature. */
export function sampleStatus([name, fault, override = { kind: "none" }]: Sample): FeatureStatus {
  const probed = fault === null ? AVAILABLE : unavailable(fault);
  return judgeFeature(sampleFeature(name), override, probed, []);
}

/** @returns The status of features. */
export function sampleAvailability(
  samples: readonly Sample[],
  debugOverride: Override = { kind: "none" },
): AvailabilityStatus {
  return new AvailabilityStatus(samples.map(sampleStatus), debugOverride);
}

export const ON: Override = { kind: "forced", available: true };
export const OFF: Override = { kind: "forced", available: false };
export const JUNK: Override = { kind: "invalid", value: "maybe" };
export const DENIED: Override = { kind: "denied" };
