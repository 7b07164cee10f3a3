import { type Clock, systemClock } from "../clock.ts";
import { ConsensusReason } from "../enums/consensus_reason.ts";
import { type ClusterHealth, summarizeClusterHealth } from "./cluster_health.ts";
import {
  type ClusterKeys,
  clusterKeys,
  describeMembers,
  LEADER_ELECTION,
  readCluster,
  sightings,
} from "./cluster_snapshot.ts";
import { ConsensusDecision } from "./consensus_decision.ts";
import { ConsensusDuty } from "./consensus_duty.ts";
import type { Coordinator, CoordinatorMetrics } from "./coordinator.ts";
import { CoordinatorCounters } from "./coordinator_counters.ts";
import {
  checkLabels,
  checkQuorum,
  type CoordinatorTiming,
  type DistributedCoordinatorOptions,
  resolveCoordinatorTiming,
} from "./coordinator_options.ts";
import { DecisionApplier } from "./decision_applier.ts";
import { parseDecisionRecord } from "./decision_record.ts";
import { CorruptRecordError, describeError, NotRunningError } from "./errors.ts";
import { checkIdentifier } from "./identifiers.ts";
import { isHandleClosed } from "./kv_store.ts";
import { LeaderElection } from "./leader_election.ts";
import type { LeaderView, WaitOptions } from "./leader_election_options.ts";
import { holdOffice } from "./leader_office.ts";
import { Lifecycle } from "./lifecycle.ts";
import { coordinationLogger } from "./logger.ts";
import { MemberBeat } from "./member_beat.ts";
import { MemberObserver } from "./member_observer.ts";
import type { NodeInfo } from "./node_info.ts";
import { type SharedStore, sharedStore } from "./shared_store.ts";
import type { Term } from "./term.ts";

/** What a coordinator has only while it runs. */
interface Run {
  readonly election: LeaderElection;
  readonly beat: MemberBeat;
  readonly tasks: Promise<void>[];
}

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
export class DistributedResilienceCoordinator implements Coordinator {
  /** @inheritdoc */
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
  #run: Run | null = null;
  #knownNodes = 0;
  #stopped: PromiseWithResolvers<Error | null> = Promise.withResolvers();

