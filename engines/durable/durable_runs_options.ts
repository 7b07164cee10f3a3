import type { Clock } from "../../clock.ts";
import type { UserExecutionContext } from "../context/user_execution_context.ts";
import type { StepResults } from "../workflow/workflow_step.ts";
import type { CorruptRunError } from "./run_errors.ts";
import type { RunFence, RunStore } from "./run_store.ts";
import type { RunOwner, StoredRun } from "./stored_run.ts";

/** Options of `DurableRuns`. */
export interface DurableRunsOptions {
  /** Where runs are kept. */
  readonly store: RunStore;
  /**
   * Says when things happened.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Which start of which process this is: a text of 1 to 200 characters that no other start has, such
   * as the `incarnation` of a member of a cluster, which is another one whenever its coordinator is
   * started. Runs that are started or taken over here have it, so that others can claim them when the
   * process has died.
   *
   * @default none: nobody claims its runs
   */
  readonly incarnation?: string;
  /**
   * How many unfinished runs a user may have, 1 to 10,000. Starts at the same moment may exceed it by
   * their number.
   *
   * @default 100
   */
  readonly openMaxPerUser?: number;
  /**
   * How often in a row a run is claimed from owners that have died and recorded no result, 1 to 1,000.
   * When that one dies, too, `claimLost` ends it as failed: it may be what its processes die of. Who was
   * only taken for dead counts. The same in all processes of a cluster.
   *
   * @default 10
   */
  readonly claimsMax?: number;
  /**
   * How long a run is kept after its end, in ms, up to 100 years; then `removeEnded` takes it away.
   *
   * @default 604_800_000: a week
   */
  readonly retentionMs?: number;
}

/** What options there are. */
export const DURABLE_RUNS_OPTIONS: Readonly<Record<keyof DurableRunsOptions, true>> = {
  store: true,
  clock: true,
  incarnation: true,
  openMaxPerUser: true,
  claimsMax: true,
  retentionMs: true,
};

/** A run to be started. */
export interface NewRun {
  /**
   * Whose it is, and its id; stored with its data. The ids of run and user have at most 200 characters
   * and 490 bytes as UTF-8. All users' runs share one space of ids, so that an id must be unique, and
   * one that nobody can guess, such as `crypto.randomUUID()`: else a user could use up another's.
   */
  readonly context: UserExecutionContext;
  /** The name of its workflow, by which whoever takes over finds it. */
  readonly workflow: string;
  /**
   * What tells its workflow from another of the same name, such as a hash of its definition: 1 to 200
   * characters without blanks. Whoever goes on with the run compares it.
   *
   * @default none
   */
  readonly fingerprint?: string;
  /** What its agents work on: what JSON can carry. @default null */
  readonly state?: unknown;
  /** What entitles this process to work on it; holds for all that it records. @default nothing */
  readonly fence?: RunFence;
}

/** A run that has not ended. */
export interface UnfinishedRun {
  /** The run. */
  readonly runId: string;
  /** Whose it is. */
  readonly userId: string;
}

/** Whose runs are claimed, and how many. */
export interface ClaimLostOptions {
  /**
   * Says which incarnations live. It is asked after the owners of runs were read, so that a process
   * which has begun since is not taken for dead.
   */
  readonly living: () => Promise<Iterable<string>>;
  /**
   * How many runs to claim or to give up at most, 1 to 1,000: as many as this process can work on.
   *
   * @default 10
   */
  readonly limit?: number;
}

/** What became of runs whose owners have died. */
export interface LostRuns {
  /** Those that this process owns now: to be resumed here. */
  readonly claimed: readonly StoredRun[];
  /**
   * Those that ended as failed, as their owners died again and again: `error` says so. Telling their
   * users is the caller's.
   */
  readonly givenUp: readonly StoredRun[];
  /** What could not be read and is left as it is, for people to look into; the first 100. */
  readonly corrupt: readonly CorruptRunError[];
  /** How many could not be read. */
  readonly corruptCount: number;
}

/** What is known of a run. */
export interface RunView extends StoredRun {
  /** Who works on it; null when it has ended. */
  readonly owner: RunOwner | null;
  /** The results that are recorded, by step. */
  readonly results: StepResults;
}
