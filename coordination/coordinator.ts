import type { ClusterHealth } from "./cluster_health.ts";
import type { ConsensusDecision } from "./consensus_decision.ts";
import type { BallotMetrics } from "./ballots/ballot_counters.ts";
import type { NodeInfo } from "./node_info.ts";
import type { ServiceMethods } from "./service_methods.ts";
import type { StoreMetrics } from "./store_metrics.ts";
import type { WorkMetrics } from "./work/work_counters.ts";

/** Figures of a coordinator since it was made. Counters only grow. */
export interface CoordinatorMetrics {
  /** The node's id. */
  readonly instanceId: string;
  /** Which coordinator this is. */
  readonly coordinatorType: "local" | "distributed";
  /** Whether it leads, at this moment. */
  readonly isLeader: boolean;
  /** Whether it takes part. */
  readonly running: boolean;
  /** The term it leads in; null while it does not lead. */
  readonly term: number | null;
  /** Members it knows. */
  readonly nodes: number;
  /** Terms it won. */
  readonly electionWins: number;
  /** Terms it lost other than by resigning. */
  readonly leadershipLosses: number;
  /** Heartbeats that were committed. */
  readonly heartbeats: number;
  /** Heartbeats that were not committed, or not known to be. */
  readonly heartbeatFailures: number;
  /** Decisions that this node made, as leader. */
  readonly consensusDecisions: number;
  /** When it made the last one, UTC ISO; null for never. */
  readonly lastConsensusTime: string | null;
  /** Decisions that changed this node's fallback mode. */
  readonly decisionsApplied: number;
  /** Records under our keys that could not be read, each time they were met. */
  readonly corruptRecords: number;
  /** Votes that could not be read, each time they were met by this node as leader. */
  readonly malformedVotes: number;
  /** Health documents that could not be had or read; the node abstained. */
  readonly healthFaults: number;
  /** Errors of what the application plugged in (fallback manager, recovery, load). */
  readonly observerFaults: number;
  /** What the store was asked, and how it answered. */
  readonly store: StoreMetrics;
  /**
   * This node's part in ballots since its last startup; null before the first, and in a
   * `LocalCoordinator` until ballots or work are used.
   */
  readonly ballots: BallotMetrics | null;
  /** This node's part in work since then; null when {@link CoordinatorMetrics.ballots} is. */
  readonly work: WorkMetrics | null;
  /** The last error of any kind, as text; null for none. */
  readonly lastError: string | null;
}

/**
 * A node's part in a cluster: who leads, who is there, what they agreed on.
 *
 * `startup` and `shutdown` are idempotent and safe to call at the same time; a coordinator can be
 * started again after it was shut down.
 */
export interface Coordinator extends ServiceMethods, AsyncDisposable {
  /** This node's id. */
  readonly instanceId: string;
  /** Whether this node leads now: computed when asked, from its own monotonic clock. */
  readonly isLeader: boolean;
  /** Whether this node takes part. */
  readonly isRunning: boolean;

  /**
   * Joins the cluster and stands for election.
   *
   * @throws {StoreUnavailableError} when the store does not answer in time.
   * @throws {DuplicateInstanceError} when a live process has the same id.
   * @throws {CorruptRecordError} when a foreign value stands under one of this node's keys.
   */
  startup(): Promise<void>;

  /** Lets go of leadership, leaves the cluster and ends every loop. Never rejects. */
  shutdown(): Promise<void>;

  /**
   * Tries once to lead.
   *
   * @returns True when this node leads afterwards, which includes that it led before.
   * @throws {NotRunningError} before startup.
   */
  electLeader(): Promise<boolean>;

  /**
   * Writes this node's heartbeat and vote now, besides the ones it writes by itself.
   *
   * @throws {NotRunningError} before startup.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  heartbeat(): Promise<void>;

  /**
   * Reads the registered members.
   *
   * @returns One entry a member, in the order of their ids; empty before startup.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  getNodes(): Promise<NodeInfo[]>;

  /**
   * Reads the latest decision of the cluster. Never rejects: a node that cannot reach the store says
   * so in the decision's reason.
   *
   * @returns The decision that the leader published last.
   */
  getConsensus(): Promise<ConsensusDecision>;

  /**
   * Sums up the health of the members.
   *
   * @returns Counts by bucket, and each member's score.
   * @throws {StoreUnavailableError} when the store does not answer in time.
   */
  getClusterHealth(): Promise<ClusterHealth>;

  /**
   * Brings this node's fallback manager to the decided mode, down or back up.
   *
   * @param decision What the cluster decided.
   * @returns True when the node is in the decided mode afterwards; false when the decision is not to
   * be applied, is older than one applied before, or the manager refused.
   */
  applyConsensusDecision(decision: ConsensusDecision): Promise<boolean>;

  /**
   * Counts what has happened.
   *
   * @returns Figures since this coordinator was made.
   */
  getMetrics(): CoordinatorMetrics;
}
