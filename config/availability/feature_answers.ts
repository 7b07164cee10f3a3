import type { EnvReader } from "../env_reader.ts";
import { NotProbedError } from "./availability_errors.ts";
import type { FeatureRegistry } from "./feature_registry.ts";
import { type FeatureStatus, isDecisive, judgeFeature } from "./feature_status.ts";
import { isOn, readOverride } from "./override.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Snapshots } from "./snapshots.ts";

/** What was found out about a feature. */
interface Judgement {
  readonly status: FeatureStatus;
  /** Why it is unavailable: itself, or those that it needs, directly or not, and that fail themselves. */
  readonly causes: ReadonlySet<FeatureStatus>;
}

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
    const snapshot = this.#snapshots.current;
    // A set that grows while it is walked: each feature is looked at once, however many need it.
    const wanted = new Set([name]);
    for (const each of wanted) {
      const feature = this.#registry.get(each);
      const override = readOverride(this.#env, feature.variable);
      if (isOn(override)) continue;
      if (isDecisive(override)) return false;
      const probed = snapshot.read(each);
      if (probed === undefined) throw new NotProbedError([each]);
      if (!probed.available) return false;
      for (const need of feature.needs) wanted.add(need);
    }
    return true;
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
    if (unprobed.length > 0) throw new NotProbedError(unprobed);
    return this.#judgeAll(names, snapshot);
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
      if (unprobed.length === 0) return this.#judgeAll(names, snapshot);
      await Promise.all(unprobed.map((name) => snapshot.probe(name)));
    }
  }

  #findUnprobed(names: readonly string[], snapshot: Snapshot): readonly string[] {
    const found: string[] = [];
    const wanted = new Set(names);
    for (const name of wanted) {
      const feature = this.#registry.get(name);
      if (isDecisive(readOverride(this.#env, feature.variable))) continue;
      const probed = snapshot.read(name);
      if (probed === undefined) found.push(name);
      else if (probed.available) { for (const need of feature.needs) wanted.add(need); }
    }
    return found;
  }

  #judgeAll(names: readonly string[], snapshot: Snapshot): readonly FeatureStatus[] {
    const judged = new Map<string, Judgement>();
    return names.map((name) => this.#judge(name, snapshot, judged).status);
  }

  /** Judges each feature once, however many need it. */
  #judge(name: string, snapshot: Snapshot, judged: Map<string, Judgement>): Judgement {
    const known = judged.get(name);
    if (known !== undefined) return known;
    const feature = this.#registry.get(name);
    const override = readOverride(this.#env, feature.variable);
    const probed = snapshot.read(name) ?? null;
    const asksNeeds = !isDecisive(override) && probed?.available === true;
    const causes = new Set(
      (asksNeeds ? feature.needs : []).flatMap((need) => [
        ...this.#judge(need, snapshot, judged).causes,
      ]),
    );
    const status = judgeFeature(feature, override, probed, [...causes]);
    if (!status.available && causes.size === 0) causes.add(status);
    const judgement = { status, causes };
    judged.set(name, judgement);
    return judgement;
  }
}
