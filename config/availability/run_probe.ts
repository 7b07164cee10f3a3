import {
  type FeatureProbe,
  type ProbeContext,
  type ProbeResult,
  unavailable,
} from "./feature_probe.ts";
import { settleProbe } from "./settle_probe.ts";

/** Options of {@link runProbe}. */
export interface RunProbeOptions extends Omit<ProbeContext, "signal"> {
  /** How long the probe may take, in ms. */
  readonly timeoutMs: number;
  /** @returns The features that it is waiting for, for the reason. */
  readonly waitsFor: () => readonly string[];
}

/**
 * Runs a probe under a deadline. Never rejects. After the deadline the probe's signal aborts, and
 * what it still answers is ignored.
 *
 * @param probe The probe.
 * @param options Deadline, and what the probe gets.
 * @returns Its result.
 */
export function runProbe(probe: FeatureProbe, options: RunProbeOptions): Promise<ProbeResult> {
  const { timeoutMs, waitsFor, ...context } = options;
  const ending = new AbortController();
  return new Promise((resolve) => {
    const cancel = context.clock.after(timeoutMs, () => {
      const reason = `timed out after ${timeoutMs} ms${describeWait(waitsFor())}`;
      resolve(unavailable(reason));
      ending.abort(new DOMException(`The probe of "${context.feature}" ${reason}`, "TimeoutError"));
    });
    settleProbe(probe, { ...context, signal: ending.signal }).then((result) => {
      cancel();
      resolve(result);
    });
  });
}

function describeWait(features: readonly string[]): string {
  return features.length === 0 ? "" : ` (waiting for ${features.join(", ")})`;
}
