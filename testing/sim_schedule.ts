import { seededRandom } from "./seeded_random.ts";
import type { SimAction } from "./sim_action.ts";
import type { SimFaults } from "./sim_faults.ts";

/** Kinds of faults, each of which a schedule has or has not. */
export const FaultClass = {
  /** A process dies and is started again. */
  CRASH: "crash",
  /** A process dies, and is not started again before the end. */
  LOSS: "loss",
  /** A process is stopped for a while, or its machine suspended. */
  PAUSE: "pause",
  /** A process and the store do not hear each other, or one not the other. */
  PARTITION: "partition",
  /** Calls take long, some much longer than others. */
  LATENCY: "latency",
  /** Another process holds the lock of the file. */
  BUSY: "busy",
  /** Requests are lost. */
  LOST_REQUEST: "lostRequest",
  /** Requests are done and their answers lost. */
  LOST_REPLY: "lostReply",
  /** Requests are done long after they were given up. */
  ZOMBIE: "zombie",
  /** Calls are never answered. */
  HANG: "hang",
  /** Watches are silent, or stall. */
  WATCH: "watch",
  /** Lists pause between their batches while others write. */
  TORN_LIST: "tornList",
  /** Clocks go at unlike rates, a tenth apart. */
  CLOCK_DRIFT: "clockDrift",
  /** Clocks go at half to twice the rate: outside what liveness and belief rely on. */
  CLOCK_RATE: "clockRate",
  /** Wall clocks jump by up to an hour. */
  WALL_JUMP: "wallJump",
  /** The store stops and starts again. */
  STORE_OUTAGE: "storeOutage",
  /** The store is set back to an earlier state, or emptied: acknowledged writes are lost. */
  STORE_RESTORE: "storeRestore",
  /** A process is shut down in order and started again. */
  RESTART: "restart",
  /** A process is shut down in order and started again with other settings. */
  RECONFIGURE: "reconfigure",
} as const;

/** Kinds of faults, each of which a schedule has or has not. */
export type FaultClass = (typeof FaultClass)[keyof typeof FaultClass];

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
  }[];
  /** The classes of faults it has. */
  readonly classes: readonly FaultClass[];
  /** What befalls single calls to the store, until healing. */
  readonly faults: SimFaults;
  /** How the nodes' stores behave: a local file's, or a remote client that tries again for ever. */
  readonly client: "local" | "connect";
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
const CLASSES_MIN = 3;
const CLASS_SHARE = 0.3;
const ACTIONS_MAX = 4;
const VARIANTS = 3;
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
  const { reactionMs = 800 } = options;
  const { faultyMs = 1.25 * reactionMs, healedMs = 2 * reactionMs } = options;
  const random = seededRandom(seed, "schedule");
  const classes = drawClasses(random, options.classes ?? Object.values(FaultClass));
  const has = (wanted: FaultClass) => classes.includes(wanted);
  const spread = has("clockRate") ? 2 : has("clockDrift") ? 1.1 : 1;
  const count = NODES_MIN + Math.floor((NODES_MAX - NODES_MIN + 1) * random() * random() ** 2);
  const nodes = Array.from({ length: count }, () => ({
    rate: spread ** (Math.floor(3 * random()) - 1),
    offsetMs: Math.round((2 * random() - 1) * HOUR_MS),
  }));
  const draw: Draw = { random, count, reactionMs };
  const actions = classes.flatMap((wanted) => drawActions(wanted, draw))
    .map((action) => ({ ...action, atMs: Math.round(random() * faultyMs) }))
    .sort((a, b) => a.atMs - b.atMs);
  const recovery = RECOVERY_SHARES.reduce((sum, [name, share]) => has(name) ? sum + share : sum, 1);
  return {
    seed,
    nodes,
    classes,
    faults: drawFaults(has, random, reactionMs),
    client: random() < 0.5 ? "local" : "connect",
    actions,
    healAtMs: faultyMs,
    endAtMs: faultyMs + healedMs * recovery,
  };
}

interface Draw {
  readonly random: () => number;
  readonly count: number;
  readonly reactionMs: number;
}

function drawClasses(random: () => number, all: readonly FaultClass[]): FaultClass[] {
  const ranked = all.map((name) => ({ name, rank: random() })).sort((a, b) => a.rank - b.rank);
  return ranked.filter(({ rank }, i) => i < CLASSES_MIN || rank < CLASS_SHARE)
    .map(({ name }) => name);
}

function drawActions(wanted: FaultClass, { random, count, reactionMs }: Draw): SimAction[] {
  const some = (make: (node: number, forMs: number) => SimAction) =>
    Array.from({ length: 1 + Math.floor(random() * ACTIONS_MAX) }, () => (
      make(Math.floor(random() * count), Math.round(reactionMs * (0.1 + 2.5 * random() ** 2)))
    ));
  switch (wanted) {
    case FaultClass.CRASH:
      return some((node, forMs) => ({ kind: "crash", node, forMs }));
    case FaultClass.LOSS:
      return [{ kind: "loss", node: Math.floor(random() * count) }];
    case FaultClass.RESTART:
      return some((node, forMs) => ({ kind: "restart", node, forMs, variant: 0 }));
    case FaultClass.RECONFIGURE:
      return Array.from({ length: count }, (_, node) => ({
        kind: "restart",
        node,
        forMs: Math.round(reactionMs * random()),
        variant: Math.floor(random() * VARIANTS),
      }));
    case FaultClass.PAUSE:
      return some((node, forMs) => ({ kind: "pause", node, forMs, monotonic: random() < 0.5 }));
    case FaultClass.PARTITION:
      return some((node, forMs) => {
        const cut = (["requests", "replies", "both"] as const)[Math.floor(random() * 3)]!;
        return { kind: "partition", node, forMs, cut };
      });
    case FaultClass.WALL_JUMP:
      return some((node) => ({
        kind: "jumpWall",
        node,
        byMs: Math.round((2 * random() - 1) ** 3 * HOUR_MS),
      }));
    case FaultClass.STORE_OUTAGE:
      return some((_, forMs) => ({ kind: "outage", forMs })).slice(0, 2);
    case FaultClass.STORE_RESTORE:
      return [{ kind: "restore", agoMs: Math.round(random() * 4 * reactionMs) }];
    default:
      return [];
  }
}

function drawFaults(
  has: (wanted: FaultClass) => boolean,
  random: () => number,
  reactionMs: number,
): SimFaults {
  const share = (wanted: FaultClass, most: number) => has(wanted) ? most * random() : 0;
  const latencyMs = has("latency") ? reactionMs * 0.1 * random() : 1;
  return {
    latency: { minMs: 0.1, maxMs: latencyMs, heavyTailShare: share("latency", 0.3) },
    busy: share("busy", 0.3),
    lostRequest: share("lostRequest", 0.15),
    lostReply: share("lostReply", 0.15),
    zombie: share("zombie", 0.1),
    zombieDelay: { minMs: 0.1 * reactionMs, maxMs: 4 * reactionMs },
    hang: share("hang", 0.05),
    tornList: share("tornList", 0.3),
    tornListPause: { minMs: 1, maxMs: 0.2 * reactionMs },
    silentWatch: share("watch", 0.5),
    stalledWatch: share("watch", 0.2),
  };
}
