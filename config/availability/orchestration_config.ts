import { NotProbedError } from "./availability_errors.ts";
import { AvailabilityStatus, ORCHESTRATION_FEATURES } from "./availability_status.ts";
import { type ConfigParts, makeConfigParts } from "./config_parts.ts";
import { describeAvailability } from "./describe_availability.ts";
import type { Feature } from "./feature.ts";
import type { FeatureStatus } from "./feature_status.ts";
import { type AvailabilityIssue, findAvailabilityIssues } from "./find_availability_issues.ts";
import type { OrchestrationConfigOptions, RefreshOptions } from "./orchestration_config_options.ts";
import { isOn } from "./override.ts";
import { makeServiceConfig, type ServiceConfig } from "./service_config.ts";

let restart: (config: OrchestrationConfig, options: OrchestrationConfigOptions) => void;

/**
 * Says which features are available here, and why the others are not.
 *
 * Not guaranteed: that a feature is still available when it is used. What a probe found stands until
 * `refresh({ force: true })` or `invalidate()`, failures included.
 *
 * Asking is asynchronous and probes a feature at its first question, once for all who ask. Getters
 * answer from what was probed and throw `NotProbedError` before that. Overrides
 * (`ORCHESTRATION_<FEATURE>_AVAILABLE`: true, 1, yes, on, false, 0, no, off, in any case) are read at
 * every question, decide it, and need no probe; a value that is none of these words makes the
 * feature unavailable.
 *
 * @example Ask, then read
 * ```ts
 * import { fixedEnv, OrchestrationConfig } from "@baton/orchestration/config";
 *
 * const config = new OrchestrationConfig({
 *   env: fixedEnv({ ORCHESTRATION_DOCKER_AVAILABLE: "off" }),
 *   features: [{ name: "gpu_tests", about: "tests on a GPU", probe: () => ({ available: true }) }],
 * });
 * await config.ready();
 * if (!config.available("gpu_tests")) throw new Error("its probe said so");
 * if (config.dockerAvailable) throw new Error("it was switched off");
 * ```
 */
export class OrchestrationConfig {
  static {
    restart = (config, options) => config.#parts = makeConfigParts(options);
  }

  #parts: ConfigParts;

  /**
   * Makes a configuration. Nothing is probed or read yet.
   *
   * @param options Features, probes, environment, clock and deadline.
   * @throws {RangeError} when a deadline or the name of a feature is out of range.
   * @throws {DuplicateFeatureError} when two features have one name.
   * @throws {UnknownFeatureError} when a probe or a need names a feature that is not there.
   * @throws {TypeError} when a probe is not a function.
   */
  constructor(options: OrchestrationConfigOptions = {}) {
    this.#parts = makeConfigParts(options);
  }

  /**
   * Adds a feature. It is probed at its first question, also after the others were probed.
   *
   * @param feature The feature; copied.
   * @throws {RangeError} when its name or deadline is out of range, or there are 256 features.
   * @throws {DuplicateFeatureError} when the name is taken.
   * @throws {UnknownFeatureError} when it needs a feature that is not there yet.
   * @throws {TypeError} when its probe is not a function.
   */
  register(feature: Feature): void {
    this.#parts.registry.register(feature);
  }

  /** Names of the registered features, in the order in which they were registered. */
  get featureNames(): readonly string[] {
    return this.#parts.registry.names;
  }

  /**
   * Says whether a feature is available, probing it and what it needs unless that was done.
   *
   * @param name Name of the feature.
   * @returns Whether it is.
   * @throws {UnknownFeatureError} when there is no such feature.
   */
  async isAvailable(name: string): Promise<boolean> {
    return (await this.explain(name)).available;
  }

  /**
   * Says whether a feature is available and why, probing it and what it needs unless that was done.
   *
   * @param name Name of the feature.
   * @returns Its frozen status.
   * @throws {UnknownFeatureError} when there is no such feature.
   */
  async explain(name: string): Promise<FeatureStatus> {
    const [status] = await this.#parts.answers.ask([name]);
    return status!;
  }

