/**
 * One leader at a time whose writes are fenced, a membership, decisions by quorum that every node can
 * read, ballots that are decided once, and work that is never lost, over Deno KV.
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
 * @example Put a question to the members
 * ```ts
 * import { LocalCoordinator } from "@baton/orchestration/coordination";
 *
 * await using node = new LocalCoordinator({ instanceId: "dev" });
 * await node.startup();
 * const { ballotId } = await node.propose("Roll out?", ["yes", "no"], { deadlineMs: 60_000 });
 * await node.vote(ballotId, "yes");
 * const { outcome } = await node.decided(ballotId);
 * if (outcome?.choice !== "yes") throw new Error("it was the only vote");
 * ```
 *
 * @module
 */

export type { BallotOverview, BallotOverviewDict, PendingBallot } from "./ballot_overview.ts";
export { Ballot, type BallotDict, type BallotFields } from "./ballots/ballot.ts";
export type { BallotRecount } from "./ballots/ballot_audit.ts";
export {
  BallotCertificate,
  type BallotCertificateDict,
  type BallotCertificateFields,
} from "./ballots/ballot_certificate.ts";
export type { BallotMetrics } from "./ballots/ballot_counters.ts";
export { BallotRefusedError, VoteRefusedError } from "./ballots/ballot_errors.ts";
export {
  BallotOutcome,
  type BallotOutcomeDict,
  type BallotOutcomeFields,
} from "./ballots/ballot_outcome.ts";
export type { BallotPolicy, BallotPolicyDict, Electorate } from "./ballots/ballot_policy.ts";
export type { Elector, ProposeOptions } from "./ballots/ballot_proposal.ts";
export type { BallotTally, BallotTallyDict } from "./ballots/ballot_tally.ts";
export type { BallotWaitOptions, ListBallotsOptions } from "./ballots/ballots_options.ts";
export { type BallotStanding, type BallotVerdict, decideBallot } from "./ballots/decide_ballot.ts";
export { VoteRecord, type VoteRecordDict, type VoteRecordFields } from "./ballots/vote_record.ts";
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
export { ServiceCoordinator } from "./service_coordinator.ts";
export type { ServiceMethods } from "./service_methods.ts";
export type { ServiceOptions } from "./service_options.ts";
export type { StoreMetrics } from "./store_metrics.ts";
export { type TallyOptions, tallyVotes, type Vote, type VoteTally } from "./tally_votes.ts";
export type { ResignOptions, Term } from "./term.ts";
export type { Claim, RenewOptions } from "./work/claim.ts";
export type { WorkMetrics } from "./work/work_counters.ts";
export {
  ClaimLostError,
  NoProgressError,
  WorkRefusedError,
  WorkUnacknowledgedError,
} from "./work/work_errors.ts";
export type { WorkFilter } from "./work/work_filter.ts";
export { WorkInfo, type WorkInfoDict, type WorkInfoFields } from "./work/work_info.ts";
export type { WorkItem } from "./work/work_item.ts";
export type { WorkLimitsOptions } from "./work/work_limits.ts";
export type { AssignOptions, WorkOptions } from "./work/work_options.ts";
export type { DeadLetter, ReadyWork, WorkOverview, WorkOverviewDict } from "./work_overview.ts";
