/** How far a ballot has come; it only goes forward. */
export const BallotStatus = {
  /** Its electors may vote. */
  OPEN: "open",
  /** No vote can be added any more; its outcome is not written yet. */
  SEALED: "sealed",
  /** Its outcome stands and never changes. */
  DECIDED: "decided",
} as const;

/** How far a ballot has come; it only goes forward. */
export type BallotStatus = (typeof BallotStatus)[keyof typeof BallotStatus];
