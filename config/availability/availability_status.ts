import type { FeatureStatus } from "./feature_status.ts";
import { isOn, type Override } from "./override.ts";

/** The features that "all" and "any" speak of. Docker and features of users are not among them. */
export const ORCHESTRATION_FEATURES: readonly string[] = Object.freeze([
  "orchestrator",
  "master_orchestration",
  "background_e2e",
]);

/** The wire form of {@link AvailabilityStatus}. Lists are sorted; features of users are included. */
export interface AvailabilityStatusDict {
  /** Whether tests can be orchestrated. */
  readonly orchestrator_available: boolean;
  /** Whether layers of tests can be driven by one controller. */
  readonly master_orchestration_available: boolean;
  /** Whether long tests can run in the background. */
  readonly background_e2e_available: boolean;
  /** Whether all three are available. */
  readonly all_orchestration_available: boolean;
  /** Whether at least one of the three is available. */
  readonly any_orchestration_available: boolean;
  /** Names of the available features. */
  readonly available_features: readonly string[];
  /** Names of the unavailable features. */
  readonly unavailable_features: readonly string[];
  /** Why each unavailable feature is unavailable. */
  readonly import_errors: Readonly<Record<string, string>>;
  /** Always empty: nothing that a probe imports is kept. */
  readonly cached_imports: readonly string[];
  /** What each override that is set makes of its feature. */
  readonly environment_overrides: Readonly<Record<string, boolean>>;
  /** Whether `ORCHESTRATION_DEBUG` is on. */
  readonly debug_mode: boolean;
}

/**
 * What was available at one moment. Immutable: it does not follow later refreshes or overrides.
 *
 * @example Warn about what is missing
 * ```ts
 * import { fixedEnv, OrchestrationConfig } from "@baton/orchestration/config";
 *
 * const env = fixedEnv({ ORCHESTRATION_DOCKER_AVAILABLE: "no" });
 * const config = new OrchestrationConfig({ env });
 * await config.ready();
 * const status = config.getAvailabilityStatus();
 * if (status.dockerAvailable) throw new Error("it was switched off");
 * if (!status.toDict().unavailable_features.includes("docker")) throw new Error("not told");
 * ```
 */
export class AvailabilityStatus {
  /** Every registered feature, in the order in which they were registered. */
  readonly features: readonly FeatureStatus[];
  /** What `ORCHESTRATION_DEBUG` said. */
  readonly debugOverride: Override;

  /**
   * Keeps and freezes.
   *
   * @param features Every registered feature.
   * @param debugOverride What `ORCHESTRATION_DEBUG` said.
   */
  constructor(features: readonly FeatureStatus[], debugOverride: Override) {
    this.features = Object.freeze([...features]);
    this.debugOverride = debugOverride;
    Object.freeze(this);
  }

  /** Whether `ORCHESTRATION_DEBUG` was on. */
  get debugMode(): boolean {
    return isOn(this.debugOverride);
  }

  /** Whether tests can be orchestrated. */
  get orchestratorAvailable(): boolean {
    return this.#has("orchestrator");
  }

  /** Whether layers of tests can be driven by one controller. */
  get masterOrchestrationAvailable(): boolean {
    return this.#has("master_orchestration");
  }

  /** Whether long tests can run in the background. */
  get backgroundE2eAvailable(): boolean {
    return this.#has("background_e2e");
  }

  /** Whether the Docker daemon answers. */
  get dockerAvailable(): boolean {
    return this.#has("docker");
  }

  /** Whether all of the three orchestration features are available. */
  get allOrchestrationAvailable(): boolean {
    return ORCHESTRATION_FEATURES.every((name) => this.#has(name));
  }

  /** Whether at least one of the three orchestration features is available. */
  get anyOrchestrationAvailable(): boolean {
    return ORCHESTRATION_FEATURES.some((name) => this.#has(name));
  }

  /** Names of the available features, sorted. */
  get availableFeatures(): readonly string[] {
    return this.features.filter((each) => each.available).map(({ name }) => name).sort();
  }

  /** Names of the unavailable features, sorted. */
  get unavailableFeatures(): readonly string[] {
    return this.features.filter((each) => !each.available).map(({ name }) => name).sort();
  }

  /**
   * Why each unavailable feature is unavailable, by name. What a probe found fault with does not
   * stand here while an override makes its feature available: see `features`.
   */
  get importErrors(): Readonly<Record<string, string>> {
    return recordOf(
      this.features.flatMap(({ name, reason }) => reason === null ? [] : [[name, reason]]),
    );
  }

  /** What each override that is set makes of its feature, by variable. */
  get environmentOverrides(): Readonly<Record<string, boolean>> {
    return recordOf(
      this.features.flatMap(({ variable, override }) => {
        if (override.kind === "forced") return [[variable, override.available]];
        return override.kind === "invalid" ? [[variable, false]] : [];
      }),
    );
  }

  /** The variables that the environment permission does not let us read, sorted. */
  get unreadableOverrides(): readonly string[] {
    return this.features.filter(({ override }) => override.kind === "denied")
      .map(({ variable }) => variable).sort();
  }

  /**
   * The wire form.
   *
   * @returns Eleven keys, always in the same order.
   */
  toDict(): AvailabilityStatusDict {
    return {
      orchestrator_available: this.orchestratorAvailable,
      master_orchestration_available: this.masterOrchestrationAvailable,
      background_e2e_available: this.backgroundE2eAvailable,
      all_orchestration_available: this.allOrchestrationAvailable,
      any_orchestration_available: this.anyOrchestrationAvailable,
      available_features: this.availableFeatures,
      unavailable_features: this.unavailableFeatures,
      import_errors: this.importErrors,
      cached_imports: [],
      environment_overrides: this.environmentOverrides,
      debug_mode: this.debugMode,
    };
  }

  /**
   * The wire form, for `JSON.stringify`.
   *
   * @returns What `toDict()` gives.
   */
  toJSON(): AvailabilityStatusDict {
    return this.toDict();
  }

  #has(name: string): boolean {
    return this.features.some((each) => each.name === name && each.available);
  }
}

function recordOf<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  const sorted = [...entries].sort(([a], [b]) => a < b ? -1 : 1);
  return Object.freeze(Object.fromEntries(sorted));
}
