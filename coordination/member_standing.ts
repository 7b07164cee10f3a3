import type { Clock } from "../clock.ts";
import { VALIDITY_SHARE } from "./lease_timing.ts";
import { type Moment, momentOf, remainingValidityMs } from "./lease_validity.ts";

/** What {@link MemberStanding} goes by. */
export interface MemberSilence {
  /** How often the member promises to write, in ms. */
  readonly heartbeatMs: number;
  /** After how many missed heartbeats others take it for dead. */
  readonly deadAfterMissed: number;
  /** How long another process of the same id waits before it takes over, in ms. */
  readonly leaseMs: number;
}

/**
 * For how long a member knows that others take it for alive, by its own clocks. A member that was not
 * heard for longer may have been taken for dead, or another process may have taken its id.
 */
export class MemberStanding {
  readonly #clock: Clock;
  readonly #standsMs: number;
  #beatAt: Moment | null = null;

  /**
   * @param clock Times it.
   * @param silence How much silence costs the member its standing.
   */
  constructor(clock: Clock, { heartbeatMs, deadAfterMissed, leaseMs }: MemberSilence) {
    this.#clock = clock;
    this.#standsMs = VALIDITY_SHARE *
      Math.min(deadAfterMissed * heartbeatMs, silenceBeforeTakeoverMs(leaseMs, heartbeatMs));
  }

  /** @param sentAt A moment before a heartbeat was sent that was committed. */
  renew(sentAt: Moment): void {
    this.#beatAt = sentAt;
  }

  /** @returns For how many ms it lasts yet, whatever becomes of further heartbeats. */
  leftMs(): number {
    if (this.#beatAt === null) return 0;
    return remainingValidityMs(this.#beatAt, this.#standsMs, momentOf(this.#clock));
  }
}

/** @returns How long a process must be silent until another may take its id, in ms. */
export function silenceBeforeTakeoverMs(leaseMs: number, heartbeatMs: number): number {
  return Math.max(leaseMs, 2 * heartbeatMs);
}
