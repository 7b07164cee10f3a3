import type { StoredRun } from "./stored_run.ts";

/** A run that this process claimed, and has not taken over yet. */
export interface RunClaim {
  /** The tokens under which this process may own it; nobody else has them. */
  readonly tokens: Set<string>;
  /** Whether whoever asked for it never got it, as the store failed meanwhile. */
  isLeft: boolean;
}

/** How many claims are remembered. */
const CLAIMS_MAX = 10_000;

/**
 * What a process remembers of the runs that it claimed until it takes them over, so that it does not
 * take them from whoever claimed them since. At 10,000 the oldest claim is forgotten: that run is then
 * taken over from whoever has it.
 */
export class ClaimedRuns {
  /** Runs that were given up by a call that failed afterwards, so that nobody was told. */
  readonly givenUp: StoredRun[] = [];
  readonly #claims = new Map<string, RunClaim>();

  /** @returns The claim of a run; undefined when there is none. */
  get(runId: string): RunClaim | undefined {
    return this.#claims.get(runId);
  }

  /** Notes a claim before it is made. */
  add(runId: string, token: string): void {
    const tokens = this.#claims.get(runId)?.tokens ?? new Set();
    this.#claims.delete(runId);
    this.#claims.set(runId, { tokens: tokens.add(token), isLeft: false });
    if (this.#claims.size <= CLAIMS_MAX) return;
    const [oldest] = this.#claims.keys();
    this.#claims.delete(oldest!);
  }

  /** Forgets a claim that was refused. */
  drop(runId: string, token: string): void {
    const tokens = this.#claims.get(runId)?.tokens;
    tokens?.delete(token);
    if (tokens?.size === 0) this.forget(runId);
  }

  /** Forgets all claims of a run. */
  forget(runId: string): void {
    this.#claims.delete(runId);
  }

  /** Notes that nobody was told of a claim, which may have been made. */
  leave(runId: string): void {
    const claim = this.#claims.get(runId);
    if (claim !== undefined) claim.isLeft = true;
  }

  /** @returns Whether a run that this process owns was left, which it is no more. */
  pickUp(runId: string, token: string): boolean {
    const claim = this.#claims.get(runId);
    if (!claim?.isLeft || !claim.tokens.has(token)) return false;
    claim.isLeft = false;
    return true;
  }
}
