import type { SimSchedule } from "./sim_schedule.ts";
import { PLAIN_STORE, type SimStoreTraits } from "./sim_store_traits.ts";

/** Options of {@link shrinkSchedule}. */
export interface ShrinkOptions {
  /**
   * How many schedules to try at most.
   *
   * @default 400
   */
  readonly maxRuns?: number;
  /**
   * Whether the time after healing may be made shorter as well. Leave it as it is for what must have
   * happened by the end: too short a time breaks that by itself.
   *
   * @default false
   */
  readonly shortenHealed?: boolean;
}

/** How much of a time is left by an attempt to shorten it: bold ones first. */
const LEFT_SHARES = [0.5, 0.8] as const;
/** A time is not shortened any more once that would save less, in ms. */
const SAVED_MIN_MS = 5;

/**
 * Makes a schedule that breaks something smaller, for as long as it still breaks it: leaves out
 * actions, then whole kinds of faults and nodes, heals and ends it sooner, and lets actions last
 * shorter.
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
    for (const smaller of smallerThan(smallest, options)) {
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
function* smallerThan(
  schedule: SimSchedule,
  { shortenHealed = false }: ShrinkOptions,
): Generator<SimSchedule> {
  const { actions } = schedule;
  for (let size = Math.ceil(actions.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < actions.length; from += size) {
      yield { ...schedule, actions: actions.toSpliced(from, size) };
    }
  }
  yield* withFewerFaults(schedule);
  yield* withFewerNodes(schedule);
  yield* withLessTime(schedule, shortenHealed);
  yield* withShorterActions(schedule);
}

function* withFewerFaults(schedule: SimSchedule): Generator<SimSchedule> {
  const { faults, store } = schedule;
  for (const [name, value] of Object.entries(faults)) {
    if (typeof value !== "number" || value === 0) continue;
    yield { ...schedule, faults: { ...faults, [name]: 0 } };
  }
  const { latency, ...others } = faults;
  if (latency) yield { ...schedule, faults: others };
  for (const [name, value] of Object.entries(PLAIN_STORE)) {
    if (store[name as keyof SimStoreTraits] === value) continue;
    yield { ...schedule, store: { ...store, [name]: value } };
  }
}

function* withFewerNodes(schedule: SimSchedule): Generator<SimSchedule> {
  const { nodes, actions } = schedule;
  for (let left = nodes.length - 1; left >= 0 && nodes.length > 1; left--) {
    yield {
      ...schedule,
      nodes: nodes.toSpliced(left, 1),
      actions: actions.filter((action) => !("node" in action) || action.node !== left)
        .map((action) =>
          "node" in action && action.node > left ? { ...action, node: action.node - 1 } : action
        ),
    };
  }
  if (nodes.some(({ rate, offsetMs }) => rate !== 1 || offsetMs !== 0)) {
    yield { ...schedule, nodes: nodes.map((node) => ({ ...node, rate: 1, offsetMs: 0 })) };
  }
}

function* withLessTime(schedule: SimSchedule, shortenHealed: boolean): Generator<SimSchedule> {
  const { actions, healAtMs, endAtMs } = schedule;
  const healedMs = endAtMs - healAtMs;
  for (const sooner of shorterThan(healAtMs)) {
    yield {
      ...schedule,
      actions: actions.filter(({ atMs }) => atMs <= sooner),
      healAtMs: sooner,
      endAtMs: sooner + healedMs,
    };
  }
  if (!shortenHealed) return;
  for (const shorter of shorterThan(healedMs)) yield { ...schedule, endAtMs: healAtMs + shorter };
}

function* withShorterActions(schedule: SimSchedule): Generator<SimSchedule> {
  const { actions } = schedule;
  for (const [i, action] of actions.entries()) {
    if (!("forMs" in action)) continue;
    for (const forMs of shorterThan(action.forMs)) {
      yield { ...schedule, actions: actions.with(i, { ...action, forMs }) };
    }
  }
}

function shorterThan(ms: number): number[] {
  return LEFT_SHARES.map((share) => Math.round(ms * share))
    .filter((shorter) => ms - shorter >= SAVED_MIN_MS);
}
