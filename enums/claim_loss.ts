/** Why a claim on an item of work is over. */
export const ClaimLoss = {
  /**
   * It was not renewed in time, or this member's heartbeats did not arrive. The item may not have been
   * given to another yet.
   */
  EXPIRED: "expired",
  /** The store shows that the item was taken away, or is finished. */
  SUPERSEDED: "superseded",
  /** This process completed, failed or released it itself. */
  CLOSED: "closed",
} as const;

/** Why a claim on an item of work is over. */
export type ClaimLoss = (typeof ClaimLoss)[keyof typeof ClaimLoss];
