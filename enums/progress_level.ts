/** How important a progress event is. */
export const ProgressLevel = {
  /** For whoever looks for a fault. */
  DEBUG: "debug",
  /** Worth knowing. */
  INFO: "info",
  /** Something looks wrong. */
  WARNING: "warning",
  /** Something failed. */
  ERROR: "error",
} as const;

/** How important a progress event is. */
export type ProgressLevel = (typeof ProgressLevel)[keyof typeof ProgressLevel];
