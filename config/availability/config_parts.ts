import { type Clock, systemClock } from "../../clock.ts";
import { type EnvReader, systemEnv } from "../env_reader.ts";
import { BUILTIN_FEATURES } from "./builtin_features.ts";
import { checkFeatureNames } from "./check_feature_names.ts";
import { FeatureAnswers } from "./feature_answers.ts";
import { FeatureRegistry } from "./feature_registry.ts";
import { configLogger } from "./logger.ts";
import type { OrchestrationConfigOptions } from "./orchestration_config_options.ts";
import type { ProbeResult } from "./feature_probe.ts";
import { DEBUG_VARIABLE, isOn, type Override, readOverride } from "./override.ts";
import { runProbe } from "./run_probe.ts";
import type { ProbeFeature } from "./snapshot.ts";
import { Snapshots } from "./snapshots.ts";

const PROBE_TIMEOUT_MS = 5_000;

/** What a configuration is made of. */
export interface ConfigParts {
  readonly registry: FeatureRegistry;
  readonly snapshots: Snapshots;
  readonly answers: FeatureAnswers;
  /** @returns What `ORCHESTRATION_DEBUG` says at this moment. */
  readonly readDebug: () => Override;
}

/**
 * Puts together what a configuration is made of. Probes nothing.
 *
 * @param options Options of the configuration.
 * @returns The parts.
 * @throws {UnknownFeatureError} when a probe is given for a feature that is not registered.
 * @throws {TypeError} when a probe is not a function.
 */
export function makeConfigParts(options: OrchestrationConfigOptions): ConfigParts {
  const { env = systemEnv, clock = systemClock, features = [] } = options;
  const probes = new Map(Object.entries(options.probes ?? {}));
  const registry = new FeatureRegistry(options.probeTimeoutMs ?? PROBE_TIMEOUT_MS);
  for (const feature of [...BUILTIN_FEATURES, ...features]) {
    const probe = probes.get(feature.name);
    registry.register(probe === undefined ? feature : { ...feature, probe });
  }
  checkFeatureNames([...probes.keys()], registry.names);
  const readDebug = () => readOverride(env, DEBUG_VARIABLE);
  const probeFeature = probeWith({ registry, env, clock, readDebug });
  const snapshots = new Snapshots(probeFeature, () => registry.names);
  return {
    registry,
    snapshots,
    answers: new FeatureAnswers(registry, snapshots, env),
    readDebug,
  };
}

interface ProbeWithOptions extends Pick<ConfigParts, "registry" | "readDebug"> {
  readonly env: EnvReader;
  readonly clock: Clock;
}

function probeWith(options: ProbeWithOptions): ProbeFeature {
  const { registry, env, clock, readDebug } = options;
  return async (name, ask, waitsFor) => {
    const { probe, probeTimeoutMs: timeoutMs } = registry.get(name);
    const result = await runProbe(probe, {
      feature: name,
      clock,
      env,
      timeoutMs,
      waitsFor,
      ask: async (other) => await ask(registry.get(other).name),
    });
    logResult(name, result, isOn(readDebug()));
    return result;
  };
}

function logResult(feature: string, result: ProbeResult, isDebugging: boolean): void {
  const text = result.available
    ? "Feature {feature} is available"
    : "Feature {feature} is unavailable: {reason}";
  const properties = { feature, ...(!result.available && { reason: result.reason }) };
  if (isDebugging) configLogger.info(text, properties);
  else configLogger.debug(text, properties);
}
