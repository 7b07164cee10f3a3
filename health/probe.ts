import { SystemStatus } from "../enums/system_status.ts";
import { type Observation, round } from "./component_record.ts";
import { HealthLook, type HealthLookOptions } from "./health_look.ts";

/**
 * Asks one thing this process depends on for a sign of life. Resolves when it is well, rejects when
 * it is not; should give up when the signal aborts.
 */
export type Probe = (signal: AbortSignal) => Promise<void>;

/** Looks at one component by its probe. */
export class ProbeLook {
  readonly #look: HealthLook;

  constructor(probe: Probe, options: Omit<HealthLookOptions, "check">) {
    const check = {
      async look({ signal }: { readonly signal: AbortSignal }) {
        await probe(signal);
        return { status: SystemStatus.HEALTHY };
      },
    };
    this.#look = new HealthLook({ ...options, check });
  }

  /** @returns What it found, with its latency as a figure, in ms; never rejects. One at a time. */
  async look(): Promise<Observation> {
    const found = await this.#look.look();
    if (found === null) throw new Error("Nobody calls off the look of a probe");
    const metadata = { [`${found.name}_latency_ms`]: round(found.latencyMs) };
    return { ...found, metadata };
  }
}
