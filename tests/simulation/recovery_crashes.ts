import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";
import type { Moment } from "./recovery_storage_tap.ts";
import type { Teller } from "./recovery_tellers.ts";
import { ENUMERATED } from "./recovery_workload.ts";

/** Where a leader dies: at which of the moments of its work, counted over all leaders from 0. */
export class Crashes {
  readonly #at: (n: number, moment: Moment) => boolean;
  readonly #crashesMax: number;
  #moments = 0;
  #crashes = 0;

  constructor(at: (n: number, moment: Moment) => boolean, crashesMax = Infinity) {
    this.#at = at;
    this.#crashesMax = crashesMax;
  }

  /** How many moments there were so far. */
  get moments(): number {
    return this.#moments;
  }

  /** How often a leader died so far. */
  get crashes(): number {
    return this.#crashes;
  }

  /** A leader is at a moment of its work. @returns Whether it dies there. */
  dies(moment: Moment): boolean {
    const isDue = this.#at(this.#moments++, moment) && this.#crashes < this.#crashesMax;
    if (isDue) this.#crashes++;
    return isDue;
  }
}

const HEALED_AT_MS = 4_000;
const END_AT_MS = 12_000;
const TOLD_AT_MS = 1_300;

/** A schedule in which nothing happens to three nodes but what {@link Crashes} do. */
export function quietSchedule(seed: number): SimSchedule {
  const nodes = [0, 1, 2].map(() => ({ rate: 1, offsetMs: 0 }));
  const quiet = drawSchedule(seed, { classes: [] });
  return { ...quiet, nodes, actions: [], healAtMs: HEALED_AT_MS, endAtMs: END_AT_MS };
}

/** Tells of one severe anomaly, whose chain the crashes follow: until that is acknowledged. */
export function tellOnce(): (teller: Teller) => Promise<void> {
  let isTold = false;
  return async ({ recovery, process: { clock, signal } }) => {
    await clock.sleep(TOLD_AT_MS, { signal });
    while (!isTold && !signal.aborted) {
      await recovery.handleAnomaly({ anomalyType: ENUMERATED, severityScore: 0.9 }).then(
        () => isTold = true,
        () => clock.sleep(100, { signal }),
      );
    }
  };
}
