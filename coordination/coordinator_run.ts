import { ClusterServices } from "./cluster_services.ts";
import {
  type ClusterKeys,
  type ClusterSnapshot,
  describeMembers,
  LEADER_ELECTION,
} from "./cluster_snapshot.ts";
import { ConsensusDuty } from "./consensus_duty.ts";
import type { CoordinatorCounters } from "./coordinator_counters.ts";
import type { CoordinatorTiming, DistributedCoordinatorOptions } from "./coordinator_options.ts";
import { isHandleClosed } from "./kv_store.ts";
import { LeaderElection } from "./leader_election.ts";
import { holdOffice } from "./leader_office.ts";
import { coordinationLogger } from "./logger.ts";
import { MemberBeat } from "./member_beat.ts";
import type { MemberObserver } from "./member_observer.ts";
import { resolveServiceOptions } from "./service_options.ts";
import type { SharedStore } from "./shared_store.ts";
import { aborted } from "./signals.ts";
import type { Term } from "./term.ts";

/** Options of {@link CoordinatorRun}. */
export interface CoordinatorRunOptions {
  /** What the coordinator was made with. */
  readonly options: DistributedCoordinatorOptions;
  /** The node's id. */
  readonly instanceId: string;
  /** The cluster's name. */
  readonly cluster: string;
  /** The timing in force. */
  readonly timing: CoordinatorTiming;
  /** The node's labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Port and pulse. */
  readonly shared: SharedStore;
  /** Where the cluster is. */
  readonly keys: ClusterKeys;
  /** Judges the members. */
  readonly observer: MemberObserver;
  /** Counts what happens. */
  readonly counters: CoordinatorCounters;
  /** Reads the cluster within so many ms, and shows it to the observer. */
  readonly look: (timeoutMs: number) => Promise<ClusterSnapshot>;
  /** The node cannot go on. */
  readonly onFailure: (error: Error) => void;
  /** Says which mode the node chose for itself. */
  readonly ownMode: () => string | undefined;
  /** Brings the node's mode to the decision of the present leader. */
  readonly apply: (snapshot: ClusterSnapshot) => Promise<unknown>;
}

/** A coordinator's part in its cluster from one startup to the shutdown after it. */
export class CoordinatorRun {
  /** The election in which the node stands. */
  readonly election: LeaderElection;
  /** The node's place among the members. */
  readonly beat: MemberBeat;
  /** Ballots and work. */
  readonly services: ClusterServices;
  readonly #run: CoordinatorRunOptions;
  readonly #tasks: Promise<void>[] = [];

  /** @param run Who the node is, and what it shares with the coordinator. */
  constructor(run: CoordinatorRunOptions) {
    this.#run = run;
    const { kv, storePath, random } = run.options;
    this.election = new LeaderElection({
      ...run.timing,
      kv,
      name: LEADER_ELECTION,
      prefix: run.keys.prefix,
      holderId: run.instanceId,
      clock: run.shared.store.clock,
      ...(storePath !== undefined && { storePath }),
      ...(random && { random }),
    });
    this.beat = this.#newBeat();
    this.services = this.#newServices();
  }

  /**
   * Registers the node and stands for election. Returns once it leads and has published a first
   * decision, or has found somebody else leading.
   *
   * @param signal Ends everything that was started.
   */
  async start(signal: AbortSignal): Promise<void> {
    const { shared } = this.#run;
    await this.election.leader(); // begins to time the lease while joining may have to wait
    await this.beat.join(signal);
    shared.pulse.add(this.beat);
    const opened = Promise.withResolvers<void>();
    const term = await this.election.tryAcquire();
    this.#tasks.push(this.#lead(signal, opened.resolve));
    this.#tasks.push(this.#follow(signal));
    if (term) await Promise.race([opened.promise, aborted(AbortSignal.any([signal, term.signal]))]);
  }

