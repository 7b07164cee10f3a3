import { describeError } from "../../config/describe_error.ts";

/**
 * A store of runs gave no answer in time. Nobody knows whether a change was made; a run that was worked
 * on can be resumed once the store answers.
 */
export class RunStoreUnavailableError extends Error {
  /** Tells this error from others. */
  override readonly name = "RunStoreUnavailableError";
  /** A stable code for programs. */
  readonly code = "RUN_STORE_UNAVAILABLE";
  /** What was asked of the store, as in "change what is stored of runs". */
  readonly operation: string;

  /**
   * Makes the error.
   *
   * @param operation What was asked of the store, as in "change what is stored of runs".
   * @param cause What the store threw last.
   */
  constructor(operation: string, cause: unknown) {
    super(
      `Cannot ${operation}: the store is unavailable (${describeError(cause)}). ` +
        "Resume the run once the store answers, or give the store a longer timeoutMs",
      { cause },
    );
    this.operation = operation;
  }
}

/** What stands in a store of runs is not what was written there. */
export class CorruptRunError extends Error {
  /** Tells this error from others. */
  override readonly name = "CorruptRunError";
  /** A stable code for programs. */
  readonly code = "CORRUPT_RUN";
  /** Where it stands. */
  readonly key: readonly unknown[];

  /**
   * Makes the error.
   *
   * @param key Where it stands.
   * @param cause What is wrong with it.
   */
  constructor(key: readonly unknown[], cause: unknown) {
    super(`Cannot read ${showKey(key)} of a store of runs`, { cause });
    this.key = [...key];
  }
}

/** Why a run was refused. */
export type RunRefusal =
  /** There is a run of that id, which may have ended. */
  | "exists"
  /** There is none of that id. */
  | "not_found"
  /** It has ended. */
  | "ended"
  /** Its user has as many unfinished ones as may be. */
  | "too_many"
  /** It belongs to another user, conversation or workflow, or its workflow was changed. */
  | "mismatch"
  /** The fence of who asked does not hold any more, or others were faster, again and again. */
  | "fenced";

/** A run cannot be started or taken over. */
export class RunRefusedError extends Error {
  /** Tells this error from others. */
  override readonly name = "RunRefusedError";
  /** A stable code for programs. */
  readonly code = "RUN_REFUSED";
  /** The run. */
  readonly runId: string;
  /** Why. */
  readonly reason: RunRefusal;

  /**
   * Makes the error.
   *
   * @param runId The run.
   * @param reason Why.
   * @param message Why, for people.
   */
  constructor(runId: string, reason: RunRefusal, message: string) {
    super(`Cannot work on run ${JSON.stringify(runId)}: ${message}`);
    this.runId = runId;
    this.reason = reason;
  }
}

/**
 * Who works on a run is not its owner any more: another took it over, it has ended, or the fence does
 * not hold. Nothing more of its work is recorded.
 */
export class RunSupersededError extends Error {
  /** Tells this error from others. */
  override readonly name = "RunSupersededError";
  /** A stable code for programs. */
  readonly code = "RUN_SUPERSEDED";
  /** The run. */
  readonly runId: string;

  /**
   * Makes the error.
   *
   * @param runId The run.
   */
  constructor(runId: string) {
    super(`Run ${JSON.stringify(runId)} belongs to another worker now, or has ended`);
    this.runId = runId;
  }
}

/**
 * A durable run was given up by its process before it ended, as the engine was cleaned up or the store
 * did not answer: it can be resumed. As the reason of a run's signal it does the same on purpose; any
 * other reason ends the run.
 */
export class RunInterruptedError extends Error {
  /** Tells this error from others. */
  override readonly name = "RunInterruptedError";
  /** A stable code for programs. */
  readonly code = "RUN_INTERRUPTED";
  /** The run. */
  readonly runId: string;

  /**
   * Makes the error.
   *
   * @param runId The run.
   */
  constructor(runId: string) {
    super(`Run ${JSON.stringify(runId)} was interrupted, and can be resumed`);
    this.runId = runId;
  }
}

function showKey(key: readonly unknown[]): string {
  return key.map(String).join("/").slice(0, 500);
}
