import { checkRange } from "../lease_timing.ts";

/** How much work a cluster holds. */
export interface WorkLimitsOptions {
  /**
   * How many items may be neither completed nor dead, 1 to 10,000,000; further ones are refused.
   *
   * @default 100_000
   */
  readonly maxBacklog?: number;
  /**
   * How long completed items can be read and known again by their ids, in ms, a second to a year.
   *
   * @default a day
   */
  readonly retainMs?: number;
}

/** {@link WorkLimitsOptions} with everything filled in and checked. */
export type WorkLimits = Required<WorkLimitsOptions>;

const DEFAULT_BACKLOG = 100_000;
const BACKLOG_MAX = 10_000_000;
const DAY_MS = 86_400_000;
const RETAIN_MIN_MS = 1_000;
const RETAIN_MAX_MS = 365 * DAY_MS;

/**
 * @returns The limits in force.
 * @throws {RangeError} when one is out of range.
 */
export function resolveWorkLimits(options: WorkLimitsOptions = {}): WorkLimits {
  const { maxBacklog = DEFAULT_BACKLOG, retainMs = DAY_MS } = options;
  checkRange("maxBacklog", maxBacklog, 1, BACKLOG_MAX);
  checkRange("retainMs", retainMs, RETAIN_MIN_MS, RETAIN_MAX_MS);
  return { maxBacklog, retainMs };
}
