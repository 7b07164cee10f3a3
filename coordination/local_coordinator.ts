import { type Clock, systemClock } from "../clock.ts";
import { ConsensusReason } from "../enums/consensus_reason.ts";
import { MemberStatus } from "../enums/member_status.ts";
import type { HealthSource } from "../health/health_state.ts";
import { checkLabels } from "./check_labels.ts";
import { type ClusterHealth, summarizeClusterHealth } from "./cluster_health.ts";
import type { ClusterServices } from "./cluster_services.ts";
import { ConsensusDecision } from "./consensus_decision.ts";
import type { Coordinator, CoordinatorMetrics } from "./coordinator.ts";
import { CoordinatorCounters } from "./coordinator_counters.ts";
import { DecisionApplier } from "./decision_applier.ts";
import { NotRunningError } from "./errors.ts";
import { checkIdentifier } from "./identifiers.ts";
import { NO_STORE_METRICS } from "./store_metrics.ts";
import { Lifecycle } from "./lifecycle.ts";
import { LocalServices } from "./local_services.ts";
import { NodeInfo } from "./node_info.ts";
import { checkThreshold } from "./quorum.ts";
import { ServiceCoordinator } from "./service_coordinator.ts";
import {
  resolveServiceOptions,
  type ServiceLimits,
  type ServiceOptions,
} from "./service_options.ts";
import { reportSelf, type SelfReport } from "./self_report.ts";
import { tallyVotes } from "./tally_votes.ts";

/** Options of {@link LocalCoordinator}. */
export interface LocalCoordinatorOptions extends ServiceOptions {
  /** Says how healthy the node is; without one it counts as well. */
  readonly healthMonitor?: HealthSource;
  /**
   * This node's id.
   *
   * @default a random text
   */
  readonly instanceId?: string;
  /**
   * The share of the members that must vote, in (0, 1]. The only member meets any.
   *
   * @default 0.5
   */
  readonly quorumThreshold?: number;
  /**
   * What the node says about itself: work may ask for it.
   *
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
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

const HEALTH_TIMEOUT_MS = 5_000;
const TERM = 1;

/**
 * A cluster of one, inside this process and without a store: for development, tests and services
 * that run once. It leads from startup to shutdown. Its ballots and its work are kept in memory and
 * are gone with the shutdown.
 *
 * Not guaranteed: anything across processes. Two of them both lead.
 *
 * @example Develop without a store
 * ```ts
 * import { LocalCoordinator } from "@baton/orchestration/coordination";
 *
 * await using node = new LocalCoordinator({ instanceId: "dev" });
 * await node.startup();
 * if (!node.isLeader) throw new Error("it always leads");
 * ```
 */
export class LocalCoordinator extends ServiceCoordinator implements Coordinator {
  /** This node's id. */
  readonly instanceId: string;
  readonly #healthMonitor: HealthSource | undefined;
  readonly #quorumThreshold: number;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #limits: ServiceLimits;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #counters: CoordinatorCounters;
  readonly #applier: DecisionApplier;
  readonly #lifecycle: Lifecycle;
  #starting: Promise<LocalServices> | null = null;
  /** What was used last: its figures can still be read after the shutdown. */
  #local: LocalServices | null = null;
  #incarnation = crypto.randomUUID();
  #lastHeartbeat: string | null = null;
  #report: SelfReport = { healthScore: 1, vote: null, state: null, fault: null };

