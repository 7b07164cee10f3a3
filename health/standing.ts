import { SystemStatus } from "../enums/system_status.ts";

/** How a component stands after some looks. */
export interface Standing {
  readonly status: SystemStatus;
  /** Failed looks in a row. */
  readonly failures: number;
  /** Good or degraded looks in a row. */
  readonly successes: number;
}

/** How many looks in a row it takes to change a component's status. */
export interface StandingThresholds {
  /** Failed ones, to fail it. */
  readonly failureThreshold: number;
  /** Others, to take it back. */
  readonly successThreshold: number;
}

/** A component that nobody has looked at. */
export const UNSEEN: Standing = { status: SystemStatus.UNKNOWN, failures: 0, successes: 0 };

/**
 * Decides how a component stands after one more look. A failed look counts from the threshold on;
 * until then the component stays what it was. Only a failed component must earn its way back. A look
 * that could not tell makes the component unknown at once: an old answer would be a guess.
 *
 * @param before How it stood.
 * @param found What the look found.
 * @param thresholds How many looks in a row it takes.
 * @returns How it stands now.
 */
export function judgeStanding(
  before: Standing,
  found: SystemStatus,
  thresholds: StandingThresholds,
): Standing {
  switch (found) {
    case SystemStatus.UNKNOWN:
      return UNSEEN;
    case SystemStatus.FAILED: {
      const failures = before.failures + 1;
      const status = failures >= thresholds.failureThreshold ? found : before.status;
      return { status, failures, successes: 0 };
    }
    case SystemStatus.HEALTHY:
    case SystemStatus.DEGRADED: {
      const successes = before.successes + 1;
      const isBack = before.status !== SystemStatus.FAILED ||
        successes >= thresholds.successThreshold;
      return { status: isBack ? found : before.status, failures: 0, successes };
    }
    default:
      return found satisfies never;
  }
}
