/** The plan of a user, which chooses how long an execution may take. */
export const TimeoutTier = {
  /** The free plan. */
  FREE: "free",
  /** The first paid plan. */
  EARLY: "early",
  /** The middle plan. */
  MID: "mid",
  /** The plan for enterprises. */
  ENTERPRISE: "enterprise",
  /** The platform's own work. */
  PLATFORM: "platform",
} as const;

/** The plan of a user, which chooses how long an execution may take. */
export type TimeoutTier = (typeof TimeoutTier)[keyof typeof TimeoutTier];
