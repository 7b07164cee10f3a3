import { systemClock } from "../../../clock.ts";
import type { ProbeContext } from "../../../config/availability/feature_probe.ts";
import { AVAILABLE } from "../../../config/availability/feature_probe.ts";
import { fixedEnv } from "../../../config/env_reader.ts";

/** @returns What a probe gets when it is called alone. */
export function probeContext(signal: AbortSignal = new AbortController().signal): ProbeContext {
  return {
    feature: "sample",
    signal,
    clock: systemClock,
    env: fixedEnv({}),
    ask: () => Promise.resolve(AVAILABLE),
  };
}
