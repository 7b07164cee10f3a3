import { isWrite, type SimFate } from "./sim_fault_fate.ts";
import type { SimOperation } from "./sim_faults.ts";

/** Which attempts of calls a planned fate is for. */
export interface SimFateScope {
  /**
   * Reads (lists included), writes, or both.
   *
   * @default "any"
   */
  readonly on?: "read" | "commit" | "any";
  /**
   * How many attempts it befalls.
   *
   * @default 1
   */
  readonly times?: number;
}

interface PlannedFate {
  readonly fate: SimFate;
  readonly on: "read" | "commit" | "any";
  timesLeft: number;
}

/** What a test has planned for the next attempts of calls, in order. */
export class SimFaultPlan {
  readonly #fates: PlannedFate[] = [];

  /** Whether nothing is planned. */
  get isEmpty(): boolean {
    return this.#fates.length === 0;
  }

  /** Plans a fate, after those that were planned before. */
  add(fate: SimFate, { on = "any", times = 1 }: SimFateScope): void {
    this.#fates.push({ fate, on, timesLeft: times });
  }

  /** Forgets everything. */
  clear(): void {
    this.#fates.length = 0;
  }

  /** @returns The first fate that is for such a call, used up once; undefined for none. */
  take(operation: SimOperation): SimFate | undefined {
    const side = isWrite(operation) ? "commit" : "read";
    const at = this.#fates.findIndex(({ on }) => on === "any" || on === side);
    const planned = this.#fates[at];
    if (!planned) return undefined;
    if (--planned.timesLeft <= 0) this.#fates.splice(at, 1);
    return planned.fate;
  }
}
