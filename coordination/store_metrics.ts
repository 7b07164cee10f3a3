/** What one process asked of one store handle. Counters only grow. */
export interface StoreMetrics {
  /** Reads: each get, getMany and batch of a list counts as one. */
  readonly reads: number;
  /** Atomic operations that were committed. */
  readonly commits: number;
  /** Atomic operations that a check refused. */
  readonly refused: number;
  /** Atomic operations whose outcome stayed unknown. */
  readonly unknown: number;
  /** Outcomes that looked lost and were found committed when read back. */
  readonly recovered: number;
  /** Attempts that were repeated because the database was locked by another process. */
  readonly busyRetries: number;
  /** Calls that failed for another reason, deadlines included. */
  readonly failures: number;
  /** Streams of changes that ended by themselves and were opened again. */
  readonly brokenWatches: number;
  /** Times an election's records were found to be of another store, or to have gone back in time. */
  readonly restores: number;
}

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
