import type { RegisteredFeature } from "./feature.ts";
import { ORCHESTRATION_FEATURES } from "./availability_status.ts";
import type { FeatureStatus } from "./feature_status.ts";
import { DEBUG_VARIABLE } from "./override.ts";
import { importOf } from "./probes/import_probe.ts";

/**
 * How a feature is configured here, for programs. Everything in it is text, number or boolean, and
 * what it says is true and enforced: limits of memory or retries, which nothing in this room
 * enforces, have no place here, and neither have the objects that a probe imported.
 */
export interface ServiceConfig {
  /** The key of the status that says whether it is available; null when none does. */
  readonly availability_key: string | null;
  /** What it is for. */
  readonly about: string;
  /** Features without which it is unavailable. */
  readonly needs: readonly string[];
  /** What its probe imports; absent unless that is what its probe does. */
  readonly import_modules?: readonly string[];
  /** What that must export; absent together with it. */
  readonly required_classes?: readonly string[];
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
  const { name } = feature;
  const imported = importOf(feature.probe);
  return Object.freeze({
    availability_key: ORCHESTRATION_FEATURES.includes(name) ? `${name}_available` : null,
    about: feature.about,
    needs: feature.needs,
    ...imported && {
      import_modules: Object.freeze([imported.specifier]),
      required_classes: imported.exports,
    },
    timeout_seconds: feature.probeTimeoutMs / 1_000,
    environment_vars: Object.freeze([feature.variable, DEBUG_VARIABLE]),
    available: status.available,
    last_error: probed === null || probed.available ? status.reason : probed.reason,
    environment_override: isSet ? status.available : null,
    debug_mode: debugMode,
  });
}
