import type { EnvReader } from "../env_reader.ts";
import { NotProbedError } from "./availability_errors.ts";
import type { FeatureRegistry } from "./feature_registry.ts";
import { type FeatureStatus, isDecisive, judgeFeature } from "./feature_status.ts";
import { readOverride } from "./override.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Snapshots } from "./snapshots.ts";

/** Answers about features, from what was probed and from the environment as it is now. */
export class FeatureAnswers {
  readonly #registry: FeatureRegistry;
  readonly #snapshots: Snapshots;
  readonly #env: EnvReader;

  /**
   * Keeps what the answers come from.
   *
   * @param registry The features.
   * @param snapshots What their probes found.
   * @param env Their overrides.
   */
  constructor(registry: FeatureRegistry, snapshots: Snapshots, env: EnvReader) {
    this.#registry = registry;
    this.#snapshots = snapshots;
    this.#env = env;
  }

  /**
   * Says whether a feature is available, without probing: the path that is taken most often.
   *
   * @param name Name of the feature.
   * @returns Whether it is.
   * @throws {UnknownFeatureError} when there is no such feature.
   * @throws {NotProbedError} when neither a variable nor a probe has answered.
   */
  isAvailable(name: string): boolean {
    const feature = this.#registry.get(name);
    const override = readOverride(this.#env, feature.variable);
    if (override.kind === "forced") return override.available;
    if (override.kind === "invalid") return false;
    const probed = this.#snapshots.current.read(name);
    if (probed === undefined) throw new NotProbedError([name]);
    return probed.available && feature.needs.every((need) => this.isAvailable(need));
  }

  /**
   * Judges features without probing.
   *
   * @param names Names of the features.
   * @returns Their status, in that order.
   * @throws {UnknownFeatureError} when there is no such feature.
   * @throws {NotProbedError} with all features that neither a variable nor a probe has answered.
   */
  read(names: readonly string[]): readonly FeatureStatus[] {
    const snapshot = this.#snapshots.current;
    const unprobed = this.#findUnprobed(names, snapshot);
    if (unprobed.size > 0) throw new NotProbedError([...unprobed]);
    return names.map((name) => this.#judge(name, snapshot));
  }

  /**
   * Judges features, probing them and what they need where that has not been done. All answers come
   * from one snapshot, and from the overrides of one moment.
   *
   * @param names Names of the features.
   * @returns Their status, in that order.
   * @throws {UnknownFeatureError} when there is no such feature.
   */
  async ask(names: readonly string[]): Promise<readonly FeatureStatus[]> {
    const snapshot = this.#snapshots.current;
    // Ends: each turn probes a feature that was not probed.
    for (;;) {
      const unprobed = this.#findUnprobed(names, snapshot);
      if (unprobed.size === 0) return names.map((name) => this.#judge(name, snapshot));
      await Promise.all([...unprobed].map((name) => snapshot.probe(name)));
    }
  }

  #findUnprobed(
    names: readonly string[],
    snapshot: Snapshot,
    found: Set<string> = new Set(),
  ): ReadonlySet<string> {
    for (const name of names) {
      const feature = this.#registry.get(name);
      if (isDecisive(readOverride(this.#env, feature.variable))) continue;
      const probed = snapshot.read(name);
      if (probed === undefined) found.add(name);
      else if (probed.available) this.#findUnprobed(feature.needs, snapshot, found);
    }
    return found;
  }

  #judge(name: string, snapshot: Snapshot): FeatureStatus {
    const feature = this.#registry.get(name);
    const override = readOverride(this.#env, feature.variable);
    const probed = snapshot.read(name) ?? null;
    const needs = isDecisive(override) || !probed?.available
      ? []
      : feature.needs.map((need) => this.#judge(need, snapshot));
    return judgeFeature(feature, override, probed, needs);
  }
}
