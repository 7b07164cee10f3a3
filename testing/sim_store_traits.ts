import type { FaultClass } from "./fault_class.ts";
import type { KvLimits } from "./kv_limits.ts";

/** How a store is made that a simulation runs on. */
export interface SimStoreTraits {
  /** Whose limits hold. */
  readonly limits: KvLimits;
  /** Whose writes a watch sees: everybody's, or those of its own process. */
  readonly watch: "all" | "own";
  /** How many entries a list without a limit reads at a time at most, whatever it asked for. */
  readonly listBatchMax: number;
  /** How late a value whose `expireIn` has passed is removed at most, in ms. */
  readonly expiryLateMaxMs: number;
  /** Whether versionstamps leave out numbers. */
  readonly versionGaps: boolean;
  /** How old the answer of a read that may be stale is at most, in ms. */
  readonly staleMaxMs: number;
}

/** A store as kind as a real one can be. */
export const PLAIN_STORE: SimStoreTraits = {
  limits: "deno",
  watch: "all",
  listBatchMax: 500,
  expiryLateMaxMs: 120_000,
  versionGaps: false,
  staleMaxMs: 0,
};

const TORN_LIST_BATCH_MAX = 3;
/** How late values are removed, and how old stale answers are, as shares of the reaction time. */
const EXPIRY_LATE_SHARE = 0.25;
const STALE_SHARE = 2;

/**
 * Draws how the store is made.
 *
 * @param has Whether the schedule has a class of faults.
 * @param client How the nodes' stores behave: a file is watched by its own process, a server limits.
 * @param random Values in [0, 1).
 * @param reactionMs The time in which a cluster reacts, in ms.
 * @returns The store; as kind as a store can be without the classes that make it worse.
 */
export function drawStore(
  has: (wanted: FaultClass) => boolean,
  client: "local" | "connect",
  random: () => number,
  reactionMs: number,
): SimStoreTraits {
  const plain = PLAIN_STORE;
  const batch = () => 1 + Math.floor(TORN_LIST_BATCH_MAX * random());
  const late = () => Math.round(EXPIRY_LATE_SHARE * reactionMs * random());
  const stale = () => Math.round(STALE_SHARE * reactionMs * random());
  return {
    limits: client === "connect" && has("serverLimits") ? "denokv" : plain.limits,
    watch: client === "local" && has("ownWatch") ? "own" : plain.watch,
    listBatchMax: has("tornList") ? batch() : plain.listBatchMax,
    expiryLateMaxMs: has("expiry") ? late() : plain.expiryLateMaxMs,
    versionGaps: has("versionGaps"),
    staleMaxMs: has("staleRead") ? stale() : plain.staleMaxMs,
  };
}
