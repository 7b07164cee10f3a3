/** State of a pool of resources. How much of a machine's resource is left is `ResourceHealth`. */
export const ResourceStatus = {
  /** There is something to give out. */
  AVAILABLE: "available",
  /** It is given out. */
  ALLOCATED: "allocated",
  /** Nothing is left. */
  EXHAUSTED: "exhausted",
  /** It is kept for somebody. */
  RESERVED: "reserved",
  /** It cannot be used. */
  ERROR: "error",
  /** It is being watched before it is given out again. */
  MONITORING: "monitoring",
  /** It is being cleaned up. */
  CLEANUP: "cleanup",
} as const;

/** State of a pool of resources. How much of a machine's resource is left is `ResourceHealth`. */
export type ResourceStatus = (typeof ResourceStatus)[keyof typeof ResourceStatus];
