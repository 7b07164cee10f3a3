import { type Clock, systemClock } from "../clock.ts";
import { describeError } from "../config/describe_error.ts";
import { ConsensusReason } from "../enums/consensus_reason.ts";
import { checkLabels } from "./check_labels.ts";
import { type ClusterHealth, summarizeClusterHealth } from "./cluster_health.ts";
import type { ClusterServices } from "./cluster_services.ts";
import {
  type ClusterKeys,
  clusterKeys,
  type ClusterSnapshot,
  describeMembers,
  readCluster,
  sightings,
} from "./cluster_snapshot.ts";
import { ConsensusDecision } from "./consensus_decision.ts";
import type { Coordinator, CoordinatorMetrics } from "./coordinator.ts";
import { CoordinatorCounters } from "./coordinator_counters.ts";
import {
  checkQuorum,
  type CoordinatorTiming,
  type DistributedCoordinatorOptions,
  resolveCoordinatorTiming,
} from "./coordinator_options.ts";
import { CoordinatorRun } from "./coordinator_run.ts";
import { DecisionApplier } from "./decision_applier.ts";
import { parseDecisionRecord } from "./decision_record.ts";
import { CorruptRecordError, NotRunningError } from "./errors.ts";
import { checkClusterName, checkIdentifier } from "./identifiers.ts";
import type { LeaderView, WaitOptions } from "./leader_election_options.ts";
import { Lifecycle } from "./lifecycle.ts";
import { coordinationLogger } from "./logger.ts";
import { MemberObserver } from "./member_observer.ts";
import type { NodeInfo } from "./node_info.ts";
import { ServiceCoordinator } from "./service_coordinator.ts";
import { resolveServiceOptions } from "./service_options.ts";
import { type SharedStore, sharedStore } from "./shared_store.ts";
import type { Term } from "./term.ts";

/**
 * A node of a cluster that shares a Deno KV store: it registers, votes with every heartbeat, stands
 * for election, and as leader publishes what the cluster agreed on.
 *
 * Not guaranteed: that two nodes agree on who leads at every moment; that is what `term.atomic()`
 * is for. A machine that shares a local file is the limit of the cluster; several machines need KV
 * Connect.
 *
 * @example A cluster of one
 * ```ts
 * import { DistributedResilienceCoordinator } from "@baton/orchestration/coordination";
 *
 * using kv = await Deno.openKv(":memory:");
 * await using node = new DistributedResilienceCoordinator({ kv, storePath: ":memory:" });
 * await node.startup();
 * if (!node.isLeader) throw new Error("nobody else could lead");
 * const { quorumMet } = await node.getConsensus();
 * if (!quorumMet) throw new Error("one of one is a quorum");
 * ```
 */
export class DistributedResilienceCoordinator extends ServiceCoordinator implements Coordinator {
  /** This node's id. */
  readonly instanceId: string;
  /** The cluster's name. */
  readonly cluster: string;
  /** The timing in force. */
  readonly timing: CoordinatorTiming;
  readonly #options: DistributedCoordinatorOptions;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  readonly #shared: SharedStore;
  readonly #keys: ClusterKeys;
  readonly #observer: MemberObserver;
  readonly #counters: CoordinatorCounters;
  readonly #applier: DecisionApplier;
  readonly #lifecycle: Lifecycle;
  #run: CoordinatorRun | null = null;
  #services: ClusterServices | null = null;
  #firstDecision: { readonly stamp: string | null } | undefined;
  #knownNodes = 0;
  #stopped: PromiseWithResolvers<Error | null> = Promise.withResolvers();

