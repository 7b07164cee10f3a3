import type { FeatureProbe } from "./feature_probe.ts";

/** A feature whose availability can be asked for: one entry of the registry. */
export interface Feature {
  /** Its name in snake_case, such as "gpu_tests". */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly about: string;
  /**
   * Features without which this one is unavailable too. They are registered before it, and are
   * judged at every read, their overrides included.
   *
   * @default none
   */
  readonly needs?: readonly string[];
  /**
   * Finds out whether it can be used.
   *
   * @default one that answers "available": the needs alone decide
   */
  readonly probe?: FeatureProbe;
  /**
   * How long the probe may take, in ms.
   *
   * @default the deadline of the configuration
   */
  readonly probeTimeoutMs?: number;
}

/** A feature as it is registered: checked, complete and frozen. */
export interface RegisteredFeature {
  /** Its name. */
  readonly name: string;
  /** What it is for. */
  readonly about: string;
  /** Features without which it is unavailable. */
  readonly needs: readonly string[];
  /** Finds out whether it can be used. */
  readonly probe: FeatureProbe;
  /** How long the probe may take, in ms. */
  readonly probeTimeoutMs: number;
  /** The environment variable that overrides the probe. */
  readonly variable: string;
}
