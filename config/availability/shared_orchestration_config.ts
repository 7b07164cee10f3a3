import { type AvailabilityStatus, ORCHESTRATION_FEATURES } from "./availability_status.ts";
import { type AvailabilityIssue, findAvailabilityIssues } from "./find_availability_issues.ts";
import { OrchestrationConfig, restartOrchestrationConfig } from "./orchestration_config.ts";
import type { OrchestrationConfigOptions, RefreshOptions } from "./orchestration_config_options.ts";

/**
 * The configuration that the functions of this module use. Importing it probes and reads nothing.
 *
 * @example Use what is there
 * ```ts
 * import { orchestrationConfig } from "@baton/orchestration/config";
 *
 * const mode = await orchestrationConfig.isAvailable("orchestrator") ? "layers" : "plain";
 * if (mode !== "plain" && mode !== "layers") throw new Error("unreachable");
 * ```
 */
export const orchestrationConfig: OrchestrationConfig = new OrchestrationConfig();

/**
 * Gives the shared configuration.
 *
 * @returns Always the same object.
 */
export function getOrchestrationConfig(): OrchestrationConfig {
  return orchestrationConfig;
}

/**
 * Refreshes the shared configuration.
 *
 * @param options Whether to probe what was probed before, and which features.
 * @returns A promise that resolves when the new answers are in force.
 * @throws {UnknownFeatureError} when there is no such feature.
 */
export function refreshGlobalOrchestrationConfig(options: RefreshOptions = {}): Promise<void> {
  return orchestrationConfig.refresh(options);
}

/**
 * Lists what is wrong or worth knowing about the shared configuration, probing what was not probed.
 *
 * @returns The issues, each with its severity.
 */
export async function validateGlobalOrchestrationConfig(): Promise<readonly AvailabilityIssue[]> {
  return findAvailabilityIssues(await orchestrationConfig.explainAll());
}

/**
 * Tells everything about every feature, probing what was not probed.
 *
 * @returns The status at the moment of the last answer; frozen.
 */
export function getOrchestrationStatus(): Promise<AvailabilityStatus> {
  return orchestrationConfig.explainAll();
}

/**
 * Says whether tests can be orchestrated. A promise: the answer may need a probe. The getter
 * `orchestrationConfig.orchestratorAvailable` has it at once, once it is there.
 *
 * @returns Whether the feature `orchestrator` is available.
 */
export function isOrchestratorAvailable(): Promise<boolean> {
  return orchestrationConfig.isAvailable("orchestrator");
}

/**
 * Says whether layers of tests can be driven as one whole.
 *
 * @returns Whether the feature `master_orchestration` is available.
 */
export function isMasterOrchestrationAvailable(): Promise<boolean> {
  return orchestrationConfig.isAvailable("master_orchestration");
}

/**
 * Says whether long tests can run in the background.
 *
 * @returns Whether the feature `background_e2e` is available.
 */
export function isBackgroundE2eAvailable(): Promise<boolean> {
  return orchestrationConfig.isAvailable("background_e2e");
}

/**
 * Says whether the Docker daemon answers.
 *
 * @returns Whether the feature `docker` is available.
 */
export function isDockerAvailable(): Promise<boolean> {
  return orchestrationConfig.isAvailable("docker");
}

/**
 * Says whether `orchestrator`, `master_orchestration` and `background_e2e` are all available. Asks
 * for no other feature.
 *
 * @returns Whether they are.
 */
export async function isAllOrchestrationAvailable(): Promise<boolean> {
  const asked = ORCHESTRATION_FEATURES.map((name) => orchestrationConfig.isAvailable(name));
  return (await Promise.all(asked)).every((each) => each);
}

/**
 * Starts the shared configuration anew: what was probed and registered is forgotten. For tests;
 * whoever holds the configuration goes on with the same object.
 *
 * @param options What it is made of from now on, such as probes and an environment of the test.
 *
 * @example A test's own environment
 * ```ts
 * import {
 *   fixedEnv,
 *   isDockerAvailable,
 *   resetOrchestrationConfigForTests,
 * } from "@baton/orchestration/config";
 *
 * resetOrchestrationConfigForTests({ env: fixedEnv({ ORCHESTRATION_DOCKER_AVAILABLE: "yes" }) });
 * if (!await isDockerAvailable()) throw new Error("it was switched on");
 * resetOrchestrationConfigForTests();
 * ```
 */
export function resetOrchestrationConfigForTests(options: OrchestrationConfigOptions = {}): void {
  restartOrchestrationConfig(orchestrationConfig, options);
}
