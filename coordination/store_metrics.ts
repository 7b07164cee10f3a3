import type { StoreMetrics } from "./coordinator.ts";

/** What was asked of a store that nobody has asked anything. */
export const NO_STORE_METRICS: StoreMetrics = Object.freeze({
  reads: 0,
  commits: 0,
  refused: 0,
  unknown: 0,
  recovered: 0,
  busyRetries: 0,
  failures: 0,
  brokenWatches: 0,
  restores: 0,
});
