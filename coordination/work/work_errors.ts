import { describeError } from "../../config/describe_error.ts";
import type { ClaimLoss } from "../../enums/claim_loss.ts";
import type { WorkRefusal } from "../../enums/work_refusal.ts";

/** An item of work, or its result, was not taken: nothing was recorded. */
export class WorkRefusedError extends Error {
  /** Tells this error from others. */
  override readonly name = "WorkRefusedError";
  /** A stable code for programs. */
  readonly code = "WORK_REFUSED";
  /** Why. */
  readonly reason: WorkRefusal;
  /** The item's id. */
  readonly itemId: string;

  /**
   * Makes the error.
   *
   * @param itemId The item's id.
   * @param reason Why.
   */
  constructor(itemId: string, reason: WorkRefusal) {
    super(`Work "${itemId}" was refused: ${REFUSAL_TEXTS[reason]}`);
    this.itemId = itemId;
    this.reason = reason;
  }
}

const REFUSAL_TEXTS: Readonly<Record<WorkRefusal, string>> = {
  backlog_full: "the backlog is full, assign again when some of it is done",
  id_taken: "an item with another payload or other labels stands under that id",
  inbox_full: "too many calls of this process wait for the leader, assign again later",
  no_member: "no live member takes work with its labels",
  too_large:
    "payload and labels exceed 58 KiB, or 60 KiB with the result; store it elsewhere and refer to it",
};

/**
 * Nobody acknowledged an item in time. Assigning it again under the same id is safe: it is taken
 * once.
 */
export class WorkUnacknowledgedError extends Error {
  /** Tells this error from others. */
  override readonly name = "WorkUnacknowledgedError";
  /** A stable code for programs. */
  readonly code = "WORK_UNACKNOWLEDGED";
  /** The item's id. */
  readonly itemId: string;
  /** Whether the item was taken back for certain; otherwise it may still be assigned. */
  readonly withdrawn: boolean;

  /**
   * Makes the error.
   *
   * @param itemId The item's id.
   * @param withdrawn Whether the item was taken back for certain.
   * @param cause The last error on the way; undefined when there was just no answer.
   */
  constructor(itemId: string, withdrawn: boolean, cause?: unknown) {
    const why = cause === undefined ? "no leader answered in time" : describeError(cause);
    const left = withdrawn ? "it was withdrawn" : "it may still be assigned";
    super(`Work "${itemId}" was not acknowledged (${why}); ${left}`, { cause });
    this.itemId = itemId;
    this.withdrawn = withdrawn;
  }
}

/** A claim is over: what this process does about the item is no longer recorded. */
export class ClaimLostError extends Error {
  /** Tells this error from others. */
  override readonly name = "ClaimLostError";
  /** A stable code for programs. */
  readonly code = "CLAIM_LOST";
  /** The item's id. */
  readonly itemId: string;
  /** The attempt that is over. */
  readonly attempt: number;
  /** Why. */
  readonly reason: ClaimLoss;

  /**
   * Makes the error.
   *
   * @param itemId The item's id.
   * @param attempt The attempt that is over.
   * @param reason Why.
   */
  constructor(itemId: string, attempt: number, reason: ClaimLoss) {
    super(`The claim on work "${itemId}" in attempt ${attempt} is over: ${LOSS_TEXTS[reason]}`);
    this.itemId = itemId;
    this.attempt = attempt;
    this.reason = reason;
  }
}

const LOSS_TEXTS: Readonly<Record<ClaimLoss, string>> = {
  expired: "it was not renewed in time",
  superseded: "the item was taken away",
  closed: "this process has closed it",
};

/** A claim was not renewed, because its work has not got on for as long as it may. */
export class NoProgressError extends Error {
  /** Tells this error from others. */
  override readonly name = "NoProgressError";
  /** A stable code for programs. */
  readonly code = "NO_PROGRESS";
  /** The item's id. */
  readonly itemId: string;
  /** The greatest progress that was reported. */
  readonly progress: number;
  /** For how long it has not grown, in ms. */
  readonly stalledMs: number;

  /**
   * Makes the error.
   *
   * @param itemId The item's id.
   * @param progress The greatest progress that was reported.
   * @param stalledMs For how long it has not grown, in ms.
   */
  constructor(itemId: string, progress: number, stalledMs: number) {
    super(
      `Cannot renew the claim on work "${itemId}": its progress has stood at ${progress} for ` +
        `${Math.round(stalledMs)} ms`,
    );
    this.itemId = itemId;
    this.progress = progress;
    this.stalledMs = stalledMs;
  }
}
