import type { AvailabilityStatus } from "./availability_status.ts";
import { describeInvalid, type FeatureStatus } from "./feature_status.ts";
import { DEBUG_VARIABLE, ENV_FLAG } from "./override.ts";

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
    ...describeDebug(status),
  ].join("\n");
}

function describeDebug({ debugMode, debugOverride }: AvailabilityStatus): readonly string[] {
  if (debugMode) return [`${DEBUG_VARIABLE} is on`];
  if (debugOverride.kind !== "invalid") return [];
  return [describeInvalid(DEBUG_VARIABLE, debugOverride.value)];
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
