/**
 * Baton runs a service as more than one instance on Deno: one leader at a time whose writes are
 * fenced, a membership, and decisions by quorum that every node can read. Embedded on Deno KV.
 *
 * Each room has an entry point of its own (`./coordination`, `./enums`, `./health`, `./clock`,
 * `./testing`); this one has all that a service needs at run time.
 *
 * @example One node, its leadership and a fenced write
 * ```ts
 * import { DistributedResilienceCoordinator } from "@baton/orchestration";
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

export { type Clock, type SleepOptions, systemClock } from "./clock.ts";
export {
  type ClusterHealth,
  type MemberHealth,
  summarizeClusterHealth,
} from "./coordination/cluster_health.ts";
export {
  type ClusterStatus,
  type ClusterStatusDict,
  type ClusterStatusOptions,
  clusterStatusToDict,
  readClusterStatus,
} from "./coordination/cluster_status.ts";
export {
  type CircuitVerdict,
  ConsensusDecision,
  type ConsensusDecisionDict,
  type ConsensusDecisionFields,
  SPLIT_BRAIN,
} from "./coordination/consensus_decision.ts";
export type { Coordinator, CoordinatorMetrics } from "./coordination/coordinator.ts";
export type { StoreMetrics } from "./coordination/store_metrics.ts";
export type {
  CoordinatorTiming,
  CoordinatorTimingOptions,
  DistributedCoordinatorOptions,
  LeaderWork,
} from "./coordination/coordinator_options.ts";
export { DeadlineError } from "./coordination/deadline.ts";
export { DistributedResilienceCoordinator } from "./coordination/distributed_resilience_coordinator.ts";
export {
  CorruptRecordError,
  DuplicateInstanceError,
  type LeadershipLoss,
  LeadershipLostError,
  NotRunningError,
  StoreUnavailableError,
} from "./coordination/errors.ts";
export { computeHealthScore } from "./coordination/health_score.ts";
export { LeaderElection } from "./coordination/leader_election.ts";
export type {
  LeaderElectionOptions,
  LeaderView,
  WaitOptions,
} from "./coordination/leader_election_options.ts";
export { withLeadership } from "./coordination/leadership.ts";
export {
  decideLease,
  type HeldLease,
  type LeaseAction,
  type LeaseCandidate,
  type LeaseObservation,
} from "./coordination/lease.ts";
export type { LeaseTiming, LeaseTimingOptions } from "./coordination/lease_timing.ts";
export {
  LocalCoordinator,
  type LocalCoordinatorOptions,
} from "./coordination/local_coordinator.ts";
export type { MissedHeartbeats } from "./coordination/member_observer.ts";
export { NodeInfo, type NodeInfoDict, type NodeInfoFields } from "./coordination/node_info.ts";
export { openKv, type OpenKvOptions } from "./coordination/open_kv.ts";
export { majorityVote, type QuorumOptions, requiredVotes } from "./coordination/quorum.ts";
export type { FallbackModeKeeper } from "./coordination/self_report.ts";
export {
  type TallyOptions,
  tallyVotes,
  type Vote,
  type VoteTally,
} from "./coordination/tally_votes.ts";
export type { ResignOptions, Term } from "./coordination/term.ts";
export { BallotReason } from "./enums/ballot_reason.ts";
export { BallotRefusal } from "./enums/ballot_refusal.ts";
export { BallotStatus } from "./enums/ballot_status.ts";
export { canonical } from "./enums/canonical.ts";
export { CircuitState } from "./enums/circuit_state.ts";
export { ClaimLoss } from "./enums/claim_loss.ts";
export { ConsensusReason } from "./enums/consensus_reason.ts";
export { FallbackMode } from "./enums/fallback_mode.ts";
export { LossCause } from "./enums/loss_cause.ts";
export { MemberStatus } from "./enums/member_status.ts";
export { ResourceStatus } from "./enums/resource_status.ts";
export { RetryState } from "./enums/retry_state.ts";
export { SystemStatus } from "./enums/system_status.ts";
export { VoteRefusal } from "./enums/vote_refusal.ts";
export { WorkRefusal } from "./enums/work_refusal.ts";
export { WorkStatus } from "./enums/work_status.ts";
export type { HealthMonitor, HealthState } from "./health/health_state.ts";
export type { HealthThresholds } from "./health/health_thresholds.ts";
export type { Probe } from "./health/probe.ts";
export {
  ProcessHealthMonitor,
  type ProcessHealthMonitorOptions,
} from "./health/process_health_monitor.ts";
export { type Reading, type ResourceReader, systemResources } from "./health/system_resources.ts";
