import type { Clock } from "../../clock.ts";
import type { EnvReader } from "../env_reader.ts";
import { oneLine } from "./one_line.ts";

/** What a probe found. */
export type ProbeResult =
  | {
    /** The feature can be used. */
    readonly available: true;
  }
  | {
    /** The feature cannot be used. */
    readonly available: false;
    /** What is missing, and what to do about it. */
    readonly reason: string;
  };

/** What a probe gets to work with. */
export interface ProbeContext {
  /** Name of the feature that is probed. */
  readonly feature: string;
  /** Aborts when the deadline has passed: nobody waits for the probe any more. */
  readonly signal: AbortSignal;
  /** Measures time. */
  readonly clock: Clock;
  /** The environment. */
  readonly env: EnvReader;
  /**
   * Asks for another feature, probing it unless that has been done. Waiting counts against the
   * deadline of whoever asks. Features that ask for each other in a circle all end as unavailable.
   *
   * @param feature Name of the other feature.
   * @returns What its own probe found; overrides and needs do not count, for what is kept here must
   * not depend on them.
   * @throws {UnknownFeatureError} when there is no such feature.
   */
  readonly ask: (feature: string) => Promise<ProbeResult>;
}

/**
 * Finds out whether a feature can be used here. A probe asks for the state of a permission before
 * it uses it, so that nobody is prompted, and stops when its signal aborts. Whatever it throws
 * makes the feature unavailable. Nothing enforces that a probe of one's own asks first: run with
 * `--no-prompt` where nobody must be asked.
 *
 * @example A probe of one's own
 * ```ts
 * import { OrchestrationConfig, type FeatureProbe, unavailable } from "@baton/orchestration/config";
 *
 * const fourCores: FeatureProbe = () =>
 *   navigator.hardwareConcurrency >= 4 ? { available: true } : unavailable("fewer than 4 cores");
 * const config = new OrchestrationConfig({
 *   features: [{ name: "parallel_layers", about: "layers side by side", probe: fourCores }],
 * });
 * const available = await config.isAvailable("parallel_layers");
 * if (available !== navigator.hardwareConcurrency >= 4) throw new Error("wrong");
 * ```
 */
export type FeatureProbe = (context: ProbeContext) => ProbeResult | PromiseLike<ProbeResult>;

/** What a probe answers when the feature can be used. */
export const AVAILABLE: ProbeResult = Object.freeze({ available: true });

/** How much of a reason is kept, in characters. */
const REASON_MAX_LENGTH = 1_000;

/**
 * Makes what a probe answers when the feature cannot be used.
 *
 * @param reason What is missing, and what to do about it. Cut after 1,000 characters and put on one
 * line; control characters are replaced.
 * @returns The frozen result.
 *
 * @example Say what is missing
 * ```ts
 * import { unavailable } from "@baton/orchestration/config";
 *
 * const result = unavailable("no GPU");
 * if (result.available || result.reason !== "no GPU") throw new Error("wrong");
 * ```
 */
export function unavailable(reason: string): ProbeResult {
  return Object.freeze({ available: false, reason: fitReason(reason) });
}

/** @returns The reason on one line, cut after 1,000 characters. */
export function fitReason(reason: string): string {
  const start = oneLine(reason.slice(0, REASON_MAX_LENGTH));
  return reason.length > REASON_MAX_LENGTH ? `${start}…` : start;
}
