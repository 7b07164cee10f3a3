import { checkRange } from "./lease_timing.ts";
import { resolveWorkLimits, type WorkLimitsOptions } from "./work/work_limits.ts";

/** How much a coordinator keeps of ballots and work. */
export interface ServiceOptions {
  /**
   * How much work the cluster holds; the leader's own setting counts.
   *
   * @default 100,000 unfinished items; completed ones are kept for a day
   */
  readonly work?: WorkLimitsOptions;
  /**
   * How long decided ballots are kept, in ms, a second to a year; the leader's own setting counts.
   *
   * @default a day
   */
  readonly ballotRetainMs?: number;
}

/** {@link ServiceOptions} with everything filled in and checked. */
export type ServiceLimits = Required<ServiceOptions>;

const DAY_MS = 86_400_000;
const BALLOT_RETAIN_MIN_MS = 1_000;
const BALLOT_RETAIN_MAX_MS = 365 * DAY_MS;

/**
 * Fills in and checks what is kept of ballots and work.
 *
 * @param options What the caller chose.
 * @returns The limits in force.
 * @throws {RangeError} when one is out of range.
 */
export function resolveServiceOptions(options: ServiceOptions): ServiceLimits {
  const { ballotRetainMs = DAY_MS } = options;
  checkRange("ballotRetainMs", ballotRetainMs, BALLOT_RETAIN_MIN_MS, BALLOT_RETAIN_MAX_MS);
  return { work: resolveWorkLimits(options.work), ballotRetainMs };
}
