import {
  decideLease,
  type HeldLease,
  type LeaseAction,
  type LeaseObservation,
} from "../../coordination/lease.ts";
import { resolveLeaseTiming } from "../../coordination/lease_timing.ts";
import { remainingValidityMs } from "../../coordination/lease_validity.ts";
import type { Message, NodeState, Records, Stamps } from "./lease_states.ts";

/** A guard of the protocol that can be taken away, to see that the explorer notices. */
export type MissingGuard =
  | "whole lease waited out"
  | "validity from before the sending"
  | "validity shorter than the lease"
  | "fence on writes"
  | "term check on renewals"
  | "term check on takeovers"
  | "lease check on takeovers"
  | "renewals seen by followers"
  | "next term is a new one"
  | "nonce read back"
  | "own incarnation per process";

const LEASE_MS = 1_200;
const { validityMs: VALIDITY_MS } = resolveLeaseTiming({ leaseMs: LEASE_MS });

/**
 * What nodes and store may do: the shipped decisions, asked in ticks, and the checks of each commit.
 * Guards can be missing.
 */
export class LeaseProtocol {
  /** The lease in ticks. */
  readonly leaseTicks: number;
  /** From this age on a term is over; what is older still makes no difference. */
  readonly overAge: number;
  /** Whether no guard is missing. */
  readonly isWhole: boolean;
  readonly #missing: ReadonlySet<MissingGuard>;
  readonly #tickMs: number;

  constructor(leaseTicks: number, missing: Iterable<MissingGuard>) {
    this.leaseTicks = leaseTicks;
    this.#missing = new Set(missing);
    this.isWhole = this.#missing.size === 0;
    this.#tickMs = LEASE_MS / leaseTicks;
    let overAge = 0;
    while (this.leftMs(overAge) > 0) overAge++;
    this.overAge = overAge;
  }

  /** Whether a guard is missing. */
  lacks(guard: MissingGuard): boolean {
    return this.#missing.has(guard);
  }

  /** What a follower is told. Now is zero; who does not wait the lease out is one tick ahead. */
  decideFollowing({ id, incarnation }: NodeState, records: Records, viewAge: number): LeaseAction {
    const nowMs = this.lacks("whole lease waited out") ? this.#tickMs : 0;
    const self = { holderId: id, incarnation, held: null };
    return decideLease(this.#observation(records, viewAge), nowMs, self);
  }

  /** Whether the store takes a commit. */
  applies(records: Records, { kind, termStamp, leaseStamp }: Message): boolean {
    const isSameTerm = termStamp === records.termStamp;
    if (kind === "release") return isSameTerm;
    if (kind === "renew") return isSameTerm || this.lacks("term check on renewals");
    return (isSameTerm || this.lacks("term check on takeovers")) &&
      (leaseStamp === records.leaseStamp || this.lacks("lease check on takeovers"));
  }

  /** Whether the store takes a write under a fence. */
  passesFence(records: Records, stamp: number): boolean {
    return stamp === records.termStamp || this.lacks("fence on writes");
  }

  /** What a holder is told; without records it takes the term for its own, as between reads. */
  decideHeld(self: NodeState, records: Records | null): LeaseAction["kind"] {
    const { term, age } = self.held!;
    const { id: holderId, incarnation } = self;
    const held: HeldLease = { term, validUntilMs: this.leftMs(age), renewAtMs: 0 };
    const observed = this.#observation(records ?? { term, holderId, incarnation }, 0);
    return decideLease(observed, 0, { holderId, incarnation, held }).kind;
  }

  /** For how many ms a term is trusted whose last renewal was sent that many ticks ago. */
  leftMs(age: number): number {
    const sinceMs = -age * this.#tickMs;
    const since = { monotonicMs: sinceMs, wallMs: sinceMs };
    const validityMs = this.lacks("validity shorter than the lease")
      ? LEASE_MS + this.#tickMs
      : VALIDITY_MS;
    return remainingValidityMs(since, validityMs, { monotonicMs: 0, wallMs: 0 });
  }

  /** What a follower knows after it has read the records. */
  look({ termStamp, leaseStamp }: Records, { view }: NodeState): NonNullable<NodeState["view"]> {
    const age = view !== null && this.isSame(view, { termStamp, leaseStamp }) ? view.age : 0;
    return { termStamp, leaseStamp, age };
  }

  /** Whether a follower takes two sightings for the same. */
  isSame(view: Stamps, { termStamp, leaseStamp }: Stamps): boolean {
    return view.termStamp === termStamp &&
      (view.leaseStamp === leaseStamp || this.lacks("renewals seen by followers"));
  }

  #observation(
    { term, holderId, incarnation }: Pick<Records, "term" | "holderId" | "incarnation">,
    age: number,
  ): LeaseObservation {
    const unchangedSinceMs = -age * this.#tickMs;
    return { term, holderId, incarnation, leaseMs: LEASE_MS, unchangedSinceMs, reservedFor: null };
  }
}
