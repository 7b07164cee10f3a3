import type { SimAction } from "./sim_action.ts";
import type { SimFaultKind } from "./sim_faults.ts";

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
  /** Another process holds the lock of the file. Local stores have it. */
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
  /** Lists are read in small batches, and pause between them while others write. */
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
  /** The worker behind a handle panics: every call fails, until the process is started again. */
  PANIC: "panic",
  /** Watches see their own process's writes only, as on a local file. Local stores have it. */
  OWN_WATCH: "ownWatch",
  /** The limits of a `denokv` server hold: ten checks in a commit. Remote stores have it. */
  SERVER_LIMITS: "serverLimits",
  /** Versionstamps leave out numbers, as on a real store. */
  VERSION_GAPS: "versionGaps",
  /** Values are removed soon after their `expireIn`, not a minute or two late. */
  EXPIRY: "expiry",
  /** Reads that may be stale are: those of `consistency: "eventual"`. */
  STALE_READ: "staleRead",
} as const;

/** Kinds of faults, each of which a schedule has or has not. */
export type FaultClass = (typeof FaultClass)[keyof typeof FaultClass];

/** Classes that hold from start to end once a schedule has them, unlike those that befall calls. */
export const LASTING_CLASSES: ReadonlySet<FaultClass> = new Set([
  FaultClass.CLOCK_DRIFT,
  FaultClass.CLOCK_RATE,
  FaultClass.SERVER_LIMITS,
  FaultClass.VERSION_GAPS,
]);

const BY_FAULT: Readonly<Partial<Record<SimFaultKind, FaultClass>>> = {
  busy: FaultClass.BUSY,
  cut: FaultClass.PARTITION,
  hang: FaultClass.HANG,
  lostReply: FaultClass.LOST_REPLY,
  lostRequest: FaultClass.LOST_REQUEST,
  outage: FaultClass.STORE_OUTAGE,
  silentWatch: FaultClass.WATCH,
  slow: FaultClass.LATENCY,
  staleRead: FaultClass.STALE_READ,
  stalledWatch: FaultClass.WATCH,
  tornList: FaultClass.TORN_LIST,
  unseenWrite: FaultClass.OWN_WATCH,
  zombie: FaultClass.ZOMBIE,
};

const BY_ACTION: Readonly<Partial<Record<SimAction["kind"], FaultClass>>> = {
  crash: FaultClass.CRASH,
  jumpWall: FaultClass.WALL_JUMP,
  loss: FaultClass.LOSS,
  panic: FaultClass.PANIC,
  pause: FaultClass.PAUSE,
  restore: FaultClass.STORE_RESTORE,
};

/** @returns The class of a fault that befell a call; undefined for what follows from others. */
export function classOfFault(kind: SimFaultKind): FaultClass | undefined {
  return BY_FAULT[kind];
}

/**
 * Says which class an action has taken effect as. Partitions and outages do only when they befall a
 * call.
 *
 * @param action The action.
 * @param variant The settings of its node, before it.
 * @returns The class, if any.
 */
export function classOfAction(action: SimAction, variant: number): FaultClass | undefined {
  if (action.kind !== "restart") return BY_ACTION[action.kind];
  return action.variant === variant ? FaultClass.RESTART : FaultClass.RECONFIGURE;
}

/**
 * Checks names of classes.
 *
 * @param classes The names.
 * @throws {RangeError} when one of them is none.
 */
export function checkClasses(classes: readonly FaultClass[]): void {
  const known: readonly unknown[] = Object.values(FaultClass);
  const unknown = classes.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(`classes must be of FaultClass, got ${JSON.stringify(unknown)}`);
}
