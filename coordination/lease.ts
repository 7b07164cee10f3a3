/** What a candidate knows about a lease, from records it read itself. Times are its own. */
export interface LeaseObservation {
  /** The term that the store shows; 0 when nobody has ever led. */
  readonly term: number;
  /** The holder that the store names; null when nobody holds the lease. */
  readonly holderId: string | null;
  /** Identifies the holder's process; null when nobody holds the lease. */
  readonly incarnation: string | null;
  /** How long the record must stand unchanged before it may be taken over, in ms. */
  readonly leaseMs: number;
  /** When this process first saw the record as it stands, in monotonic ms. */
  readonly unchangedSinceMs: number;
  /** For whom a leader that handed over has reserved the next term; null for anybody. */
  readonly reservedFor: string | null;
}

/** What a candidate knows about itself. */
export interface LeaseCandidate {
  /** The id under which it stands. */
  readonly holderId: string;
  /** Identifies this process among all that ever stood under the id. */
  readonly incarnation: string;
  /** The term it holds; null while it leads nothing. */
  readonly held: HeldLease | null;
}

/** A term that a candidate holds. */
export interface HeldLease {
  /** The term's number. */
  readonly term: number;
  /** Until when it may act on it, in monotonic ms. */
  readonly validUntilMs: number;
  /** When it is due to renew it, in monotonic ms. */
  readonly renewAtMs: number;
}

/** What a candidate should do. */
export type LeaseAction =
  | {
    /** Take the next term now. */
    readonly kind: "acquire";
    /** Why it may: nobody holds it, it expired, it is reserved for us, or our own lost hold stands. */
    readonly because: "vacant" | "expired" | "reserved" | "own";
  }
  | {
    /** Prolong the term it holds. */
    readonly kind: "renew";
  }
  | {
    /** Do nothing until then, unless the record changes. */
    readonly kind: "wait";
    /** When to look again, in monotonic ms. */
    readonly untilMs: number;
  }
  | {
    /** Stop leading. */
    readonly kind: "stepDown";
    /** Why: the lease ran out, or the store names somebody else or another term. */
    readonly because: "expired" | "superseded";
  };

/**
 * Decides what a candidate does about a lease. Pure: it reads no clock and touches no store.
 *
 * In this order: a holder steps down when the record is no longer its own or its time is up, renews
 * when that is due, and else waits. A follower takes what is vacant, reserved for it, or left over
 * from a term of its own that it lost; it takes what another holds only after the record has stood
 * unchanged for the lease that the holder wrote down; else it waits exactly until then.
 *
 * @param observation What stands in the store.
 * @param nowMs The candidate's monotonic time in ms.
 * @param self The candidate.
 * @returns The action.
 *
 * @example A follower waits out the lease
 * ```ts
 * import { decideLease } from "@baton/orchestration/coordination";
 *
 * const observation = {
 *   term: 7,
 *   holderId: "a",
 *   incarnation: "a-1",
 *   leaseMs: 10_000,
 *   unchangedSinceMs: 2_000,
 *   reservedFor: null,
 * };
 * const self = { holderId: "b", incarnation: "b-1", held: null };
 * const early = decideLease(observation, 11_999, self);
 * const late = decideLease(observation, 12_000, self);
 * if (early.kind !== "wait" || early.untilMs !== 12_000) throw new Error("too early");
 * if (late.kind !== "acquire" || late.because !== "expired") throw new Error("too late");
 * ```
 */
export function decideLease(
  observation: LeaseObservation,
  nowMs: number,
  self: LeaseCandidate,
): LeaseAction {
  return self.held === null
    ? decideAsFollower(observation, nowMs, self)
    : decideAsHolder(observation, nowMs, self, self.held);
}

function decideAsHolder(
  observation: LeaseObservation,
  nowMs: number,
  self: LeaseCandidate,
  held: HeldLease,
): LeaseAction {
  const ours = observation.incarnation === self.incarnation && observation.term === held.term;
  if (!ours) return { kind: "stepDown", because: "superseded" };
  if (nowMs >= held.validUntilMs) return { kind: "stepDown", because: "expired" };
  if (nowMs >= held.renewAtMs) return { kind: "renew" };
  return { kind: "wait", untilMs: Math.min(held.renewAtMs, held.validUntilMs) };
}

function decideAsFollower(
  observation: LeaseObservation,
  nowMs: number,
  self: LeaseCandidate,
): LeaseAction {
  if (observation.incarnation === self.incarnation) return { kind: "acquire", because: "own" };
  const { holderId, reservedFor } = observation;
  if (holderId === null && reservedFor === null) return { kind: "acquire", because: "vacant" };
  if (holderId === null && reservedFor === self.holderId) {
    return { kind: "acquire", because: "reserved" };
  }
  const untilMs = observation.unchangedSinceMs + observation.leaseMs;
  return nowMs >= untilMs ? { kind: "acquire", because: "expired" } : { kind: "wait", untilMs };
}
