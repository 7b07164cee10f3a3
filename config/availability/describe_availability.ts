import type { AvailabilityStatus } from "./availability_status.ts";
import { ENV_FLAG } from "./override.ts";
import type { FeatureStatus } from "./feature_status.ts";

/**
 * Says what is available, for people: a line for each feature, then what the environment has to do
 * with it.
 *
 * @param status What is available.
 * @returns Lines without a line break at the end.
 */
export function describeAvailability(status: AvailabilityStatus): string {
  const width = Math.max(...status.features.map(({ name }) => name.length));
  const unreadable = status.unreadableOverrides.length === 0
    ? []
    : [`overrides cannot be read: ${ENV_FLAG}`];
  return [
    ...status.features.map((each) => `${each.name.padEnd(width)}  ${describeFeature(each)}`),
    ...unreadable,
    ...status.debugMode ? ["ORCHESTRATION_DEBUG is on"] : [],
  ].join("\n");
}

/**
 * Says whether a feature is available and why, or why not. A probe's finding that an override hides
 * is told as well.
 *
 * @param status The feature.
 * @returns One line.
 */
export function describeFeature(status: FeatureStatus): string {
  const { available, reason, override, probed, variable } = status;
  if (!available) return `unavailable: ${reason}`;
  if (override.kind !== "forced") return "available";
  const masked = probed?.available === false ? `, masking: ${probed.reason}` : "";
  return `available by ${variable}${masked}`;
}
