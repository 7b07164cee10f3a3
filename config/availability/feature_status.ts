import type { RegisteredFeature } from "./feature.ts";
import { fitReason, type ProbeResult } from "./feature_probe.ts";
import { oneLine } from "./one_line.ts";
import type { Override } from "./override.ts";
import { ENV_FLAG_WORDS } from "./parse_env_flag.ts";

/** Whether one feature can be used, and why not. */
export interface FeatureStatus {
  /** Name of the feature. */
  readonly name: string;
  /** What it is for. */
  readonly about: string;
  /** Whether it can be used. */
  readonly available: boolean;
  /**
   * Why it cannot; null when it can. Where what it needs is at fault, the features that fail
   * themselves are named, not those between.
   */
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

/** How many features at fault a reason names. */
const CAUSES_NAMED_MAX = 10;

/**
 * Judges a feature by its override, its probe and what it needs, in that order. Pure.
 *
 * @param feature The feature.
 * @param override What its variable says.
 * @param probed What its probe found; null when it was not probed, which an override makes good.
 * @param causes The features that it needs, directly or not, and that are unavailable themselves.
 * @returns The frozen status.
 */
export function judgeFeature(
  feature: RegisteredFeature,
  override: Override,
  probed: ProbeResult | null,
  causes: readonly FeatureStatus[],
): FeatureStatus {
  const reason = findReason(feature, override, probed, causes);
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
  causes: readonly FeatureStatus[],
): string | null {
  if (override.kind === "forced") {
    return override.available ? null : `switched off by ${feature.variable}`;
  }
  if (override.kind === "invalid") return describeInvalid(feature.variable, override.value);
  if (probed === null) return "not probed";
  if (!probed.available) return probed.reason;
  return causes.length === 0 ? null : describeCauses(causes);
}

function describeCauses(causes: readonly FeatureStatus[]): string {
  const named = causes.slice(0, CAUSES_NAMED_MAX);
  const rest = causes.length - named.length;
  return fitReason([
    ...named.map(({ name, reason }) => `needs ${name}: ${reason}`),
    ...rest === 0 ? [] : [`and ${rest} more`],
  ].join("; "));
}

/** @returns What is wrong with the value of an override. */
export function describeInvalid(variable: string, value: string): string {
  const shown = value.length > VALUE_SHOWN_MAX_LENGTH
    ? `${value.slice(0, VALUE_SHOWN_MAX_LENGTH)}…`
    : value;
  return `${variable} is ${oneLine(JSON.stringify(shown))}, expected one of ${ENV_FLAG_WORDS}`;
}
