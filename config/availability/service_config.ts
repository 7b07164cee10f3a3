import type { RegisteredFeature } from "./feature.ts";
import type { FeatureStatus } from "./feature_status.ts";

/**
 * How a feature is configured here, for programs. Everything in it is text, number or boolean, and
 * every limit in it is enforced: limits of memory or retries, which nothing in this room enforces,
 * have no place here, and neither have the objects that a probe imported.
 */
export interface ServiceConfig {
  /** Name of the status key that says whether it is available. */
  readonly availability_key: string;
  /** What it is for. */
  readonly about: string;
  /** Features without which it is unavailable. */
  readonly needs: readonly string[];
  /** How long its probe may take, in seconds. */
  readonly timeout_seconds: number;
  /** The environment variables that are read for it. */
  readonly environment_vars: readonly string[];
  /** Whether it can be used. */
  readonly available: boolean;
  /** What its probe found fault with, under whatever override; null when nothing. */
  readonly last_error: string | null;
  /** What its override makes of it; null when none is set. */
  readonly environment_override: boolean | null;
  /** Whether `ORCHESTRATION_DEBUG` is on. */
  readonly debug_mode: boolean;
}

/** The variable that makes availability talk more. */
export const DEBUG_VARIABLE = "ORCHESTRATION_DEBUG";

/**
 * Puts together how a feature is configured.
 *
 * @param feature The feature.
 * @param status Whether it is available.
 * @param debugMode Whether `ORCHESTRATION_DEBUG` is on.
 * @returns The frozen configuration.
 */
export function makeServiceConfig(
  feature: RegisteredFeature,
  status: FeatureStatus,
  debugMode: boolean,
): ServiceConfig {
  const { override, probed } = status;
  const isSet = override.kind === "forced" || override.kind === "invalid";
  return Object.freeze({
    availability_key: `${feature.name}_available`,
    about: feature.about,
    needs: feature.needs,
    timeout_seconds: feature.probeTimeoutMs / 1_000,
    environment_vars: Object.freeze([feature.variable, DEBUG_VARIABLE]),
    available: status.available,
    last_error: probed === null || probed.available ? status.reason : probed.reason,
    environment_override: isSet ? status.available : null,
    debug_mode: debugMode,
  });
}
