import { DuplicateFeatureError, UnknownFeatureError } from "./availability_errors.ts";
import type { Feature, RegisteredFeature } from "./feature.ts";
import { AVAILABLE } from "./feature_probe.ts";

const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;
const NAME_MAX_LENGTH = 64;
const FEATURES_MAX = 256;

/** The longest deadline that a probe may have, in ms: ten minutes. */
const PROBE_TIMEOUT_MAX_MS = 600_000;

/** The features that there are, in the order in which they were registered. At most 256. */
export class FeatureRegistry {
  readonly #features = new Map<string, RegisteredFeature>();
  readonly #probeTimeoutMs: number;

  /**
   * Makes an empty registry.
   *
   * @param probeTimeoutMs Deadline of the probes that bring none, in ms.
   */
  constructor(probeTimeoutMs: number) {
    this.#probeTimeoutMs = checkTimeout("probeTimeoutMs", probeTimeoutMs);
  }

  /** Names of the features, in the order in which they were registered. */
  get names(): readonly string[] {
    return [...this.#features.keys()];
  }

  /**
   * Adds a feature.
   *
   * @param feature The feature; copied.
   * @throws {RangeError} when its name or deadline is out of range, or there are 256 features.
   * @throws {TypeError} when its probe is not a function.
   * @throws {DuplicateFeatureError} when the name is taken.
   * @throws {UnknownFeatureError} when it needs a feature that is not there yet.
   */
  register(feature: Feature): void {
    const { name, about, needs = [], probe = () => AVAILABLE } = feature;
    checkName(name);
    if (this.#features.has(name)) throw new DuplicateFeatureError(name);
    if (this.#features.size >= FEATURES_MAX) {
      throw new RangeError(`Cannot register the feature "${name}": there are ${FEATURES_MAX}`);
    }
    if (typeof probe !== "function") {
      throw new TypeError(`Cannot register the feature "${name}": its probe is not a function`);
    }
    // Needs must be there already: so they can never go in a circle.
    for (const need of needs) this.get(need);
    this.#features.set(
      name,
      Object.freeze({
        name,
        about,
        probe,
        needs: Object.freeze([...new Set(needs)]),
        probeTimeoutMs: checkTimeout(
          `${name}.probeTimeoutMs`,
          feature.probeTimeoutMs ?? this.#probeTimeoutMs,
        ),
        variable: `ORCHESTRATION_${name.toUpperCase()}_AVAILABLE`,
      }),
    );
  }

  /**
   * Finds a feature.
   *
   * @param name Its name.
   * @returns The feature.
   * @throws {UnknownFeatureError} when there is none, with the name that looks most like it.
   */
  get(name: string): RegisteredFeature {
    const feature = this.#features.get(name);
    if (feature === undefined) {
      throw new UnknownFeatureError(name, this.names);
    }
    return feature;
  }
}

function checkName(name: string): void {
  if (typeof name === "string" && name.length <= NAME_MAX_LENGTH && NAME.test(name)) return;
  throw new RangeError(
    `A feature's name must be snake_case with at most ${NAME_MAX_LENGTH} characters, ` +
      `got ${JSON.stringify(name)}`,
  );
}

function checkTimeout(option: string, ms: number): number {
  if (ms > 0 && ms <= PROBE_TIMEOUT_MAX_MS) return ms;
  throw new RangeError(
    `${option} must be a number above 0 and up to ${PROBE_TIMEOUT_MAX_MS}, got ${ms}`,
  );
}
