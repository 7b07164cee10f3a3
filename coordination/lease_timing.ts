/** How long things take in an election. All in ms. */
export interface LeaseTimingOptions {
  /**
   * How long a leader's record must stand unchanged before another may take over: the bound of a
   * failover. At least 100, at most a day.
   *
   * @default 10_000
   */
  readonly leaseMs?: number;
  /**
   * How often the leader renews, give or take a tenth.
   *
   * @default leaseMs / 3
   */
  readonly renewMs?: number;
  /**
   * Deadline of one attempt to read or write the store; several must fit into a lease.
   *
   * @default leaseMs / 6
   */
  readonly attemptTimeoutMs?: number;
  /**
   * How often a follower reads the record although nothing hinted at a change.
   *
   * @default leaseMs / 2
   */
  readonly safetyPollMs?: number;
}

/** {@link LeaseTimingOptions} with everything filled in and checked. */
export interface LeaseTiming {
  /** See {@link LeaseTimingOptions.leaseMs}. */
  readonly leaseMs: number;
  /** See {@link LeaseTimingOptions.renewMs}. */
  readonly renewMs: number;
  /** See {@link LeaseTimingOptions.attemptTimeoutMs}. */
  readonly attemptTimeoutMs: number;
  /** See {@link LeaseTimingOptions.safetyPollMs}. */
  readonly safetyPollMs: number;
  /** How long the holder itself trusts the lease, counted from before the renewal was sent. */
  readonly validityMs: number;
  /** How often a follower reads where nothing can hint at a change of another process. */
  readonly blindPollMs: number;
  /** Shortest time between two reads because a local file keeps changing. */
  readonly debounceMs: number;
}

/** The default lease, between those of client-go (15 s) and etcd's fast set-ups. */
const DEFAULT_LEASE_MS = 10_000;
/** Shorter leases would be lost to ordinary pauses of garbage collectors and disks. */
export const LEASE_MIN_MS = 100;
/** Longer ones would keep a cluster without a leader for longer than a day. */
export const LEASE_MAX_MS = 86_400_000;
/** The rest of a lease covers clocks of unlike rates and the time it takes to stop work. */
export const VALIDITY_SHARE = 0.8;
/** Renewals come up to this much later than planned. */
export const RENEW_JITTER_SHARE = 0.1;
/** The share of an attempt's timeout that preparing it may take. */
export const PREPARE_SHARE = 0.4;
/** A failed attempt is repeated after about this share of the attempt's timeout. */
export const RETRY_SHARE = 0.1;
const BLIND_POLL_MIN_MS = 100;
const BLIND_POLL_MAX_MS = 250;
const DEBOUNCE_SHARE = 1 / 100;
const DEBOUNCE_MIN_MS = 10;
const DEBOUNCE_MAX_MS = 100;

/**
 * Fills in and checks the timing of an election.
 *
 * @param options What the caller chose.
 * @returns The whole timing.
 * @throws {RangeError} when a value is out of range, or when two attempts after a late renewal would
 * not fit into the time for which a holder trusts its lease.
 */
export function resolveLeaseTiming(options: LeaseTimingOptions = {}): LeaseTiming {
  const leaseMs = options.leaseMs ?? DEFAULT_LEASE_MS;
  checkRange("leaseMs", leaseMs, LEASE_MIN_MS, LEASE_MAX_MS);
  const renewMs = options.renewMs ?? leaseMs / 3;
  const attemptTimeoutMs = options.attemptTimeoutMs ?? leaseMs / 6;
  const safetyPollMs = options.safetyPollMs ?? leaseMs / 2;
  const validityMs = leaseMs * VALIDITY_SHARE;
  checkRange("renewMs", renewMs, 1, leaseMs);
  checkRange("attemptTimeoutMs", attemptTimeoutMs, 1, leaseMs);
  checkRange("safetyPollMs", safetyPollMs, 1, leaseMs);
  const latest = 1 + RENEW_JITTER_SHARE;
  const neededMs = latest * renewMs + attemptTimeoutMs * (PREPARE_SHARE + 2 + latest * RETRY_SHARE);
  if (neededMs > validityMs) {
    throw new RangeError(
      `renewMs ${renewMs} and attemptTimeoutMs ${attemptTimeoutMs} do not fit leaseMs ${leaseMs}: ` +
        `a late renewal and two attempts take ${Math.ceil(neededMs)} ms, ` +
        `a holder trusts its lease for ${validityMs} ms (${VALIDITY_SHARE} of it)`,
    );
  }
  const blindPollMs = Math.min(
    safetyPollMs,
    Math.max(BLIND_POLL_MIN_MS, Math.min(BLIND_POLL_MAX_MS, leaseMs / 8)),
  );
  const debounceMs = Math.max(DEBOUNCE_MIN_MS, Math.min(DEBOUNCE_MAX_MS, leaseMs * DEBOUNCE_SHARE));
  return { leaseMs, renewMs, attemptTimeoutMs, safetyPollMs, validityMs, blindPollMs, debounceMs };
}

/**
 * Refuses a number outside its range.
 *
 * @param name The option's name, for the message.
 * @param value The number.
 * @param min The smallest allowed.
 * @param max The largest allowed.
 * @throws {RangeError} when it is not a number from min to max.
 */
export function checkRange(name: string, value: number, min: number, max: number): void {
  if (typeof value !== "number" || !(value >= min && value <= max)) {
    throw new RangeError(`${name} must be a number from ${min} to ${max}, got ${value}`);
  }
}
