/**
 * One leader at a time whose writes are fenced, a membership, and decisions by quorum that every
 * node can read, over Deno KV.
 *
 * Not guaranteed: that a process knows at every moment whether it leads. What is guaranteed is that
 * the writes it makes through its term cannot commit once it does not.
 *
 * @example Lead, and write under the fence
 * ```ts
 * import { DistributedResilienceCoordinator } from "@baton/orchestration/coordination";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using node = new DistributedResilienceCoordinator({ kv, storePath: ":memory:" });
 * await node.startup();
 * const written = await node.term?.atomic().set(["jobs", "nightly"], "done").commit();
 * if (!written?.ok) throw new Error("somebody else leads");
 * ```
 *
 * @module
 */

export { type ClusterHealth, type MemberHealth, summarizeClusterHealth } from "./cluster_health.ts";
export {
  type ClusterStatus,
  type ClusterStatusDict,
  type ClusterStatusOptions,
  clusterStatusToDict,
  readClusterStatus,
} from "./cluster_status.ts";
export {
  type CircuitVerdict,
  ConsensusDecision,
  type ConsensusDecisionDict,
  type ConsensusDecisionFields,
  SPLIT_BRAIN,
} from "./consensus_decision.ts";
export type { Coordinator, CoordinatorMetrics } from "./coordinator.ts";
export type { StoreMetrics } from "./store_metrics.ts";
export type {
  CoordinatorTiming,
  CoordinatorTimingOptions,
  DistributedCoordinatorOptions,
  LeaderWork,
} from "./coordinator_options.ts";
export { DeadlineError } from "./deadline.ts";
export { DistributedResilienceCoordinator } from "./distributed_resilience_coordinator.ts";
export {
  CorruptRecordError,
  DuplicateInstanceError,
  type LeadershipLoss,
  LeadershipLostError,
  NotRunningError,
  StoreUnavailableError,
} from "./errors.ts";
export { computeHealthScore } from "./health_score.ts";
export { LeaderElection } from "./leader_election.ts";
export type { LeaderElectionOptions, LeaderView, WaitOptions } from "./leader_election_options.ts";
export { withLeadership } from "./leadership.ts";
export {
  decideLease,
  type HeldLease,
  type LeaseAction,
  type LeaseCandidate,
  type LeaseObservation,
} from "./lease.ts";
export type { LeaseTiming, LeaseTimingOptions } from "./lease_timing.ts";
export { LocalCoordinator, type LocalCoordinatorOptions } from "./local_coordinator.ts";
export type { MissedHeartbeats } from "./member_observer.ts";
export { NodeInfo, type NodeInfoDict, type NodeInfoFields } from "./node_info.ts";
export { openKv, type OpenKvOptions } from "./open_kv.ts";
export { majorityVote, type QuorumOptions, requiredVotes } from "./quorum.ts";
export type { FallbackModeKeeper } from "./self_report.ts";
export { type TallyOptions, tallyVotes, type Vote, type VoteTally } from "./tally_votes.ts";
export type { ResignOptions, Term } from "./term.ts";
