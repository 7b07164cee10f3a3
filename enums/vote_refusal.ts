/** Why a vote was not counted. */
export const VoteRefusal = {
  /** The ballot is closed; its outcome is about to be written. */
  SEALED: "sealed",
  /** The ballot is decided. */
  DECIDED: "decided",
  /** The node is not among the members that were taken as electors when the ballot opened. */
  NOT_AN_ELECTOR: "not_an_elector",
  /** The node has voted for something else before. */
  ALREADY_VOTED: "already_voted",
  /** The ballot does not offer that choice. */
  UNKNOWN_CHOICE: "unknown_choice",
  /** There is no such ballot, or not any more. */
  UNKNOWN_BALLOT: "unknown_ballot",
} as const;

/** Why a vote was not counted. */
export type VoteRefusal = (typeof VoteRefusal)[keyof typeof VoteRefusal];
