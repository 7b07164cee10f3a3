import type { ProbeContext, ProbeResult } from "./feature_probe.ts";
import { unavailable } from "./feature_probe.ts";
import { describeThrown } from "./settle_probe.ts";

/** One feature in a snapshot: its probe has begun, and perhaps ended. */
export interface SnapshotEntry {
  /** Resolves with what the probe found; never rejects. */
  readonly ended: Promise<ProbeResult>;
  /** What it found; undefined while it runs. */
  readonly result: ProbeResult | undefined;
}

/** Runs a feature's probe. Should it reject, the feature is unavailable. */
export type ProbeFeature = (
  feature: string,
  ask: ProbeContext["ask"],
  waitsFor: () => readonly string[],
) => Promise<ProbeResult>;

/**
 * The results of probes, each probed at most once: whoever asks while a probe runs waits for it. An
 * entry that has ended never changes.
 */
export class Snapshot {
  readonly #probeFeature: ProbeFeature;
  readonly #entries = new Map<string, SnapshotEntry>();
  /** Who waits for whom, within this snapshot. */
  readonly #waits = new Map<string, string[]>();
  /** The features that asked for each other in a circle, each with the circle in words. */
  readonly #circles = new Map<string, string>();

  /**
   * Makes an empty snapshot.
   *
   * @param probeFeature Runs a feature's probe.
   */
  constructor(probeFeature: ProbeFeature) {
    this.#probeFeature = probeFeature;
  }

  /**
   * Looks up a feature without probing it.
   *
   * @param feature Name of the feature.
   * @returns What its probe found; undefined when it was not probed, or the probe still runs.
   */
  read(feature: string): ProbeResult | undefined {
    return this.#entries.get(feature)?.result;
  }

  /**
   * Probes a feature, unless that was done or is being done.
   *
   * @param feature Name of the feature, known to be registered.
   * @returns What its probe found. Never rejects.
   */
  probe(feature: string): Promise<ProbeResult> {
    const begun = this.#entries.get(feature);
    if (begun !== undefined) return begun.ended;
    const { promise: ended, resolve } = Promise.withResolvers<ProbeResult>();
    const entry: { ended: typeof ended; result: ProbeResult | undefined } = {
      ended,
      result: undefined,
    };
    // Before the probe runs: it may ask for this very feature at once.
    this.#entries.set(feature, entry);
    const ask = (other: string) => this.#ask(feature, other);
    const waitsFor = () => this.#waits.get(feature) ?? [];
    const found = this.#probeFeature(feature, ask, waitsFor);
    // What rejects here is a clock or a logger; whoever waits must not wait for ever.
    void found.catch((error) => unavailable(describeThrown(error))).then((result) => {
      const circle = this.#circles.get(feature);
      entry.result = circle === undefined ? result : unavailable(circle);
      resolve(entry.result);
    });
    return ended;
  }

  /**
   * Takes over what another snapshot has and this one lacks.
   *
   * @param other The other snapshot.
   * @param except Names of features that are left out.
   */
  adopt(other: Snapshot, except: ReadonlySet<string> = new Set()): void {
    for (const [feature, entry] of other.#entries) {
      if (!this.#entries.has(feature) && !except.has(feature)) this.#entries.set(feature, entry);
    }
  }

  async #ask(asker: string, feature: string): Promise<ProbeResult> {
    const circle = this.#findPath(feature, asker);
    if (circle !== undefined) return this.#closeCircle([asker, ...circle]);
    const waits = this.#waits.get(asker) ?? [];
    this.#waits.set(asker, [...waits, feature]);
    try {
      return await this.probe(feature);
    } finally {
      const left = [...this.#waits.get(asker) ?? []];
      left.splice(left.indexOf(feature), 1);
      this.#waits.set(asker, left);
    }
  }

  #closeCircle(circle: readonly string[]): ProbeResult {
    const text = `features ask for each other: ${circle.join(" -> ")}`;
    for (const feature of circle) this.#circles.set(feature, text);
    return unavailable(text);
  }

  /** @returns The way from one feature to another along who waits for whom, both included. */
  #findPath(from: string, to: string, seen = new Set<string>()): readonly string[] | undefined {
    if (from === to) return [to];
    seen.add(from);
    for (const next of this.#waits.get(from) ?? []) {
      const rest = seen.has(next) ? undefined : this.#findPath(next, to, seen);
      if (rest !== undefined) return [from, ...rest];
    }
    return undefined;
  }
}