  /**
   * Makes a node; it leads from startup on.
   *
   * @param options Identity and what is plugged in.
   * @throws {RangeError} when the threshold is not in (0, 1], or a limit is out of range.
   * @throws {TypeError} when the id or a label is not a proper text.
   */
  constructor(options: LocalCoordinatorOptions = {}) {
    super();
    this.#quorumThreshold = options.quorumThreshold ?? 0.5;
    checkThreshold(this.#quorumThreshold);
    this.instanceId = checkIdentifier("instanceId", options.instanceId ?? crypto.randomUUID());
    this.#healthMonitor = options.healthMonitor;
    this.#labels = checkLabels(options.labels);
    this.#limits = resolveServiceOptions(options);
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#counters = new CoordinatorCounters(this.#clock);
    this.#applier = new DecisionApplier({
      keeper: undefined,
      timeoutMs: HEALTH_TIMEOUT_MS,
      clock: this.#clock,
      counters: this.#counters,
    });
    this.#lifecycle = new Lifecycle({
      start: async () => {
        this.#incarnation = crypto.randomUUID();
        this.#local = null;
        this.#counters.count("electionWins");
        await this.#beat();
      },
      stop: async () => {
        const starting = this.#starting;
        this.#starting = null;
        const local = await starting?.catch(() => null); // who asked for it was told
        await local?.[Symbol.asyncDispose]();
      },
    });
  }

  /** Whether this node leads now. */
  get isLeader(): boolean {
    return this.isRunning;
  }

  /** Whether this node takes part. */
  get isRunning(): boolean {
    return this.#lifecycle.isRunning;
  }

  /** Joins the cluster and stands for election; see {@link Coordinator.startup}. */
  startup(): Promise<void> {
    return this.#lifecycle.startup();
  }

  /** Lets go of leadership and leaves the cluster; see {@link Coordinator.shutdown}. */
  shutdown(): Promise<void> {
    return this.#lifecycle.shutdown();
  }

  /** Tries once to lead; see {@link Coordinator.electLeader}. */
  electLeader(): Promise<boolean> {
    if (!this.isRunning) return Promise.reject(new NotRunningError("stand for election"));
    return Promise.resolve(true);
  }

  /** Writes heartbeat and vote now; see {@link Coordinator.heartbeat}. */
  async heartbeat(): Promise<void> {
    if (!this.isRunning) throw new NotRunningError("send a heartbeat");
    await this.#beat();
  }

  /** Reads the registered members; see {@link Coordinator.getNodes}. */
  getNodes(): Promise<NodeInfo[]> {
    return Promise.resolve(this.isRunning ? [this.#describe()] : []);
  }

  #describe(): NodeInfo {
    return new NodeInfo({
      instanceId: this.instanceId,
      isLeader: true,
      healthScore: this.#report.healthScore,
      status: MemberStatus.ALIVE,
      lastHeartbeat: this.#lastHeartbeat,
      incarnation: this.#incarnation,
      labels: this.#labels,
      load: 0,
      takesWork: this.#local?.services.work.takesWork ?? false,
      state: this.#report.state,
    });
  }

  /** Reads the latest decision; see {@link Coordinator.getConsensus}. */
  async getConsensus(): Promise<ConsensusDecision> {
    if (!this.isRunning) return ConsensusDecision.undecided(ConsensusReason.NO_VOTES);
    await this.#beat();
    const threshold = this.#quorumThreshold;
    const tally = tallyVotes([this.#report.vote], { members: 1, threshold });
    this.#counters.count("consensusDecisions");
    return new ConsensusDecision({
      circuitState: tally.circuitState,
      fallbackMode: tally.fallbackMode,
      leaderInstance: this.instanceId,
      quorumMet: tally.quorumMet,
      votingInstances: tally.votingInstances,
      registeredInstances: 1,
      consensusStrength: tally.consensusStrength,
      term: TERM,
      reason: tally.reason,
    });
  }

  /** Sums up the health of the members; see {@link Coordinator.getClusterHealth}. */
  async getClusterHealth(): Promise<ClusterHealth> {
    return summarizeClusterHealth(await this.getNodes());
  }

  /**
   * Brings this node's fallback mode to a decision; see
   * {@link Coordinator.applyConsensusDecision}.
   */
  applyConsensusDecision(decision: ConsensusDecision): Promise<boolean> {
    return this.#applier.apply(decision);
  }

  /** Figures since this coordinator was made; see {@link Coordinator.getMetrics}. */
  getMetrics(): CoordinatorMetrics {
    return {
      instanceId: this.instanceId,
      coordinatorType: "local",
      isLeader: this.isLeader,
      running: this.isRunning,
      term: this.isRunning ? TERM : null,
      nodes: this.isRunning ? 1 : 0,
      ...this.#counters.read(),
      store: this.#local?.store.getMetrics() ?? NO_STORE_METRICS,
      ballots: this.#local?.services.ballots.getMetrics() ?? null,
      work: this.#local?.services.work.getMetrics() ?? null,
    };
  }

  /** Shuts down. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** @internal */
  protected override async services(operation: string): Promise<ClusterServices> {
    if (!this.isRunning) throw new NotRunningError(operation);
    const starting = this.#starting ??= this.#startServices();
    const local = await starting;
    if (this.#starting !== starting) throw new NotRunningError(operation); // shut down meanwhile
    this.#local = local;
    return local.services;
  }

  async #startServices(): Promise<LocalServices> {
    try {
      return await LocalServices.start({
        instanceId: this.instanceId,
        incarnation: this.#incarnation,
        limits: this.#limits,
        clock: this.#clock,
        random: this.#random,
        members: () => Promise.resolve([this.#describe()]), // also while it is shut down
        failed: (error) => this.#counters.noteError(error),
      });
    } catch (error) {
      this.#starting = null; // the next call tries again
      this.#counters.noteError(error);
      throw error;
    }
  }

  async #beat(): Promise<void> {
    this.#report = await reportSelf({
      healthMonitor: this.#healthMonitor,
      ownMode: () => undefined,
      timeoutMs: HEALTH_TIMEOUT_MS,
      clock: this.#clock,
    });
    if (this.#report.fault !== null) this.#counters.count("healthFaults", this.#report.fault);
    this.#lastHeartbeat = new Date(this.#clock.now()).toISOString();
    this.#counters.count("heartbeats");
  }
}
