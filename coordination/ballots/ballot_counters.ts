import { describeError } from "../../config/describe_error.ts";
import { VoteRefusal } from "../../enums/vote_refusal.ts";
import { CorruptRecordError } from "../errors.ts";
import { coordinationLogger } from "../logger.ts";

/** Figures of a node's part in ballots since it was started. Counters only grow. */
export interface BallotMetrics {
  /** Ballots that this node opened. */
  readonly opened: number;
  /** Votes of this node that were counted, abstentions included. */
  readonly votes: number;
  /** Votes of this node that were refused, by reason. */
  readonly refused: Readonly<Record<VoteRefusal, number>>;
  /** Ballots that this node sealed. */
  readonly sealed: number;
  /** Ballots that this node decided. */
  readonly decided: number;
  /** Decided ballots that this node removed, as leader. */
  readonly removed: number;
  /** Open ballots that this node gave up, as leader, because their records could not be read. */
  readonly retired: number;
  /** Records under the keys of ballots that could not be read, each time they were met. */
  readonly corruptRecords: number;
  /** Attempts to carry a ballot on that failed; somebody tries again. */
  readonly failures: number;
  /** The last error of any kind, as text; null for none. */
  readonly lastError: string | null;
}

/** Counts what a node does with ballots. */
export class BallotCounters {
  readonly #counts = { opened: 0, votes: 0, sealed: 0, decided: 0, removed: 0, retired: 0 };
  readonly #refused = Object.fromEntries(
    Object.values(VoteRefusal).map((reason) => [reason, 0]),
  ) as Record<VoteRefusal, number>;
  #corruptRecords = 0;
  #failures = 0;
  #lastError: string | null = null;

  /** Reads the figures as they are now. */
  getMetrics(): BallotMetrics {
    return {
      ...this.#counts,
      refused: { ...this.#refused },
      corruptRecords: this.#corruptRecords,
      failures: this.#failures,
      lastError: this.#lastError,
    };
  }

  /** Counts something that was done. */
  add(what: "opened" | "votes" | "sealed" | "decided" | "removed" | "retired"): void {
    this.#counts[what]++;
  }

  /** Counts a refused vote. */
  addRefused(reason: VoteRefusal): void {
    this.#refused[reason]++;
  }

  /** Counts what went wrong while nobody waited for it. */
  addFailure(error: unknown): void {
    if (error instanceof CorruptRecordError) this.#corruptRecords++;
    else this.#failures++;
    this.#lastError = describeError(error);
    coordinationLogger.warn("{error}", { error: this.#lastError });
  }
}