  /**
   * Ends what {@link start} began; its signal has aborted. The lease goes before the membership, and
   * before both whatever writes as a leader or a member.
   */
  async stop(): Promise<void> {
    await Promise.all([this.services[Symbol.asyncDispose](), ...this.#tasks]);
    await this.election[Symbol.asyncDispose]();
    await this.#run.shared.pulse.remove(this.beat);
    await this.beat.leave().catch((error) => this.#run.counters.noteFault(error));
  }

  #newBeat(): MemberBeat {
    const { options, timing, cluster, keys, instanceId, labels, shared, counters } = this.#run;
    const { healthMonitor, load } = options;
    return new MemberBeat({
      ...timing,
      cluster,
      key: [...keys.members, instanceId],
      instanceId,
      labels,
      store: shared.store,
      healthMonitor,
      ownMode: this.#run.ownMode,
      load,
      openClaims: () => this.services.work.openClaims,
      takesWork: () => this.services.work.takesWork,
      events: {
        beat: () => counters.count("heartbeats"),
        beatFailed: (error) => counters.count("heartbeatFailures", error),
        healthFault: (fault) => counters.count("healthFaults", fault),
        observerFault: (error) => counters.count("observerFaults", error),
        replaced: (error) => this.#run.onFailure(error),
      },
    });
  }

  #newServices(): ClusterServices {
    const { options, timing, cluster, instanceId, shared, observer, counters, look } = this.#run;
    return new ClusterServices({
      store: shared.store,
      storePath: options.storePath,
      cluster,
      instanceId,
      incarnation: this.beat.incarnation,
      timing,
      random: options.random ?? Math.random,
      limits: resolveServiceOptions(options),
      term: () => this.election.term,
      members: async () => describeMembers(await look(timing.attemptTimeoutMs), observer),
      standingMs: () => this.beat.standing.leftMs(),
      announce: () => shared.pulse.beat(this.beat),
      failed: (error) => counters.noteFault(error),
    });
  }

  /** Stands for election for as long as the node runs, and holds office whenever it wins. */
  async #lead(signal: AbortSignal, opened: () => void): Promise<void> {
    const { options, shared, timing, counters, onFailure } = this.#run;
    const { clock } = shared.store;
    while (!signal.aborted) {
      try {
        for await (const term of this.election.terms({ signal })) {
          await holdOffice({
            term,
            duty: this.#newDuty(term),
            pulse: shared.pulse,
            work: options.recoveryOrchestrator,
            services: this.services,
            counters,
            signal,
            opened,
          });
        }
      } catch (error) {
        counters.noteFault(error);
        if (isHandleClosed(error)) return onFailure(error as Error);
        await clock.sleep(timing.leaseMs, { signal }).catch(() => {});
      }
    }
  }

  #newDuty(term: Term): ConsensusDuty {
    const { options, timing, keys, shared, observer, counters, look } = this.#run;
    const { quorumThreshold = 0.5, expectedMembers } = options;
    return new ConsensusDuty({
      ...timing,
      term,
      keys,
      store: shared.store,
      observer,
      look,
      quorumThreshold,
      expectedMembers,
      events: {
        malformedVote: () => counters.count("malformedVotes"),
        decided: () => counters.count("consensusDecisions"),
        evicted: (instanceId) => coordinationLogger.warn("Evicted {instanceId}", { instanceId }),
        failed: (error) => counters.noteError(error),
      },
    });
  }

  /**
   * Looks at the cluster once an interval: to know the members should this node come to lead, and to
   * take on what was decided. A leader looks when it decides; in large clusters others look less.
   */
  async #follow(signal: AbortSignal): Promise<void> {
    const { options, look, apply, shared: { store: { clock } }, timing, counters } = this.#run;
    let intervals = 1;
    while (!signal.aborted) {
      await clock.sleep(timing.heartbeatMs * intervals, { signal }).catch(() => {});
      const isIdle = this.election.term !== null && !options.fallbackManager;
      if (isIdle || signal.aborted) continue;
      try {
        const snapshot = await look(timing.attemptTimeoutMs);
        intervals = Math.ceil(snapshot.members.length / MEMBERS_PER_LOOK) || 1;
        await apply(snapshot);
      } catch (error) {
        counters.noteFault(error);
      }
    }
  }
}

/** Followers of a cluster this large look at every interval, of one twice as large at every other. */
const MEMBERS_PER_LOOK = 500;
