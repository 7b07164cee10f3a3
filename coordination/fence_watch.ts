import type { PulseContribution, PulseMember } from "./pulse_member.ts";

/** What of a term in force a {@link FenceWatch} goes by. */
export interface WatchedTerm extends PulseMember {
  /** What the term's writes check. */
  readonly check: Deno.AtomicCheck;
}

/**
 * Checks a term's fence whenever the term is renewed. The renewal itself checks the term's record,
 * which in a store that was set back may be another's with the same versionstamp: two would renew
 * one lease for ever.
 *
 * It is a member of its own because each has one check. It writes the renewal once more, so that the
 * nonce stands under its witness in whichever commit it comes to be.
 */
export class FenceWatch implements PulseMember {
  readonly #term: WatchedTerm;
  readonly #gone: () => void;

  /**
   * @param term The term, which is added to the pulse before: it is told first of a loss.
   * @param gone Told when the fence does not stand any more.
   */
  constructor(term: WatchedTerm, gone: () => void) {
    this.#term = term;
    this.#gone = gone;
  }

  /** How often, in ms: as the term is renewed. */
  get intervalMs(): number {
    return this.#term.intervalMs;
  }

  /** Deadline of one attempt, in ms. */
  get timeoutMs(): number {
    return this.#term.timeoutMs;
  }

  /** For how long an answer is of use, in ms. */
  get usefulForMs(): number {
    return this.#term.usefulForMs ?? Infinity;
  }

  /** What to write now: the renewal, under the fence. */
  contribute(nonce: string): PulseContribution | null {
    const renewal = this.#term.contribute(nonce);
    return renewal && { ...renewal, check: this.#term.check };
  }

  /** The term takes note of the commit itself. */
  committed(): void {}

  /** Takes note that the fence does not stand any more. */
  refused(): "drop" {
    this.#gone();
    return "drop";
  }

  /** The term takes note of the failure itself. */
  unknown(): void {}
}
