/** Why a ballot ended without a choice. */
export const BallotReason = {
  /** The best two choices are level. */
  TIE: "tie",
  /** Enough took part, and no choice has what the policy asks for. */
  NO_MAJORITY: "no_majority",
  /** Fewer took part, abstainers included, than any choice would have needed. */
  NO_QUORUM: "no_quorum",
} as const;

/** Why a ballot ended without a choice. */
export type BallotReason = (typeof BallotReason)[keyof typeof BallotReason];
