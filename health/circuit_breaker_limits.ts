/** From where on a share of failures opens a breaker. */
export interface FailureRateLimit {
  /** Share of calls that fail, above 0 and at most 1. */
  readonly share: number;
  /** Calls that the window must hold before their share counts. */
  readonly minCalls: number;
  /** How far back calls count, in ms. */
  readonly windowMs: number;
}

/** When a circuit breaker opens, for how long, and what closes it again. */
export interface CircuitBreakerLimits {
  /**
   * Failures in a row that open it.
   *
   * @default 5
   */
  readonly failureThreshold?: number;
  /**
   * Share of failures that opens it, whatever their order; null for none.
   *
   * @default { share: 0.5, minCalls: 20, windowMs: 30_000 }
   */
  readonly failureRate?: FailureRateLimit | null;
  /**
   * A call that succeeds later than this counts as a failure, in ms.
   *
   * @default Infinity
   */
  readonly slowCallMs?: number;
  /**
   * How long it stays open the first time, in ms.
   *
   * @default 5_000
   */
  readonly cooldownMs?: number;
  /**
   * By what the cooldown grows each time it opens again.
   *
   * @default 2
   */
  readonly cooldownFactor?: number;
  /**
   * The longest cooldown, in ms.
   *
   * @default 60_000
   */
  readonly cooldownMaxMs?: number;
  /**
   * Share of a cooldown that chance may take off, 0 to 1, so that nodes do not probe all at once.
   *
   * @default 0.5
   */
  readonly cooldownJitter?: number;
  /**
   * How long it must have been closed before its next cooldown is the first again, in ms.
   *
   * @default 60_000
   */
  readonly stableMs?: number;
  /**
   * Successes in a row that close it from half-open.
   *
   * @default 2
   */
  readonly successThreshold?: number;
  /**
   * Probing calls that may be under way at a time while half-open.
   *
   * @default 2
   */
  readonly halfOpenMaxCalls?: number;
  /**
   * How long a probing call may take before it counts as a failure and is aborted, in ms.
   *
   * @default cooldownMs
   */
  readonly halfOpenTimeoutMs?: number;
}

/** @returns The limits with their defaults. */
export function circuitBreakerLimits(
  options: CircuitBreakerLimits,
): Required<CircuitBreakerLimits> {
  const cooldownMs = options.cooldownMs ?? 5_000;
  const limits = {
    failureThreshold: options.failureThreshold ?? 5,
    failureRate: options.failureRate === undefined
      ? { share: 0.5, minCalls: 20, windowMs: 30_000 }
      : options.failureRate && { ...options.failureRate },
    slowCallMs: options.slowCallMs ?? Infinity,
    cooldownMs,
    cooldownFactor: options.cooldownFactor ?? 2,
    cooldownMaxMs: options.cooldownMaxMs ?? Math.max(60_000, cooldownMs),
    cooldownJitter: options.cooldownJitter ?? 0.5,
    stableMs: options.stableMs ?? 60_000,
    successThreshold: options.successThreshold ?? 2,
    halfOpenMaxCalls: options.halfOpenMaxCalls ?? 2,
    halfOpenTimeoutMs: options.halfOpenTimeoutMs ?? cooldownMs,
  };
  checkCounts(limits);
  checkDurations(limits);
  if (limits.failureRate) checkRate(limits.failureRate);
  return limits;
}

function checkCounts(limits: Required<CircuitBreakerLimits>): void {
  for (const name of ["failureThreshold", "successThreshold", "halfOpenMaxCalls"] as const) {
    checkCount(name, limits[name]);
  }
  const { cooldownFactor, cooldownJitter } = limits;
  if (!(cooldownFactor >= 1 && cooldownFactor < Infinity)) {
    throw new RangeError(`cooldownFactor must be a number from 1, got ${cooldownFactor}`);
  }
  if (!(cooldownJitter >= 0 && cooldownJitter <= 1)) {
    throw new RangeError(`cooldownJitter must be from 0 to 1, got ${cooldownJitter}`);
  }
}

function checkDurations(limits: Required<CircuitBreakerLimits>): void {
  for (const name of ["cooldownMs", "halfOpenTimeoutMs"] as const) {
    if (!(Number.isFinite(limits[name]) && limits[name] > 0)) {
      throw new RangeError(`${name} must be above 0 and finite, got ${limits[name]}`);
    }
  }
  if (!(limits.slowCallMs > 0)) {
    throw new RangeError(`slowCallMs must be above 0, got ${limits.slowCallMs}`);
  }
  if (!(limits.stableMs >= 0)) {
    throw new RangeError(`stableMs must be at least 0, got ${limits.stableMs}`);
  }
  const { cooldownMs, cooldownMaxMs } = limits;
  if (!(Number.isFinite(cooldownMaxMs) && cooldownMaxMs >= cooldownMs)) {
    throw new RangeError(
      `cooldownMaxMs must be finite and at least cooldownMs (${cooldownMs}), got ${cooldownMaxMs}`,
    );
  }
}

function checkRate({ share, minCalls, windowMs }: FailureRateLimit): void {
  checkCount("failureRate.minCalls", minCalls);
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(`failureRate.share must be above 0 and at most 1, got ${share}`);
  }
  if (!(Number.isFinite(windowMs) && windowMs > 0)) {
    throw new RangeError(`failureRate.windowMs must be above 0 and finite, got ${windowMs}`);
  }
}

function checkCount(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value >= 1)) {
    throw new RangeError(`${name} must be a whole number from 1, got ${value}`);
  }
}
