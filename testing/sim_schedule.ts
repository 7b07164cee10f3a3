import { seededRandom } from "./seeded_random.ts";
import { drawActions } from "./draw_actions.ts";
import { drawClasses, LATER_CLASSES } from "./draw_classes.ts";
import { drawFaults } from "./draw_faults.ts";
import { checkClasses, FaultClass } from "./fault_class.ts";
import type { SimAction } from "./sim_action.ts";
import { checkMs, type SimFaults } from "./sim_faults.ts";
import { drawStore, type SimStoreTraits } from "./sim_store_traits.ts";

/** A simulation, given whole: the same schedule gives the same run. */
export interface SimSchedule {
  /** Where all its chance comes from. */
  readonly seed: number;
  /** The clocks of its nodes. */
  readonly nodes: readonly {
    /** How fast its clock goes. */
    readonly rate: number;
    /** How far its wall clock is off, in ms. */
    readonly offsetMs: number;
    /**
     * When its first process is started, in ms of true time.
     *
     * @default 2
     */
    readonly startAtMs?: number;
  }[];
  /** The classes of faults it has. */
  readonly classes: readonly FaultClass[];
  /** What befalls single calls to the store, until healing. */
  readonly faults: SimFaults;
  /** How the nodes' stores behave: a local file's, or a remote client that tries again for ever. */
  readonly client: "local" | "connect";
  /** How their store is made. */
  readonly store: SimStoreTraits;
  /** What befalls nodes and store, in the order of their times. */
  readonly actions: readonly (SimAction & {
    /** When, in ms of true time. */
    readonly atMs: number;
  })[];
  /** When all faults end, in ms of true time. */
  readonly healAtMs: number;
  /** When the simulation ends, in ms of true time. */
  readonly endAtMs: number;
}

/** Options of {@link drawSchedule}. */
export interface DrawScheduleOptions {
  /**
   * How long faults go on, in ms of true time.
   *
   * @default 1.25 × reactionMs
   */
  readonly faultyMs?: number;
  /**
   * How long the healed cluster goes on after that, in ms of true time; longer after
   * faults whose effects last.
   *
   * @default 2 × reactionMs
   */
  readonly healedMs?: number;
  /**
   * The time in which a cluster reacts, such as its lease, in ms: faults last around that.
   *
   * @default 800
   */
  readonly reactionMs?: number;
  /**
   * The classes of faults to draw from.
   *
   * @default all of them
   */
  readonly classes?: readonly FaultClass[];
}

const NODES_MIN = 3;
const NODES_MAX = 7;
const HOUR_MS = 3_600_000;
/** How much longer a cluster takes to recover from some faults, as a share of `healedMs`. */
const RECOVERY_SHARES = [
  [FaultClass.CLOCK_RATE, 0.6],
  [FaultClass.LOSS, 0.5],
  [FaultClass.ZOMBIE, 0.2],
  [FaultClass.HANG, 0.2],
  [FaultClass.LATENCY, 0.2],
] as const;

/**
 * Draws a schedule: three to seven nodes, mostly few, and a random part of the fault classes, which
 * finds more than all of them at once.
 *
 * @param seed Where it comes from.
 * @param options How long it lasts, and which faults it may have.
 * @returns The schedule.
 * @throws {RangeError} when the seed is no whole number, a time is negative or none, or a class
 * does not exist.
 *
 * @example The same seed, the same disaster
 * ```ts
 * import { drawSchedule } from "@baton/orchestration/testing";
 *
 * const [a, b] = [drawSchedule(7), drawSchedule(7)];
 * if (JSON.stringify(a) !== JSON.stringify(b)) throw new Error("not the same");
 * ```
 */
export function drawSchedule(seed: number, options: DrawScheduleOptions = {}): SimSchedule {
  checkDrawOptions(seed, options);
  const { reactionMs = 800 } = options;
  const { faultyMs = 1.25 * reactionMs, healedMs = 2 * reactionMs } = options;
  const random = seededRandom(seed, "schedule");
  // A stream of its own for classes that came later: to older ones a seed means what it meant.
  const laterRandom = seededRandom(seed, "schedule/later");
  const chanceOf = (name: FaultClass) => LATER_CLASSES.has(name) ? laterRandom : random;
  const classes = drawClasses(options.classes ?? Object.values(FaultClass), chanceOf);
  const has = (wanted: FaultClass) => classes.includes(wanted);
  const spread = has("clockRate") ? 2 : has("clockDrift") ? 1.1 : 1;
  const count = NODES_MIN + Math.floor((NODES_MAX - NODES_MIN + 1) * random() * random() ** 2);
  const nodes = Array.from({ length: count }, () => ({
    rate: spread ** (Math.floor(3 * random()) - 1),
    offsetMs: Math.round((2 * random() - 1) * HOUR_MS),
  }));
  const actions = classes
    .flatMap((name) => {
      const chance = chanceOf(name);
      return drawActions(name, chance, count, reactionMs).map((action) => ({ action, chance }));
    })
    .map(({ action, chance }) => ({ ...action, atMs: Math.round(chance() * faultyMs) }))
    .sort((a, b) => a.atMs - b.atMs);
  const recovery = RECOVERY_SHARES.reduce((sum, [name, share]) => has(name) ? sum + share : sum, 1);
  const faults = drawFaults(has, random, reactionMs);
  const client = random() < 0.5 ? "local" : "connect";
  const store = drawStore(has, client, laterRandom, reactionMs);
  const [healAtMs, endAtMs] = [faultyMs, faultyMs + healedMs * recovery];
  return { seed, nodes, classes, faults, client, store, actions, healAtMs, endAtMs };
}

function checkDrawOptions(seed: number, options: DrawScheduleOptions): void {
  const { faultyMs = 0, healedMs = 0, reactionMs = 1, classes = [] } = options;
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a whole number, got ${seed}`);
  checkMs("faultyMs", faultyMs);
  checkMs("healedMs", healedMs);
  if (!(reactionMs > 0 && reactionMs < Infinity)) {
    throw new RangeError(`reactionMs must be more than 0, got ${reactionMs}`);
  }
  checkClasses(classes);
}
