import type { FallbackMode } from "../enums/fallback_mode.ts";
import { ModeOwner } from "../enums/mode_owner.ts";

/** A mode that somebody holds. Times are monotonic, in ms. */
export interface FallbackClaim {
  /** Who. */
  readonly owner: ModeOwner;
  /** The mode. */
  readonly mode: FallbackMode;
  /** Why. */
  readonly reason: string;
  /** Who that is; null when nobody said. */
  readonly actor: string | null;
  /** Until when; Infinity for until it is released or replaced. */
  readonly untilMs: number;
}

/** Highest first: the order in which the set is declared. */
const RANKING: readonly ModeOwner[] = Object.values(ModeOwner);

/** What the owners of a mode hold, at most one claim each; the highest owner's decides. */
export class FallbackClaims {
  readonly #claims: Map<ModeOwner, FallbackClaim> = new Map();

  /** Makes or replaces the owner's claim. */
  put(claim: FallbackClaim): void {
    this.#claims.set(claim.owner, claim);
  }

  /** @returns The claim that was taken away; undefined when the owner had none. */
  take(owner: ModeOwner): FallbackClaim | undefined {
    const claim = this.#claims.get(owner);
    this.#claims.delete(owner);
    return claim;
  }

  /** @returns The claims that had expired by then; they are gone. */
  expire(nowMs: number): readonly FallbackClaim[] {
    const expired = this.list().filter((claim) => claim.untilMs <= nowMs);
    for (const { owner } of expired) this.#claims.delete(owner);
    return expired;
  }

  /** @returns The claims, the highest owner's first. */
  list(): readonly FallbackClaim[] {
    return RANKING.flatMap((owner) => this.#claims.get(owner) ?? []);
  }
}
