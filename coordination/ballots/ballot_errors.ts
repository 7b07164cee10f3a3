import { BallotRefusal } from "../../enums/ballot_refusal.ts";
import { VoteRefusal } from "../../enums/vote_refusal.ts";

const VOTE_REASONS: Readonly<Record<VoteRefusal, string>> = {
  [VoteRefusal.SEALED]: "it is closed, its outcome is about to be written",
  [VoteRefusal.DECIDED]: "it is decided",
  [VoteRefusal.NOT_AN_ELECTOR]: "this node is not one of its electors",
  [VoteRefusal.ALREADY_VOTED]: "this node has voted otherwise",
  [VoteRefusal.UNKNOWN_CHOICE]: "it does not offer that choice",
  [VoteRefusal.UNKNOWN_BALLOT]: "there is no such ballot",
};

/** A vote that was not counted, and will not be. */
export class VoteRefusedError extends Error {
  /** Tells this error from others. */
  override readonly name = "VoteRefusedError";
  /** A stable code for programs. */
  readonly code = "VOTE_REFUSED";
  /** Why. */
  readonly reason: VoteRefusal;
  /** The ballot. */
  readonly ballotId: string;

  /**
   * Makes the error.
   *
   * @param ballotId The ballot.
   * @param reason Why.
   */
  constructor(ballotId: string, reason: VoteRefusal) {
    super(`Cannot vote on ballot "${ballotId}": ${VOTE_REASONS[reason]}`);
    this.ballotId = ballotId;
    this.reason = reason;
  }
}

const BALLOT_REASONS: Readonly<Record<BallotRefusal, string>> = {
  [BallotRefusal.ID_TAKEN]: "another question stands under that id",
  [BallotRefusal.TOO_MANY_OPEN]: "the cluster has as many open ballots as it may have",
  [BallotRefusal.NO_ELECTORS]: "no member is there to vote on it",
  [BallotRefusal.NOT_DECIDED]: "votes may still come",
  [BallotRefusal.UNKNOWN_BALLOT]: "there is no such ballot",
};

/** A ballot that cannot be opened, awaited or audited. */
export class BallotRefusedError extends Error {
  /** Tells this error from others. */
  override readonly name = "BallotRefusedError";
  /** A stable code for programs. */
  readonly code = "BALLOT_REFUSED";
  /** Why. */
  readonly reason: BallotRefusal;
  /** The ballot. */
  readonly ballotId: string;

  /**
   * Makes the error.
   *
   * @param ballotId The ballot.
   * @param reason Why.
   * @param operation What was asked for, such as "open" or "recount".
   */
  constructor(ballotId: string, reason: BallotRefusal, operation: string) {
    super(`Cannot ${operation} ballot "${ballotId}": ${BALLOT_REASONS[reason]}`);
    this.ballotId = ballotId;
    this.reason = reason;
  }
}
