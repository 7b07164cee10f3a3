/** Why a term of leadership ended. */
export const LossCause = {
  /** The lease ran out before it was renewed: this process was frozen, blocked or suspended. */
  EXPIRED: "expired",
  /** The store names another holder or a higher term. */
  SUPERSEDED: "superseded",
  /** The holder gave it up itself. */
  RESIGNED: "resigned",
  /** The store could not be reached for as long as the lease was valid. */
  STORE_UNAVAILABLE: "store-unavailable",
} as const;

/** Why a term of leadership ended. */
export type LossCause = (typeof LossCause)[keyof typeof LossCause];
