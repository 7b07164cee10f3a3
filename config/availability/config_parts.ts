import { type Clock, systemClock } from "../../clock.ts";
import { type EnvReader, systemEnv } from "../env_reader.ts";
import { BUILTIN_FEATURES } from "./builtin_features.ts";
import { FeatureAnswers } from "./feature_answers.ts";
import { FeatureRegistry } from "./feature_registry.ts";
import { configLogger } from "./logger.ts";
import type { OrchestrationConfigOptions } from "./orchestration_config_options.ts";
import { readOverride } from "./override.ts";
import type { FeatureProbe, ProbeResult } from "./feature_probe.ts";
import { runProbe } from "./run_probe.ts";
import { DEBUG_VARIABLE } from "./service_config.ts";
import type { ProbeFeature } from "./snapshot.ts";
import { Snapshots } from "./snapshots.ts";

const PROBE_TIMEOUT_MS = 5_000;

/** What a configuration is made of. */
export interface ConfigParts {
  readonly registry: FeatureRegistry;
  readonly snapshots: Snapshots;
  readonly answers: FeatureAnswers;
  /** @returns Whether `ORCHESTRATION_DEBUG` is on at this moment. */
  readonly isDebugging: () => boolean;
}

/**
 * Puts together what a configuration is made of. Probes nothing.
 *
 * @param options Options of the configuration.
 * @returns The parts.
 * @throws {UnknownFeatureError} when a probe is given for a feature that is not registered.
 */
export function makeConfigParts(options: OrchestrationConfigOptions): ConfigParts {
  const { env = systemEnv, clock = systemClock, features = [] } = options;
  const probes = new Map(Object.entries(options.probes ?? {}));
  const registry = new FeatureRegistry(options.probeTimeoutMs ?? PROBE_TIMEOUT_MS);
  for (const feature of [...BUILTIN_FEATURES, ...features]) registry.register(feature);
  for (const name of probes.keys()) registry.get(name);
  const isDebugging = () => {
    const override = readOverride(env, DEBUG_VARIABLE);
    return override.kind === "forced" && override.available;
  };
  const probeFeature = probeWith({ registry, probes, env, clock, isDebugging });
  const snapshots = new Snapshots(probeFeature, () => registry.names);
  return {
    registry,
    snapshots,
    answers: new FeatureAnswers(registry, snapshots, env),
    isDebugging,
  };
}

interface ProbeWithOptions {
  readonly registry: FeatureRegistry;
  readonly probes: ReadonlyMap<string, FeatureProbe>;
  readonly env: EnvReader;
  readonly clock: Clock;
  readonly isDebugging: () => boolean;
}

function probeWith(options: ProbeWithOptions): ProbeFeature {
  const { registry, probes, env, clock, isDebugging } = options;
  return async (name, ask, waitsFor) => {
    const { probe, probeTimeoutMs: timeoutMs } = registry.get(name);
    const result = await runProbe(probes.get(name) ?? probe, {
      feature: name,
      clock,
      env,
      timeoutMs,
      waitsFor,
      ask: async (other) => await ask(registry.get(other).name),
    });
    logResult(name, result, isDebugging());
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
