import type { Clock } from "../clock.ts";
import type { HealthSource } from "../health/health_state.ts";
import {
  checkRange,
  LEASE_MAX_MS,
  type LeaseTiming,
  type LeaseTimingOptions,
  resolveLeaseTiming,
} from "./lease_timing.ts";
import type { MissedHeartbeats } from "./member_observer.ts";
import { checkThreshold } from "./quorum.ts";
import type { FallbackModeKeeper } from "./self_report.ts";
import type { ServiceOptions } from "./service_options.ts";
import type { Term } from "./term.ts";

/** Work that runs in the cluster once: on the leader, while it leads. */
export interface LeaderWork {
  /**
   * Does the work until the term ends; it is awaited then.
   *
   * @param term The term under which it runs: its signal says when to stop, its `atomic()` fences
   * what it writes.
   */
  lead(term: Term): Promise<void>;
}

/** How long things take in a cluster. All `…Ms` in ms. */
export interface CoordinatorTimingOptions extends LeaseTimingOptions {
  /**
   * How often each node writes its heartbeat and vote, and the leader its decision.
   *
   * @default renewMs, so that both go into one commit
   */
  readonly heartbeatMs?: number;
  /**
   * Missed heartbeats after which a member is suspect. At least 1.
   *
   * @default 3
   */
  readonly suspectAfterMissed?: number;
  /**
   * Missed heartbeats after which a member is dead; in clusters of more than ten members, times
   * log10 of their number. More than `suspectAfterMissed`.
   *
   * @default 4
   */
  readonly deadAfterMissed?: number;
  /**
   * How long a member must have been silent before the leader removes it from the membership, and so
   * from the quorum's denominator.
   *
   * @default the larger of a minute and ten leases
   */
  readonly evictAfterMs?: number;
}

/** Options of `DistributedResilienceCoordinator`. */
export interface DistributedCoordinatorOptions extends ServiceOptions {
  /** The store that the cluster shares. It is not closed on shutdown. */
  readonly kv: Deno.Kv;
  /**
   * The path or URL that `kv` was opened with. For a local file it lets nodes learn within
   * milliseconds what other processes wrote (needs read permission on its `-wal` file); without it
   * they read the store each 100 to 250 ms.
   */
  readonly storePath?: string;
  /**
   * The cluster's name: coordinators of the same name on the same store belong together. At most
   * 256 characters, and 500 bytes.
   *
   * @default "default"
   */
  readonly cluster?: string;
  /**
   * This node's id, unique in the cluster. A process that starts with the id of a live one is
   * refused; with the id of a crashed one it starts once that has been silent for a lease.
   *
   * @default a random text
   */
  readonly instanceId?: string;
  /** Says how healthy the node is; what it cannot say makes the node abstain. Without one: well. */
  readonly healthMonitor?: HealthSource;
  /** Keeps the node's fallback mode, which agreed decisions then change, down and back up. */
  readonly fallbackManager?: FallbackModeKeeper;
  /** Runs on the leader only, while it leads. */
  readonly recoveryOrchestrator?: LeaderWork;
  /**
   * The share of the membership that must vote, in (0, 1]; never less than a strict majority.
   *
   * @default 0.5
   */
  readonly quorumThreshold?: number;
  /**
   * How many members the cluster should have: the quorum is counted against it, or against the
   * registered members if those are more.
   *
   * @default the registered members
   */
  readonly expectedMembers?: number;
  /** How long things take. */
  readonly timing?: CoordinatorTimingOptions;
  /**
   * What the node says about itself, such as its zone; at most 1,024 characters as JSON.
   *
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Says how busy the node is besides its work, as a number of claims, 0 for idle; asked at every
   * heartbeat, which carries this plus the claims that its loops were handed and have not ended. Work
   * is assigned to who has least of that and of items that it has yet to claim.
   *
   * @default always 0
   */
  readonly load?: () => number;
  /**
   * Times everything.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Spreads attempts; values in [0, 1).
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

/** {@link CoordinatorTimingOptions} with everything filled in and checked. */
export interface CoordinatorTiming extends LeaseTiming, MissedHeartbeats {
  /** See {@link CoordinatorTimingOptions.heartbeatMs}. */
  readonly heartbeatMs: number;
  /** See {@link CoordinatorTimingOptions.evictAfterMs}. */
  readonly evictAfterMs: number;
}

const MEMBERS_MAX = 1_000_000;
const MISSED_MAX = 1_000;
const EVICT_MIN_MS = 60_000;
const EVICT_LEASES = 10;

/**
 * Fills in and checks the timing of a cluster.
 *
 * @param options What the caller chose.
 * @returns The whole timing.
 * @throws {RangeError} when a value is out of range or two do not fit together.
 */
export function resolveCoordinatorTiming(
  options: CoordinatorTimingOptions = {},
): CoordinatorTiming {
  const lease = resolveLeaseTiming(options);
  const { heartbeatMs = lease.renewMs, suspectAfterMissed = 3, deadAfterMissed = 4 } = options;
  checkRange("heartbeatMs", heartbeatMs, 1, lease.leaseMs);
  checkRange("suspectAfterMissed", suspectAfterMissed, 1, MISSED_MAX);
  checkRange("deadAfterMissed", deadAfterMissed, 1, MISSED_MAX);
  if (deadAfterMissed <= suspectAfterMissed) {
    throw new RangeError(
      `deadAfterMissed ${deadAfterMissed} must be more than suspectAfterMissed ${suspectAfterMissed}`,
    );
  }
  const evictAfterMs = options.evictAfterMs ?? Math.max(EVICT_MIN_MS, EVICT_LEASES * lease.leaseMs);
  checkRange("evictAfterMs", evictAfterMs, deadAfterMissed * heartbeatMs, 365 * LEASE_MAX_MS);
  return { ...lease, heartbeatMs, suspectAfterMissed, deadAfterMissed, evictAfterMs };
}

/**
 * Refuses a quorum that cannot be counted.
 *
 * @throws {RangeError} when the threshold or the number of members is out of range.
 */
export function checkQuorum(threshold: number, expectedMembers: number | undefined): void {
  checkThreshold(threshold);
  if (expectedMembers === undefined) return;
  checkRange("expectedMembers", expectedMembers, 1, MEMBERS_MAX);
  if (!Number.isInteger(expectedMembers)) {
    throw new RangeError(`expectedMembers must be a whole number, got ${expectedMembers}`);
  }
}
