/** From where on {@link ProcessHealthMonitor} calls something short or slow. */
export interface HealthThresholds {
  /**
   * Event-loop lag (99th percentile of the last minute) that is a warning, in ms.
   *
   * @default 100
   */
  readonly lagWarningMs?: number;
  /**
   * Event-loop lag (99th percentile of the last minute) that is critical, in ms.
   *
   * @default 1_000
   */
  readonly lagCriticalMs?: number;
  /**
   * Share of memory in use that is a warning, in [0, 1]: of the machine's memory, and of the heap
   * that the runtime may grow to.
   *
   * @default 0.85
   */
  readonly memoryWarningShare?: number;
  /**
   * Share of memory in use that is critical, in [0, 1].
   *
   * @default 0.95
   */
  readonly memoryCriticalShare?: number;
  /**
   * Load average of the last minute per core that is a warning.
   *
   * @default 2
   */
  readonly loadWarningPerCore?: number;
  /**
   * Load average of the last minute per core that is critical.
   *
   * @default 8
   */
  readonly loadCriticalPerCore?: number;
  /**
   * Duration of a successful probe that is a warning, in ms. There is no critical one: a probe that
   * misses its deadline has failed.
   *
   * @default 500
   */
  readonly probeWarningMs?: number;
}

/** @returns The thresholds with their defaults. */
export function healthThresholds(options: HealthThresholds = {}): Required<HealthThresholds> {
  const thresholds = {
    lagWarningMs: options.lagWarningMs ?? 100,
    lagCriticalMs: options.lagCriticalMs ?? 1_000,
    memoryWarningShare: options.memoryWarningShare ?? 0.85,
    memoryCriticalShare: options.memoryCriticalShare ?? 0.95,
    loadWarningPerCore: options.loadWarningPerCore ?? 2,
    loadCriticalPerCore: options.loadCriticalPerCore ?? 8,
    probeWarningMs: options.probeWarningMs ?? 500,
  };
  checkPair(thresholds, "lagWarningMs", "lagCriticalMs");
  checkPair(thresholds, "memoryWarningShare", "memoryCriticalShare");
  checkPair(thresholds, "loadWarningPerCore", "loadCriticalPerCore");
  if (thresholds.memoryCriticalShare > 1) {
    throw new RangeError(
      `memoryCriticalShare must be at most 1, got ${thresholds.memoryCriticalShare}`,
    );
  }
  if (!(thresholds.probeWarningMs > 0)) {
    throw new RangeError(`probeWarningMs must be above 0, got ${thresholds.probeWarningMs}`);
  }
  return thresholds;
}

function checkPair<K extends string>(
  thresholds: Readonly<Record<K, number>>,
  warning: K,
  critical: K,
): void {
  const low = thresholds[warning];
  const high = thresholds[critical];
  if (!(low > 0 && low < high && high < Infinity)) {
    throw new RangeError(
      `${warning} must be above 0 and below ${critical}, got ${warning} ${low} and ${critical} ${high}`,
    );
  }
}