  /**
   * Tells everything about every feature, probing those that were not probed.
   *
   * @returns The status at the moment of the last answer; frozen.
   */
  async explainAll(): Promise<AvailabilityStatus> {
    const features = await this.#parts.answers.ask(this.featureNames);
    return new AvailabilityStatus(features, this.#parts.readDebug());
  }

  /**
   * Probes every feature that has not been probed; from then on the getters answer. A feature that
   * an override decides is probed too, so that its own answer is there once the override goes; one
   * that is registered while this waits is waited for, and so is what is probed again after
   * `invalidate()`.
   *
   * @returns A promise that resolves when all have answered. Never rejects.
   */
  async ready(): Promise<void> {
    await this.refresh();
  }

  /**
   * Probes again beside what is known, and swaps it in when all probes have answered: meanwhile,
   * questions get the old answers. A refresh that is asked for while another runs comes after it,
   * together with all others that wait. After `invalidate()` during a refresh, it probes once more.
   *
   * @param options Whether to probe what was probed before, and which features.
   * @returns A promise that resolves when the getters have answers from probes that began after the
   * call, or without `force` at whatever time.
   * @throws {UnknownFeatureError} when there is no such feature.
   */
  async refresh(options: RefreshOptions = {}): Promise<void> {
    const { snapshots, registry } = this.#parts;
    const features = options.features?.map((name) => registry.get(name).name);
    if (options.force) await snapshots.refresh(features);
    await snapshots.fill(() => features ?? registry.names);
  }

  /** Forgets what the probes found: the next question probes, and getters throw until then. */
  invalidate(): void {
    this.#parts.snapshots.invalidate();
  }

  /**
   * Says whether a feature is available, without probing.
   *
   * @param name Name of the feature.
   * @returns Whether it is.
   * @throws {UnknownFeatureError} when there is no such feature.
   * @throws {NotProbedError} before it was probed, unless an override answers.
   */
  available(name: string): boolean {
    return this.#parts.answers.isAvailable(name);
  }

  /** Whether tests can be orchestrated. Throws {@link NotProbedError} before it was probed. */
  get orchestratorAvailable(): boolean {
    return this.available("orchestrator");
  }

  /** Whether layers can be driven as one. Throws {@link NotProbedError} before it was probed. */
  get masterOrchestrationAvailable(): boolean {
    return this.available("master_orchestration");
  }

  /** Whether tests can run in the background. Throws {@link NotProbedError} before it was probed. */
  get backgroundE2eAvailable(): boolean {
    return this.available("background_e2e");
  }

  /** Whether the Docker daemon answers. Throws {@link NotProbedError} before it was probed. */
  get dockerAvailable(): boolean {
    return this.available("docker");
  }

  /** Whether all three above Docker are. Throws {@link NotProbedError} before they were probed. */
  get allOrchestrationAvailable(): boolean {
    return this.#readOrchestration().every((each) => each.available);
  }

  /** Whether one of the three above Docker is. Throws {@link NotProbedError} before they were probed. */
  get anyOrchestrationAvailable(): boolean {
    return this.#readOrchestration().some((each) => each.available);
  }

  /** Whether `ORCHESTRATION_DEBUG` is on at this moment; then probes are logged at level info. */
  get debugMode(): boolean {
    return isOn(this.#parts.readDebug());
  }

  /**
   * Tells everything about every feature, without probing.
   *
   * @returns The status at this moment; frozen.
   * @throws {NotProbedError} naming every feature that neither a probe nor an override has answered.
   */
  getAvailabilityStatus(): AvailabilityStatus {
    const { answers, readDebug } = this.#parts;
    return new AvailabilityStatus(answers.read(this.featureNames), readDebug());
  }

  /**
   * Lists what can be used.
   *
   * @returns Names of the available features, sorted.
   * @throws {NotProbedError} before all were probed.
   */
  getAvailableFeatures(): readonly string[] {
    return this.getAvailabilityStatus().availableFeatures;
  }

  /**
   * Lists what cannot be used.
   *
   * @returns Names of the unavailable features, sorted.
   * @throws {NotProbedError} before all were probed.
   */
  getUnavailableFeatures(): readonly string[] {
    return this.getAvailabilityStatus().unavailableFeatures;
  }

  /**
   * Tells why features are unavailable; not what an override masks, which `explain(name)` has.
   *
   * @returns The reason for each unavailable feature, by name.
   * @throws {NotProbedError} before all were probed.
   */
  getImportErrors(): Readonly<Record<string, string>> {
    return this.getAvailabilityStatus().importErrors;
  }

  /**
   * Tells how a feature is configured here: text, numbers and booleans only.
   *
   * @param name Name of the feature.
   * @returns The frozen configuration, with the keys of its wire form.
   * @throws {UnknownFeatureError} when there is no such feature.
   * @throws {NotProbedError} before it was probed, unless an override answers.
   */
  getServiceConfig(name: string): ServiceConfig {
    const { registry, answers } = this.#parts;
    const feature = registry.get(name);
    const [status] = answers.read([name]);
    return makeServiceConfig(feature, status!, this.debugMode);
  }

  /**
   * Lists what is wrong or worth knowing. An active override is information, not a fault.
   *
   * @returns The issues, each with its severity.
   * @throws {NotProbedError} before all were probed.
   */
  validateConfiguration(): readonly AvailabilityIssue[] {
    return findAvailabilityIssues(this.getAvailabilityStatus());
  }

  /**
   * Says what is available, for people.
   *
   * @returns A line for each feature, and what the environment has to do with it.
   * @throws {NotProbedError} before all were probed.
   */
  describe(): string {
    return describeAvailability(this.getAvailabilityStatus());
  }

  /**
   * Says in a few words what is available. Never throws.
   *
   * @returns Such as `OrchestrationConfig(available=docker)`.
   */
  toString(): string {
    try {
      return `OrchestrationConfig(available=${this.getAvailableFeatures().join(",") || "none"})`;
    } catch (error) {
      if (error instanceof NotProbedError) return "OrchestrationConfig(not probed)";
      throw error;
    }
  }

  #readOrchestration(): readonly FeatureStatus[] {
    return this.#parts.answers.read(ORCHESTRATION_FEATURES);
  }
}

/**
 * Starts a configuration anew, in place, so that whoever holds it goes on with the new one.
 *
 * @param config The configuration.
 * @param options What it is made of from now on.
 */
export function restartOrchestrationConfig(
  config: OrchestrationConfig,
  options: OrchestrationConfigOptions,
): void {
  restart(config, options);
}
