import type { SimSchedule } from "./sim_schedule.ts";

/** Options of {@link shrinkSchedule}. */
export interface ShrinkOptions {
  /**
   * How many schedules to try at most.
   *
   * @default 400
   */
  readonly maxRuns?: number;
}

/**
 * Makes a schedule that breaks something smaller, for as long as it still breaks it: leaves out
 * actions, then whole kinds of faults, then nodes, and ends it sooner.
 *
 * @param schedule A schedule that is broken.
 * @param isBroken Runs a schedule and says whether it is broken in the same way.
 * @param options How long to try.
 * @returns The smallest broken schedule that was found.
 *
 * @example Only what matters is left
 * ```ts
 * import { drawSchedule, shrinkSchedule } from "@baton/orchestration/testing";
 *
 * const schedule = drawSchedule(1, { classes: ["crash", "pause", "restart"] });
 * const small = await shrinkSchedule(
 *   schedule,
 *   ({ actions }) => Promise.resolve(actions.some(({ kind }) => kind === "crash")),
 * );
 * if (small.actions.length !== 1) throw new Error("more than the crash is left");
 * ```
 */
export async function shrinkSchedule(
  schedule: SimSchedule,
  isBroken: (schedule: SimSchedule) => Promise<boolean>,
  options: ShrinkOptions = {},
): Promise<SimSchedule> {
  let runsLeft = options.maxRuns ?? 400;
  let smallest = schedule;
  for (let found = true; found;) {
    found = false;
    for (const smaller of smallerThan(smallest)) {
      if (runsLeft-- <= 0) return smallest;
      if (!await isBroken(smaller)) continue;
      smallest = smaller;
      found = true;
      break;
    }
  }
  return smallest;
}

/** Bold attempts first: half of the actions, then single ones. */
function* smallerThan(schedule: SimSchedule): Generator<SimSchedule> {
  const { actions, nodes } = schedule;
  for (let size = Math.ceil(actions.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < actions.length; from += size) {
      yield { ...schedule, actions: actions.toSpliced(from, size) };
    }
  }
  yield* withFewerFaults(schedule);
  if (nodes.length > 1) {
    const last = nodes.length - 1;
    yield {
      ...schedule,
      nodes: nodes.slice(0, last),
      actions: actions.filter((action) => !("node" in action) || action.node !== last),
    };
  }
  if (nodes.some(({ rate, offsetMs }) => rate !== 1 || offsetMs !== 0)) {
    yield { ...schedule, nodes: nodes.map(() => ({ rate: 1, offsetMs: 0 })) };
  }
}

function* withFewerFaults(schedule: SimSchedule): Generator<SimSchedule> {
  const { faults } = schedule;
  for (const [name, value] of Object.entries(faults)) {
    if (typeof value !== "number" || value === 0) continue;
    yield { ...schedule, faults: { ...faults, [name]: 0 } };
  }
}