  /**
   * @param options Store, identity and what is plugged in.
   * @throws {RangeError} when a number is out of range or two do not fit together.
   * @throws {TypeError} when a name or a label is not a proper text.
   */
  constructor(options: DistributedCoordinatorOptions) {
    const { quorumThreshold = 0.5, expectedMembers } = options;
    checkQuorum(quorumThreshold, expectedMembers);
    this.#options = { ...options };
    this.instanceId = checkIdentifier("instanceId", options.instanceId ?? randomId());
    this.cluster = checkIdentifier("cluster", options.cluster ?? "default");
    this.timing = resolveCoordinatorTiming(options.timing);
    this.#labels = checkLabels(options.labels);
    this.#clock = options.clock ?? systemClock;
    this.#shared = sharedStore(options.kv, this.#clock, options.random ?? Math.random);
    this.#keys = clusterKeys(this.cluster);
    this.#observer = new MemberObserver(this.#clock, this.timing);
    this.#counters = new CoordinatorCounters(this.#clock);
    this.#applier = new DecisionApplier(options.fallbackManager, this.#counters);
    this.#lifecycle = new Lifecycle({
      start: (signal) => this.#start(signal),
      stop: () => this.#stop(),
    });
  }

  /** @inheritdoc */
  get isLeader(): boolean {
    return this.term !== null;
  }

  /** The term in which this node leads; null while it does not. */
  get term(): Term | null {
    return this.#run?.election.term ?? null;
  }

  /** @inheritdoc */
  get isRunning(): boolean {
    return this.#lifecycle.isRunning;
  }

  /** @inheritdoc */
  startup(): Promise<void> {
    return this.#lifecycle.startup();
  }

  /** @inheritdoc */
  shutdown(): Promise<void> {
    return this.#lifecycle.shutdown();
  }

  /**
   * Waits until the node no longer runs.
   *
   * @returns Null after a shutdown; the error when the node had to stop by itself, because another
   * process took its id or because the store handle was closed.
   */
  untilStopped(): Promise<Error | null> {
    return this.#stopped.promise;
  }

  /** @inheritdoc */
  async electLeader(): Promise<boolean> {
    return await this.#running("stand for election").election.tryAcquire() !== null;
  }

  /** @inheritdoc */
  async heartbeat(): Promise<void> {
    await this.#shared.pulse.beat(this.#running("send a heartbeat").beat);
  }

  /** @inheritdoc */
  async getNodes(): Promise<NodeInfo[]> {
    if (this.#run === null) return [];
    const { attemptTimeoutMs: timeoutMs } = this.timing;
    const snapshot = await readCluster(this.#shared.store, this.#keys, { timeoutMs });
    this.#observer.observe(sightings(snapshot.members));
    for (const error of snapshot.corrupt) this.#counters.count("corruptRecords", error);
    this.#knownNodes = snapshot.members.length;
    return describeMembers(snapshot, this.#observer);
  }

  /** @inheritdoc */
  async getConsensus(): Promise<ConsensusDecision> {
    const { attemptTimeoutMs: timeoutMs } = this.timing;
    try {
      const entry = await this.#shared.store.get(this.#keys.decision, { timeoutMs });
      const record = parseDecisionRecord(entry);
      return record?.decision ?? ConsensusDecision.undecided(ConsensusReason.NO_VOTES);
    } catch (error) {
      this.#noteFault(error);
      return ConsensusDecision.undecided(
        error instanceof CorruptRecordError
          ? ConsensusReason.NO_VOTES
          : ConsensusReason.STORE_UNAVAILABLE,
      );
    }
  }

  /** @inheritdoc */
  async getClusterHealth(): Promise<ClusterHealth> {
    return summarizeClusterHealth(await this.getNodes());
  }

  /** @inheritdoc */
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

  /** @inheritdoc */
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
    };
  }

  /** Shuts down. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  async #start(signal: AbortSignal): Promise<void> {
    this.#stopped = Promise.withResolvers();
    const { kv, storePath, random } = this.#options;
    const election = new LeaderElection({
      ...this.timing,
      kv,
      name: LEADER_ELECTION,
      prefix: this.#keys.prefix,
      holderId: this.instanceId,
      clock: this.#clock,
      ...(storePath !== undefined && { storePath }),
      ...(random && { random }),
    });
    const beat = this.#newBeat();
    this.#run = { election, beat, tasks: [] };
    await beat.join(signal);
    this.#shared.pulse.add(beat);
    const opened = Promise.withResolvers<void>();
    const term = await election.tryAcquire();
    this.#run.tasks.push(this.#lead(election, signal, opened.resolve));
    if (this.#options.fallbackManager) this.#run.tasks.push(this.#follow(signal));
    if (term) await opened.promise;
  }

  /** The lease goes first, so that another can lead while the rest is cleared up. */
  async #stop(): Promise<void> {
    if (this.#run === null) return;
    const { election, beat, tasks } = this.#run;
    await Promise.all(tasks);
    await election[Symbol.asyncDispose]();
    await this.#shared.pulse.remove(beat);
    await beat.leave().catch((error) => this.#noteFault(error));
    this.#run = null;
    this.#stopped.resolve(null);
  }

  #newBeat(): MemberBeat {
    const { healthMonitor, fallbackManager, load } = this.#options;
    const counters = this.#counters;
    return new MemberBeat({
      ...this.timing,
      cluster: this.cluster,
      key: [...this.#keys.members, this.instanceId],
      instanceId: this.instanceId,
      labels: this.#labels,
      store: this.#shared.store,
      healthMonitor,
      fallbackManager,
      load,
      events: {
        beat: () => counters.count("heartbeats"),
        beatFailed: (error) => counters.count("heartbeatFailures", error),
        healthFault: (fault) => counters.count("healthFaults", fault),
        observerFault: (error) => counters.count("observerFaults", error),
        replaced: (error) => this.#giveUp(error),
      },
    });
  }

  /** Stands for election for as long as the node runs, and holds office whenever it wins. */
  async #lead(election: LeaderElection, signal: AbortSignal, opened: () => void): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const term of election.terms({ signal })) {
          await holdOffice({
            term,
            duty: this.#newDuty(term),
            pulse: this.#shared.pulse,
            work: this.#options.recoveryOrchestrator,
            stopTimeoutMs: this.timing.leaseMs,
            counters: this.#counters,
            clock: this.#clock,
            signal,
            opened,
          });
        }
      } catch (error) {
        this.#noteFault(error);
        if (isHandleClosed(error)) return this.#giveUp(error as Error);
        await this.#clock.sleep(this.timing.leaseMs, { signal }).catch(() => {});
      }
    }
  }

  #newDuty(term: Term): ConsensusDuty {
    const { quorumThreshold = 0.5, expectedMembers } = this.#options;
    const counters = this.#counters;
    return new ConsensusDuty({
      ...this.timing,
      term,
      keys: this.#keys,
      store: this.#shared.store,
      observer: this.#observer,
      quorumThreshold,
      expectedMembers,
      events: {
        snapshot: ({ members, corrupt }) => {
          this.#knownNodes = members.length;
          for (const error of corrupt) counters.count("corruptRecords", error);
        },
        decided: () => counters.count("consensusDecisions"),
        evicted: (instanceId) => coordinationLogger.warn("Evicted {instanceId}", { instanceId }),
        failed: (error) => counters.noteError(error),
      },
    });
  }

  /** Brings this node's mode to every decision that the leader publishes. */
  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#applier.apply(await this.getConsensus());
      await this.#clock.sleep(this.timing.heartbeatMs, { signal }).catch(() => {});
    }
  }

  /** Stops a node that cannot go on. Its member record is another's, or the store is gone. */
  #giveUp(error: Error): void {
    this.#noteFault(error);
    coordinationLogger.error("Stopped: {error}", { error: describeError(error) });
    this.#stopped.resolve(error);
    void this.shutdown();
  }

  #noteFault(error: unknown): void {
    if (error instanceof CorruptRecordError) this.#counters.count("corruptRecords", error);
    else this.#counters.noteError(error);
  }

  #running(operation: string): Run {
    if (this.#run === null || !this.isRunning) throw new NotRunningError(operation);
    return this.#run;
  }
}

const RANDOM_ID_LENGTH = 8;

function randomId(): string {
  return `baton-${crypto.randomUUID().slice(0, RANDOM_ID_LENGTH)}`;
}
