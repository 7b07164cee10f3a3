/** Health of the members, counted. Members without a score count as failed. */
export interface ClusterHealth {
  /** How many members there are. */
  readonly instances: number;
  /** Members with a score of at least 0.8. */
  readonly healthy: number;
  /** Members with a score of at least 0.5 and below 0.8. */
  readonly degraded: number;
  /** Members below 0.5, without a score, or dead. */
  readonly failed: number;
  /** The score of each member by its id; null where it has none. */
  readonly healthStates: Readonly<Record<string, number | null>>;
}

/** A member as {@link summarizeClusterHealth} looks at it. */
export interface MemberHealth {
  /** The member's id. */
  readonly instanceId: string;
  /** Its score, 0 to 1; null when it has reported none. */
  readonly healthScore: number | null;
  /** Its status; a dead member counts as failed whatever it last reported. */
  readonly status: string;
}

const HEALTHY_FROM = 0.8;
const DEGRADED_FROM = 0.5;

/**
 * Sorts members into buckets by their health score.
 *
 * @param members The members.
 * @returns The counts: healthy from 0.8, degraded from 0.5, failed below, without a score, or dead.
 *
 * @example One well, one without a score
 * ```ts
 * import { summarizeClusterHealth } from "@baton/orchestration/coordination";
 *
 * const health = summarizeClusterHealth([
 *   { instanceId: "a", healthScore: 0.8, status: "alive" },
 *   { instanceId: "b", healthScore: null, status: "alive" },
 * ]);
 * if (health.healthy !== 1 || health.failed !== 1) throw new Error("miscounted");
 * ```
 */
export function summarizeClusterHealth(members: Iterable<MemberHealth>): ClusterHealth {
  let healthy = 0;
  let degraded = 0;
  let failed = 0;
  const states = new Map<string, number | null>();
  for (const { instanceId, healthScore, status } of members) {
    states.set(instanceId, healthScore);
    const score = status === "dead" ? 0 : healthScore ?? 0;
    if (score >= HEALTHY_FROM) healthy++;
    else if (score >= DEGRADED_FROM) degraded++;
    else failed++;
  }
  return {
    instances: states.size,
    healthy,
    degraded,
    failed,
    healthStates: Object.fromEntries(states),
  };
}
