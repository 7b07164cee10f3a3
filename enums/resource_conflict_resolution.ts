/** Who goes first when two layers want the same resource. */
export const ResourceConflictResolution = {
  /** The one with the higher priority. */
  PRIORITY_BASED: "priority_based",
  /** The one that asked first. */
  FIRST_COME_FIRST_SERVE: "first_come_first_serve",
  /** Each in turn. */
  ROUND_ROBIN: "round_robin",
} as const;

/** Who goes first when two layers want the same resource. */
export type ResourceConflictResolution =
  (typeof ResourceConflictResolution)[keyof typeof ResourceConflictResolution];
