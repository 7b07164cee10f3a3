import type { Clock } from "../clock.ts";
import { describeError } from "../config/describe_error.ts";
import type { CoordinatorMetrics } from "./coordinator.ts";
import { CorruptRecordError } from "./errors.ts";

type Counted =
  | "electionWins"
  | "leadershipLosses"
  | "heartbeats"
  | "heartbeatFailures"
  | "consensusDecisions"
  | "decisionsApplied"
  | "corruptRecords"
  | "malformedVotes"
  | "healthFaults"
  | "observerFaults";

/** The part of {@link CoordinatorMetrics} that counts. */
export type CoordinatorCounts = Pick<
  CoordinatorMetrics,
  Counted | "lastConsensusTime" | "lastError"
>;

/** Counts what happens to a coordinator and remembers its last error. */
export class CoordinatorCounters {
  readonly #clock: Clock;
  readonly #counts: { -readonly [K in Counted]: number } = {
    electionWins: 0,
    leadershipLosses: 0,
    heartbeats: 0,
    heartbeatFailures: 0,
    consensusDecisions: 0,
    decisionsApplied: 0,
    corruptRecords: 0,
    malformedVotes: 0,
    healthFaults: 0,
    observerFaults: 0,
  };
  #lastConsensusTime: string | null = null;
  #lastError: string | null = null;

  /** @param clock Dates decisions. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one, with the error that came with it if one did. */
  count(what: Counted, error?: unknown): void {
    this.#counts[what]++;
    if (what === "consensusDecisions") {
      this.#lastConsensusTime = new Date(this.#clock.now()).toISOString();
    }
    if (error !== undefined) this.noteError(error);
  }

  /** Remembers a fault, and counts it when it is a record that cannot be read. */
  noteFault(error: unknown): void {
    if (error instanceof CorruptRecordError) this.count("corruptRecords", error);
    else this.noteError(error);
  }

  /** Remembers an error. */
  noteError(error: unknown): void {
    this.#lastError = describeError(error);
  }

  /** @returns The counts so far. */
  read(): CoordinatorCounts {
    return {
      ...this.#counts,
      lastConsensusTime: this.#lastConsensusTime,
      lastError: this.#lastError,
    };
  }
}
