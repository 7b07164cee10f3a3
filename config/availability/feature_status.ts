import type { RegisteredFeature } from "./feature.ts";
import type { Override } from "./override.ts";
import { ENV_FLAG_WORDS } from "./parse_env_flag.ts";
import type { ProbeResult } from "./feature_probe.ts";

/** Whether one feature can be used, and why not. */
export interface FeatureStatus {
  /** Name of the feature. */
  readonly name: string;
  /** What it is for. */
  readonly about: string;
  /** Whether it can be used. */
  readonly available: boolean;
  /** Why it cannot; null when it can. */
  readonly reason: string | null;
  /** Features without which it is unavailable. */
  readonly needs: readonly string[];
  /** The environment variable that overrides it. */
  readonly variable: string;
  /** What the variable says. */
  readonly override: Override;
  /** What the probe found, under whatever override; null when it was not probed. */
  readonly probed: ProbeResult | null;
}

const VALUE_SHOWN_MAX_LENGTH = 40;

/**
 * Judges a feature by its override, its probe and its needs, in that order. Pure.
 *
 * @param feature The feature.
 * @param override What its variable says.
 * @param probed What its probe found; null when it was not probed, which an override makes good.
 * @param needs The status of the features that it needs.
 * @returns The frozen status.
 */
export function judgeFeature(
  feature: RegisteredFeature,
  override: Override,
  probed: ProbeResult | null,
  needs: readonly FeatureStatus[],
): FeatureStatus {
  const reason = findReason(feature, override, probed, needs);
  return Object.freeze({
    name: feature.name,
    about: feature.about,
    available: reason === null,
    reason,
    needs: feature.needs,
    variable: feature.variable,
    override,
    probed,
  });
}

/** @returns Whether the variable alone decides. */
export function isDecisive(override: Override): boolean {
  return override.kind === "forced" || override.kind === "invalid";
}

function findReason(
  feature: RegisteredFeature,
  override: Override,
  probed: ProbeResult | null,
  needs: readonly FeatureStatus[],
): string | null {
  if (override.kind === "forced") {
    return override.available ? null : `switched off by ${feature.variable}`;
  }
  if (override.kind === "invalid") return describeInvalid(feature.variable, override.value);
  if (probed === null) return "not probed";
  if (!probed.available) return probed.reason;
  const missing = needs.filter((need) => !need.available);
  if (missing.length === 0) return null;
  return missing.map(({ name, reason }) => `needs ${name}: ${reason}`).join("; ");
}

/** @returns What is wrong with the value of an override. */
export function describeInvalid(variable: string, value: string): string {
  const shown = value.length > VALUE_SHOWN_MAX_LENGTH
    ? `${value.slice(0, VALUE_SHOWN_MAX_LENGTH)}…`
    : value;
  return `${variable} is ${JSON.stringify(shown)}, expected one of ${ENV_FLAG_WORDS}`;
}