  /**
   * Makes a node; it joins on startup.
   *
   * @param options Store, identity and what is plugged in.
   * @throws {RangeError} when a number is out of range or two do not fit together.
   * @throws {TypeError} when a name or a label is not a proper text.
   */
  constructor(options: DistributedCoordinatorOptions) {
    super();
    const { quorumThreshold = 0.5, expectedMembers } = options;
    checkQuorum(quorumThreshold, expectedMembers);
    this.#options = { ...options, ...resolveServiceOptions(options) };
    this.instanceId = checkIdentifier("instanceId", options.instanceId ?? randomId());
    this.cluster = checkClusterName(options.cluster ?? "default");
    this.timing = resolveCoordinatorTiming(options.timing);
    this.#labels = checkLabels(options.labels);
    this.#clock = options.clock ?? systemClock;
    this.#shared = sharedStore(options.kv, {
      clock: this.#clock,
      random: options.random ?? Math.random,
      attemptTimeoutMs: this.timing.attemptTimeoutMs,
    });
    this.#keys = clusterKeys(this.cluster);
    this.#observer = new MemberObserver(this.#clock, this.timing);
    this.#counters = new CoordinatorCounters(this.#clock);
    this.#applier = new DecisionApplier({
      keeper: options.fallbackManager,
      timeoutMs: this.timing.leaseMs,
      clock: this.#clock,
      counters: this.#counters,
    });
    this.#lifecycle = new Lifecycle({
      start: (signal) => this.#start(signal),
      stop: () => this.#stop(),
    });
  }

  /** Whether this node leads now. */
  get isLeader(): boolean {
    return this.term !== null;
  }

  /** The term in which this node leads; null while it does not. */
  get term(): Term | null {
    return this.#lifecycle.isStopping ? null : this.#run?.election.term ?? null;
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

  /**
   * Waits for the next time at which the node stops running.
   *
   * @returns Null after a shutdown; the error when the node had to stop by itself, because another
   * process took its id or because the store handle was closed.
   */
  untilStopped(): Promise<Error | null> {
    return this.#stopped.promise;
  }

  /** Tries once to lead; see {@link Coordinator.electLeader}. */
  async electLeader(): Promise<boolean> {
    return await this.#running("stand for election").election.tryAcquire() !== null;
  }

  /** Writes heartbeat and vote now; see {@link Coordinator.heartbeat}. */
  async heartbeat(): Promise<void> {
    await this.#shared.pulse.beat(this.#running("send a heartbeat").beat);
  }

  /** Reads the registered members; see {@link Coordinator.getNodes}. */
  async getNodes(): Promise<NodeInfo[]> {
    if (this.#run === null) return [];
    const snapshot = await this.#look(this.timing.attemptTimeoutMs);
    return describeMembers(snapshot, this.#observer);
  }

  /** Reads the latest decision; see {@link Coordinator.getConsensus}. */
  async getConsensus(): Promise<ConsensusDecision> {
    const { attemptTimeoutMs: timeoutMs } = this.timing;
    try {
      const entry = await this.#shared.store.get(this.#keys.decision, { timeoutMs });
      const record = parseDecisionRecord(entry);
      return record?.decision ?? ConsensusDecision.undecided(ConsensusReason.NO_VOTES);
    } catch (error) {
      this.#counters.noteFault(error);
      return ConsensusDecision.undecided(
        error instanceof CorruptRecordError
          ? ConsensusReason.NO_VOTES
          : ConsensusReason.STORE_UNAVAILABLE,
      );
    }
  }

  /** Sums up the health of the members; see {@link Coordinator.getClusterHealth}. */
  async getClusterHealth(): Promise<ClusterHealth> {
    return summarizeClusterHealth(await this.getNodes());
  }

  /** Brings this node's mode to a decision; see {@link Coordinator.applyConsensusDecision}. */
  applyConsensusDecision(decision: ConsensusDecision): Promise<boolean> {
    return this.#applier.apply(decision);
  }

  /**
   * Follows who leads.
   *
   * @param options The signal that ends the loop; it also ends with the shutdown.
   * @returns Who leads now, and each change from then on.
   * @throws {NotRunningError} before startup.
   */
  changes(options: WaitOptions = {}): AsyncGenerator<LeaderView, void, undefined> {
    return this.#running("follow the leader").election.changes(options);
  }

  /** Figures since this coordinator was made; see {@link Coordinator.getMetrics}. */
  getMetrics(): CoordinatorMetrics {
    return {
      instanceId: this.instanceId,
      coordinatorType: "distributed",
      isLeader: this.isLeader,
      running: this.isRunning,
      term: this.term?.term ?? null,
      nodes: this.#knownNodes,
      ...this.#counters.read(),
      store: this.#shared.store.getMetrics(),
      ballots: this.#services?.ballots.getMetrics() ?? null,
      work: this.#services?.work.getMetrics() ?? null,
    };
  }

  /** Shuts down. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** @internal */
  protected override services(operation: string): Promise<ClusterServices> {
    return Promise.try(() => this.#running(operation).services);
  }

  async #start(signal: AbortSignal): Promise<void> {
    this.#firstDecision = undefined;
    this.#run = new CoordinatorRun({
      options: this.#options,
      instanceId: this.instanceId,
      cluster: this.cluster,
      timing: this.timing,
      labels: this.#labels,
      shared: this.#shared,
      keys: this.#keys,
      observer: this.#observer,
      counters: this.#counters,
      look: (timeoutMs) => this.#look(timeoutMs),
      ownMode: () => this.#applier.ownMode(),
      apply: (snapshot) => this.#apply(snapshot),
      onFailure: (error) => this.#giveUp(error),
    });
    this.#services = this.#run.services;
    await this.#run.start(signal);
  }

  async #stop(): Promise<void> {
    await this.#run?.stop();
    this.#run = null;
    const stopped = this.#stopped;
    this.#stopped = Promise.withResolvers();
    stopped.resolve(null);
  }

  async #look(timeoutMs: number): Promise<ClusterSnapshot> {
    const snapshot = await readCluster(this.#shared.store, this.#keys, { timeoutMs });
    this.#observer.observe(sightings(snapshot.members));
    this.#knownNodes = snapshot.members.length;
    for (const error of snapshot.corrupt) this.#counters.noteFault(error);
    return snapshot;
  }

  /** What stood there at the first look, or comes from an earlier leader, is no longer agreed. */
  async #apply({ decision, term }: ClusterSnapshot): Promise<void> {
    const stamp = decision?.versionstamp ?? null;
    this.#firstDecision ??= { stamp };
    const isNew = stamp !== this.#firstDecision.stamp;
    const isPresent = term?.holderId && decision?.decision.term === term.term;
    if (isNew && isPresent) await this.#applier.apply(decision!.decision);
  }

  /** Stops a node that cannot go on. Its member record is another's, or the store is gone. */
  #giveUp(error: Error): void {
    this.#counters.noteFault(error);
    coordinationLogger.error("Stopped: {error}", { error: describeError(error) });
    this.#stopped.resolve(error);
    void this.shutdown();
  }

  #running(operation: string): CoordinatorRun {
    if (this.#run === null || !this.isRunning) throw new NotRunningError(operation);
    return this.#run;
  }
}

const RANDOM_ID_LENGTH = 8;

function randomId(): string {
  return `baton-${crypto.randomUUID().slice(0, RANDOM_ID_LENGTH)}`;
}
