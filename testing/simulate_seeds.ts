import type { FaultClass } from "./fault_class.ts";
import { type SimCluster, simulate } from "./sim_cluster.ts";
import type { SimProgram, SimResult, SimViolation } from "./sim_program.ts";
import { drawSchedule, type SimSchedule } from "./sim_schedule.ts";

/** Options of {@link simulateSeeds}. */
export interface SimulateSeedsOptions {
  /** How many seeds to run. */
  readonly count: number;
  /**
   * The first of them.
   *
   * @default 1
   */
  readonly first?: number;
  /**
   * How far apart they are: threads that share seeds each take every so many.
   *
   * @default 1
   */
  readonly stride?: number;
  /** Makes what the nodes run. */
  readonly program: (cluster: SimCluster) => SimProgram;
  /**
   * Makes the schedule of a seed.
   *
   * @default drawSchedule
   */
  readonly schedule?: (seed: number) => SimSchedule;
  /**
   * The interesting states that must have been seen in one of the seeds, or they prove nothing.
   *
   * @default none
   */
  readonly witnesses?: readonly string[];
  /**
   * After how many broken seeds to stop.
   *
   * @default none
   */
  readonly maxBroken?: number;
  /**
   * How many events a schedule may have.
   *
   * @default 1_000_000
   */
  readonly maxSteps?: number;
}

/** What many seeds came to. */
export interface SimSeedsResult {
  /** How many were run. */
  readonly schedules: number;
  /** How many events they had. */
  readonly steps: number;
  /** The seeds in which something was broken: `simulate` replays each of them. */
  readonly broken: readonly { readonly seed: number; readonly violation: SimViolation }[];
  /** In how many seeds each interesting state was seen. */
  readonly witnesses: Readonly<Record<string, number>>;
  /** The wanted states that were seen in none. */
  readonly missing: readonly string[];
  /** In how many seeds each class of faults took effect. */
  readonly injected: Readonly<Partial<Record<FaultClass, number>>>;
}

/**
 * Runs many seeds, one after the other.
 *
 * @param options Which seeds, what they run, and what must have been seen.
 * @returns What was broken, and what was seen.
 * @throws {RangeError} when there are no seeds to run, or they are no whole numbers.
 *
 * @example A counter that is read and then written loses counts
 * ```ts
 * import { simulateSeeds } from "@baton/orchestration/testing";
 *
 * const { broken } = await simulateSeeds({
 *   count: 20,
 *   program: ({ store }) => {
 *     let counted = 0;
 *     return {
 *       async run({ kv, clock, signal }) {
 *         while (!signal.aborted) {
 *           const { value } = await kv.get<number>(["count"]).catch(() => ({ value: null }));
 *           await kv.set(["count"], (value ?? 0) + 1).catch(() => {});
 *           await clock.sleep(50, { signal });
 *         }
 *       },
 *       committed() {
 *         counted++;
 *         if (store.peek(["count"]).value !== counted) throw new Error("a count was lost");
 *       },
 *     };
 *   },
 * });
 * if (broken.length === 0) throw new Error("the bug was not found");
 * ```
 */
export async function simulateSeeds(options: SimulateSeedsOptions): Promise<SimSeedsResult> {
  const { count, first = 1, stride = 1, witnesses: wanted = [], maxBroken = Infinity } = options;
  checkCounts({ count, stride, maxBroken });
  const broken: { readonly seed: number; readonly violation: SimViolation }[] = [];
  const witnesses: Record<string, number> = {};
  const injected: Partial<Record<FaultClass, number>> = {};
  let schedules = 0;
  let steps = 0;
  for (; schedules < count && broken.length < maxBroken; schedules++) {
    const seed = first + schedules * stride;
    const result = await runSeed(seed, options);
    steps += result.steps;
    for (const name in result.witnesses) witnesses[name] = (witnesses[name] ?? 0) + 1;
    for (const name of Object.keys(result.injected) as FaultClass[]) {
      injected[name] = (injected[name] ?? 0) + 1;
    }
    if (result.violation) broken.push({ seed, violation: result.violation });
  }
  const missing = wanted.filter((name) => !witnesses[name]);
  return { schedules, steps, broken, witnesses, missing, injected };
}

async function runSeed(seed: number, options: SimulateSeedsOptions): Promise<SimResult> {
  const { schedule = drawSchedule, program, maxSteps } = options;
  try {
    return await simulate(schedule(seed), program, maxSteps === undefined ? {} : { maxSteps });
  } catch (error) {
    throw new Error(`Cannot simulate seed ${seed}: ${error}`, { cause: error });
  }
}

function checkCounts({ count, stride, maxBroken }: Record<string, number>): void {
  for (const [name, value] of Object.entries({ count, stride })) {
    if (Number.isSafeInteger(value) && value! >= 1) continue;
    throw new RangeError(`${name} must be a whole number from 1 up, got ${value}`);
  }
  if (!(maxBroken! >= 1)) throw new RangeError(`maxBroken must be from 1 up, got ${maxBroken}`);
}
