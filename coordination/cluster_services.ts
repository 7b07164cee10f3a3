import type { Clock } from "../clock.ts";
import { Ballots } from "./ballots/ballots.ts";
import type { CoordinatorTiming } from "./coordinator_options.ts";
import { isHandleClosed, type KvStore } from "./kv_store.ts";
import type { NodeInfo } from "./node_info.ts";
import type { Term } from "./term.ts";
import { WorkQueue } from "./work/work_queue.ts";
import type { WorkLimitsOptions } from "./work/work_queue_options.ts";

/** What {@link ClusterServices} are made of. */
export interface ClusterServicesOptions {
  /** The port. */
  readonly store: KvStore;
  /** Path or URL of the store; undefined when unknown. */
  readonly storePath: string | undefined;
  /** The cluster's name. */
  readonly cluster: string;
  /** The node's id. */
  readonly instanceId: string;
  /** Identifies the node's process, as its heartbeat does. */
  readonly incarnation: string;
  /** The timing in force. */
  readonly timing: CoordinatorTiming;
  /** Spreads retries; values in [0, 1). */
  readonly random: () => number;
  /** How much work the cluster holds. */
  readonly workLimits: WorkLimitsOptions | undefined;
  /** How long decided ballots are kept, in ms. */
  readonly ballotRetainMs: number | undefined;
  /** The valid term of this node; null while it does not lead. */
  readonly term: () => Term | null;
  /** Reads the registered members. */
  readonly members: () => Promise<readonly NodeInfo[]>;
  /** Writes this node's heartbeat now. */
  readonly announce: () => Promise<void>;
  /** Told what went wrong while leading. */
  readonly failed: (error: unknown) => void;
}

/** What a node of a cluster offers besides being a member: ballots and work. */
export class ClusterServices implements AsyncDisposable {
  /** The node's part in ballots. */
  readonly ballots: Ballots;
  /** The node's part in work. */
  readonly work: WorkQueue;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #failed: (error: unknown) => void;

  /** @param options The node. */
  constructor(options: ClusterServicesOptions) {
    const { store, storePath, cluster, instanceId, timing, members, ballotRetainMs } = options;
    this.#clock = store.clock;
    this.#intervalMs = timing.heartbeatMs;
    this.#failed = options.failed;
    this.ballots = new Ballots({
      store,
      storePath,
      cluster,
      instanceId,
      attemptTimeoutMs: timing.attemptTimeoutMs,
      pollMs: timing.safetyPollMs,
      members,
      ...(ballotRetainMs !== undefined && { retainMs: ballotRetainMs }),
    });
    this.work = new WorkQueue({
      store,
      storePath,
      cluster,
      instanceId,
      incarnation: () => options.incarnation,
      timing,
      intervalMs: timing.heartbeatMs,
      random: options.random,
      term: options.term,
      members,
      announce: options.announce,
      ...(options.workLimits && { limits: options.workLimits }),
    });
  }

  /**
   * Does what a leader does about them until its term ends.
   *
   * @param term The term under whose fence it is done.
   * @param signal Ends it early.
   */
  async lead(term: Term, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([term.signal, signal]);
    await Promise.all([this.work.desk.run(term, stop), this.#carryBallotsOn(stop)]);
  }

  /** Ends every loop and every wait. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.ballots[Symbol.asyncDispose](), this.work[Symbol.asyncDispose]()]);
  }

  async #carryBallotsOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.ballots.carryOn();
      } catch (error) {
        this.#failed(error);
        if (isHandleClosed(error)) return;
      }
      await this.#clock.sleep(this.#intervalMs, { signal }).catch(() => {});
    }
  }
}
