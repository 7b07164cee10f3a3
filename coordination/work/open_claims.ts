import type { Claim } from "./claim.ts";

const FORGET_FROM = 32;

/** Knows which of the claims that were handed out are in force. */
export class OpenClaims {
  readonly #claims: Set<Claim> = new Set();
  #forgetAt = FORGET_FROM;

  /** How many are in force. */
  get count(): number {
    for (const claim of this.#claims) {
      if (!claim.isValid()) this.#claims.delete(claim);
    }
    return this.#claims.size;
  }

  /** Takes note of one that is handed out; forgets those that are over when they may be half of all. */
  add(claim: Claim): void {
    this.#claims.add(claim);
    if (this.#claims.size >= this.#forgetAt) {
      this.#forgetAt = Math.max(FORGET_FROM, 2 * this.count);
    }
  }
}
