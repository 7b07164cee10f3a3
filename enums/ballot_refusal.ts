/** Why a ballot could not be opened, awaited or audited. */
export const BallotRefusal = {
  /** Another question stands under that id. */
  ID_TAKEN: "id_taken",
  /** As many ballots are open as a cluster may have. */
  TOO_MANY_OPEN: "too_many_open",
  /** No member is there that could vote. */
  NO_ELECTORS: "no_electors",
  /** Votes may still come. */
  NOT_DECIDED: "not_decided",
  /** There is no such ballot, or not any more. */
  UNKNOWN_BALLOT: "unknown_ballot",
} as const;

/** Why a ballot could not be opened, awaited or audited. */
export type BallotRefusal = (typeof BallotRefusal)[keyof typeof BallotRefusal];
