import { describeError } from "../config/describe_error.ts";
import type { LossCause } from "../enums/loss_cause.ts";

/** What ended a term of leadership, with what is known about it. */
export type LeadershipLoss =
  | {
    /** The lease ran out: nothing renewed it in time, though no call to the store had failed. */
    readonly kind: typeof LossCause.EXPIRED;
    /** How long ago the last successful renewal was sent, in ms. */
    readonly silentMs: number;
  }
  | {
    /** Somebody else's record stands in the store. */
    readonly kind: typeof LossCause.SUPERSEDED;
    /** The holder that the store names now; null when it names none. */
    readonly holderId: string | null;
    /** The term that the store shows now; null when the record is gone. */
    readonly term: number | null;
  }
  | {
    /** The holder let go. */
    readonly kind: typeof LossCause.RESIGNED;
  }
  | {
    /** The store did not answer, or answered with errors, for as long as the lease was valid. */
    readonly kind: typeof LossCause.STORE_UNAVAILABLE;
    /** The last error of the store. */
    readonly error: unknown;
  };

/**
 * The reason of a term's signal, and what `withLeadership` rejects with: this process no longer
 * leads. Stop what only a leader may do; fenced writes can no longer commit.
 */
export class LeadershipLostError extends Error {
  /** Tells this error from others. */
  override readonly name = "LeadershipLostError";
  /** A stable code for programs. */
  readonly code = "LEADERSHIP_LOST";
  /** The election that was lost. */
  readonly election: string;
  /** The term that ended. */
  readonly term: number;
  /** What ended it. */
  override readonly cause: LeadershipLoss;

  /**
   * Makes the error.
   *
   * @param election Name of the election.
   * @param term The term that ended.
   * @param cause What ended it.
   */
  constructor(election: string, term: number, cause: LeadershipLoss) {
    super(`Lost leadership of "${election}" in term ${term}: ${describeLoss(cause)}`);
    this.election = election;
    this.term = term;
    this.cause = cause;
  }
}

function describeLoss(loss: LeadershipLoss): string {
  switch (loss.kind) {
    case "expired":
      return `the lease expired, last renewed ${Math.round(loss.silentMs)} ms ago`;
    case "superseded":
      return loss.holderId === null
        ? "the store no longer names this holder"
        : `the store names "${loss.holderId}" in term ${loss.term}`;
    case "resigned":
      return "resigned";
    case "store-unavailable":
      return `the store is unavailable (${describeError(loss.error)})`;
    default:
      return loss satisfies never;
  }
}

/**
 * The store did not do what it was asked to inside the deadline. What was asked may or may not have
 * happened; nothing acknowledged is lost.
 */
export class StoreUnavailableError extends Error {
  /** Tells this error from others. */
  override readonly name = "StoreUnavailableError";
  /** A stable code for programs. */
  readonly code = "STORE_UNAVAILABLE";
  /** What was asked of the store, such as "read the lease". */
  readonly operation: string;

  /**
   * Makes the error.
   *
   * @param operation What was asked of the store.
   * @param cause The error of the last attempt.
   */
  constructor(operation: string, cause: unknown) {
    super(`Cannot ${operation}: the store is unavailable (${describeError(cause)})`, { cause });
    this.operation = operation;
  }
}

/** What stands under one of Baton's keys is not what Baton writes there. It is left untouched. */
export class CorruptRecordError extends Error {
  /** Tells this error from others. */
  override readonly name = "CorruptRecordError";
  /** A stable code for programs. */
  readonly code = "CORRUPT_RECORD";
  /** The key in the store. */
  readonly key: Deno.KvKey;
  /** What is wrong with the value. */
  readonly fault: string;

  /**
   * Makes the error.
   *
   * @param key The key in the store.
   * @param fault What is wrong with the value, such as "version 2 is newer than this package reads".
   */
  constructor(key: Deno.KvKey, fault: string) {
    super(
      `Cannot use the record at ${JSON.stringify(key.map(String))}: ${fault}. ` +
        "Upgrade this process, use another cluster or election name, or delete the key if it is not Baton's",
    );
    this.key = key;
    this.fault = fault;
  }
}

/** Another live process is a member of the cluster under the same id. */
export class DuplicateInstanceError extends Error {
  /** Tells this error from others. */
  override readonly name = "DuplicateInstanceError";
  /** A stable code for programs. */
  readonly code = "DUPLICATE_INSTANCE";
  /** The id that is taken. */
  readonly instanceId: string;
  /** The cluster in which it is taken. */
  readonly cluster: string;

  /**
   * Makes the error.
   *
   * @param instanceId The id that is taken.
   * @param cluster The cluster in which it is taken.
   */
  constructor(instanceId: string, cluster: string) {
    super(
      `Cannot join cluster "${cluster}" as "${instanceId}": a live process has that id. ` +
        "Stop it, or give this one an id of its own",
    );
    this.instanceId = instanceId;
    this.cluster = cluster;
  }
}

/** The coordinator is not in the state that the call needs, such as a heartbeat before startup. */
export class NotRunningError extends Error {
  /** Tells this error from others. */
  override readonly name = "NotRunningError";
  /** A stable code for programs. */
  readonly code = "NOT_RUNNING";

  /**
   * Makes the error.
   *
   * @param operation What was asked, such as "send a heartbeat".
   */
  constructor(operation: string) {
    super(`Cannot ${operation}: the coordinator is not running, call startup() first`);
  }
}
