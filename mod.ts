/**
 * Baton runs a service as more than one instance on Deno: one leader at a time whose writes are
 * fenced, a membership, decisions by quorum that every node can read, ballots that are decided once,
 * and work that is never lost. Embedded on Deno KV.
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
export type {
  BallotOverview,
  BallotOverviewDict,
  PendingBallot,
} from "./coordination/ballot_overview.ts";
export { Ballot, type BallotDict, type BallotFields } from "./coordination/ballots/ballot.ts";
export type { BallotRecount } from "./coordination/ballots/ballot_audit.ts";
export {
  BallotCertificate,
  type BallotCertificateDict,
  type BallotCertificateFields,
} from "./coordination/ballots/ballot_certificate.ts";
export type { BallotMetrics } from "./coordination/ballots/ballot_counters.ts";
export { BallotRefusedError, VoteRefusedError } from "./coordination/ballots/ballot_errors.ts";
export {
  BallotOutcome,
  type BallotOutcomeDict,
  type BallotOutcomeFields,
} from "./coordination/ballots/ballot_outcome.ts";
export type {
  BallotPolicy,
  BallotPolicyDict,
  Electorate,
} from "./coordination/ballots/ballot_policy.ts";
export type { Elector, ProposeOptions } from "./coordination/ballots/ballot_proposal.ts";
export type { BallotTally, BallotTallyDict } from "./coordination/ballots/ballot_tally.ts";
export type {
  BallotWaitOptions,
  ListBallotsOptions,
} from "./coordination/ballots/ballots_options.ts";
export {
  type BallotStanding,
  type BallotVerdict,
  decideBallot,
} from "./coordination/ballots/decide_ballot.ts";
export {
  VoteRecord,
  type VoteRecordDict,
  type VoteRecordFields,
} from "./coordination/ballots/vote_record.ts";
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
export { ServiceCoordinator } from "./coordination/service_coordinator.ts";
export type { ServiceMethods } from "./coordination/service_methods.ts";
export type { ServiceOptions } from "./coordination/service_options.ts";
export type { StoreMetrics } from "./coordination/store_metrics.ts";
export {
  type TallyOptions,
  tallyVotes,
  type Vote,
  type VoteTally,
} from "./coordination/tally_votes.ts";
export type { ResignOptions, Term } from "./coordination/term.ts";
export type { Claim, RenewOptions } from "./coordination/work/claim.ts";
export type { WorkMetrics } from "./coordination/work/work_counters.ts";
export {
  ClaimLostError,
  NoProgressError,
  WorkRefusedError,
  WorkUnacknowledgedError,
} from "./coordination/work/work_errors.ts";
export type { WorkFilter } from "./coordination/work/work_filter.ts";
export { WorkInfo, type WorkInfoDict, type WorkInfoFields } from "./coordination/work/work_info.ts";
export type { WorkItem } from "./coordination/work/work_item.ts";
export type { WorkLimitsOptions } from "./coordination/work/work_limits.ts";
export type { AssignOptions, WorkOptions } from "./coordination/work/work_options.ts";
export type {
  DeadLetter,
  ReadyWork,
  WorkOverview,
  WorkOverviewDict,
} from "./coordination/work_overview.ts";
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
export { ResourceHealth } from "./enums/resource_health.ts";
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
