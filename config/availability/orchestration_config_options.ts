import type { Clock } from "../../clock.ts";
import type { EnvReader } from "../env_reader.ts";
import type { Feature } from "./feature.ts";
import type { FeatureProbe } from "./feature_probe.ts";

/** Options of `OrchestrationConfig`. */
export interface OrchestrationConfigOptions {
  /**
   * Features beside the built-in ones, in the order of their needs.
   *
   * @default none
   */
  readonly features?: readonly Feature[];
  /**
   * Probes that take the place of those of the features, by name of the feature.
   *
   * @default none
   */
  readonly probes?: Readonly<Record<string, FeatureProbe>>;
  /**
   * The environment, for overrides and `ORCHESTRATION_DEBUG`.
   *
   * @default that of the process
   */
  readonly env?: EnvReader;
  /**
   * Times the probes.
   *
   * @default the clock of this machine
   */
  readonly clock?: Clock;
  /**
   * How long a probe may take, in ms: above 0, at most 600,000.
   *
   * @default 5000
   */
  readonly probeTimeoutMs?: number;
}

/** Options of `OrchestrationConfig.refresh`. */
export interface RefreshOptions {
  /**
   * Whether to probe again what was probed before.
   *
   * @default false: only what has no answer yet is probed
   */
  readonly force?: boolean;
  /**
   * Names of the features to probe.
   *
   * @default all
   */
  readonly features?: readonly string[];
}
